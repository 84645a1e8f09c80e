"""`eyamlgpg git install`, `status` and `uninstall`, and what real git does afterwards."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from eyamlgpg.repo.drivers import settings
from tests.support import keyrings
from tests.support.repository import Repository, start
from tests.support.tool import Ran, Tool

LIST = "hiera-eyaml-gpg.recipients"
LINES = (
    "# eyamlgpg: `eyamlgpg git uninstall` takes these lines away\n"
    "*.eyaml diff=eyamlgpg merge=eyamlgpg\n"
    "hiera-eyaml-gpg.recipients merge=eyamlgpg-recipients\n"
)
NAMES = tuple(settings("python"))


@pytest.fixture(autouse=True)
def nobodys_git(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def repository(tmp_path: Path, home: Callable[[str], Path]) -> Repository:
    """One value that Alice reads, in two versions, in a folder whose name a shell would take to pieces."""
    made = start(tmp_path / 'it\'s "my" $HOME 100%', home("alice"))
    made.write(LIST, f"# Alice\n{keyrings.known('alice').fingerprint}\n")
    for value in ("old secret", "new secret"):
        made.write("a.eyaml", f"---\nkey: DEC::GPG[{value}]!\n")
        assert run(made, "encrypt", "-i", "-e", "a.eyaml").status == 0
        made.commit()
    return made


def run(repository: Repository, *words: str, stdin: bytes = b"", cwd: Path | None = None) -> Ran:
    return Tool()(*words, home=repository.home, cwd=cwd or repository.root, stdin=stdin)


def test_install_writes_the_lines_and_the_settings_once_and_uninstall_takes_exactly_these_away(
    repository: Repository,
) -> None:
    repository.write(".gitattributes", "* text=auto\n")
    config = repository.root / ".git/config"
    before = config.read_bytes()
    assert run(repository, "git", "status").status == 1
    for _ in range(2):
        ran = run(repository, "git", "install")
        assert ran.status == 0, ran.err
        assert (repository.root / ".gitattributes").read_text() == LINES + "\n* text=auto\n"
        own = repository.git("config", "--local", "--name-only", "--get-regexp", "eyamlgpg").split()
        assert own == list(NAMES)
    assert run(repository, "git", "status").status == 0
    assert run(repository, "git", "uninstall").status == 0
    assert (repository.root / ".gitattributes").read_text() == "* text=auto\n"
    assert config.read_bytes() == before


def test_a_file_that_install_made_goes_with_uninstall(repository: Repository) -> None:
    run(repository, "git", "install")
    run(repository, "git", "uninstall")
    assert repository.git("status", "--porcelain") == ""


def test_a_difference_shows_plaintexts_from_any_folder_and_worktree(repository: Repository, tmp_path: Path) -> None:
    run(repository, "git", "install")
    repository.commit()
    repository.git("worktree", "add", "-q", "-b", "other", str(tmp_path / "other tree"))
    below = repository.root / "below"
    below.mkdir()
    for folder in (repository.root, below, tmp_path / "other tree"):
        shown = Repository(folder, repository.home).git("log", "-p")
        assert "-key: DEC::GPG[old secret]!\n+key: DEC::GPG[new secret]!" in shown
        assert "ENC[" not in shown
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(repository.root), str(bare)], check=True)
    shutil.copy(repository.root / ".git/config", bare / "config")
    (bare / "info/attributes").write_text("*.eyaml diff=eyamlgpg\n")
    shown = Repository(tmp_path, repository.home).git("--git-dir", str(bare), "-c", "core.bare=true", "log", "-p")
    assert "+key: DEC::GPG[new secret]!" in shown


def test_a_value_that_was_only_encrypted_anew_stands_in_no_difference_to_its_readers(
    repository: Repository, home: Callable[[str], Path]
) -> None:
    run(repository, "git", "install")
    repository.write("a.eyaml", "---\nkey: DEC::GPG[new secret]!\n")
    run(repository, "encrypt", "-i", "-e", "a.eyaml")
    assert "+key: ENC[" in repository.git("diff", "--no-textconv", "a.eyaml")
    assert "@@" not in repository.git("diff", "a.eyaml")
    # Whoever cannot read it cannot tell either, and would rather see too much.
    assert re.search(
        r"^\+key: ENC\[GPG, ", Repository(repository.root, home("bob")).git("diff", "a.eyaml"), re.MULTILINE
    )


def test_a_submodule_has_a_configuration_of_its_own(repository: Repository, tmp_path: Path) -> None:
    outer = start(tmp_path / "outer", repository.home)
    outer.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(repository.root), "inner part")
    inner = Repository(outer.root / "inner part", repository.home)
    assert run(inner, "git", "install").status == 0
    assert "+key: DEC::GPG[new secret]!" in inner.git("log", "-p")
    assert outer.tried("config", "diff.eyamlgpg.textconv").returncode == 1


def test_a_fresh_clone_has_the_lines_and_is_told_the_command(repository: Repository, tmp_path: Path) -> None:
    run(repository, "git", "install")
    repository.commit()
    repository.git("clone", "-q", ".", str(tmp_path / "clone"))
    ran = run(Repository(tmp_path / "clone", repository.home), "git", "status")
    assert ran.status == 1
    assert "*.eyaml diff=eyamlgpg merge=eyamlgpg: in place\n" in ran.text
    assert "diff.eyamlgpg.textconv: not set\n" in ran.text
    assert "this clone does not know it yet: run eyamlgpg git install" in ran.err


def test_status_as_json(repository: Repository) -> None:
    run(repository, "git", "install")
    repository.git("config", "diff.eyamlgpg.cachetextconv", "true")
    ran = run(repository, "git", "status", "--format", "json")
    told = json.loads(ran.out)
    assert (ran.status, told["schema_version"], told["in_place"]) == (1, 1, False)
    assert {one["state"] for one in told["attributes"]} == {"in-place"}
    assert {"name": "diff.eyamlgpg.cachetextconv", "state": "cached"} in told["settings"]
    assert "git would store plaintext" in ran.err


@pytest.mark.parametrize("own", ["*.eyaml diff=foo", "a.eyaml diff=foo", "*.eyaml -diff", "*.eyaml merge=union"])
def test_an_attribute_of_the_users_own_has_its_way_and_is_told(repository: Repository, own: str) -> None:
    repository.write(".gitattributes", f"{own}\n")
    ran = run(repository, "git", "install")
    assert (repository.root / ".gitattributes").read_text() == f"{LINES}\n{own}\n"
    attribute = own.split()[1]
    assert f"a.eyaml: {attribute} of your own decides, by .gitattributes:5\n" in ran.text


@pytest.mark.parametrize(
    ("file", "text", "attribute", "line"),
    [
        ("sub/.gitattributes", "# ours\n*.yaml -diff\n*.eyaml -diff\n", "-diff", 3),
        ("sub/.gitattributes", "*.eyaml merge=union\n/b.eyaml text\n", "merge=union", 1),
        ("sub/.gitattributes", "*.eyaml !diff\n", "!diff", 1),
        ("sub/.gitattributes", '*.eyaml diff\n"b.e\\x79aml" diff=x\nb.* binary\n', "-merge", 3),
        (".gitattributes", "[attr]dull -diff\n*.eyaml diff=eyamlgpg\nsub/** dull\n", "-diff", 3),
        (".git/info/attributes", "sub/b.eyaml diff=java\n", "diff=java", 1),
    ],
)
def test_a_line_that_takes_a_file_away_is_named_with_status_1(
    repository: Repository, file: str, text: str, attribute: str, line: int
) -> None:
    repository.write("sub/b.eyaml", (repository.root / "a.eyaml").read_text())
    assert run(repository, "git", "install").status == 0
    path = repository.root / file
    before = path.read_text() if path.exists() else ""
    path.parent.mkdir(exist_ok=True)
    path.write_text(before + text)
    ran = run(repository, "git", "status")
    place = f"{file}:{line + before.count(chr(10))}"
    assert ran.status == 1
    assert f"sub/b.eyaml: {attribute} of your own decides, by {place}\n" in ran.text
    assert "without eyamlgpg: take the line away" in ran.err
    assert "a.eyaml: " not in ran.text.replace("sub/b.eyaml: ", "")
    told = json.loads(run(repository, "git", "status", "--format", "json").out)
    assert told["in_place"] is False
    assert place in {one["decided_by"] for one in told["others"]}


def test_a_setting_of_somebody_elses_is_refused_and_nothing_is_written(repository: Repository) -> None:
    repository.git("config", "merge.eyamlgpg.driver", "mine %A")
    ran = run(repository, "git", "install")
    assert ran.status == 3
    assert "git's setting merge.eyamlgpg.driver is not ours" in ran.err
    assert not (repository.root / ".gitattributes").exists()
    ran = run(repository, "git", "uninstall")
    assert ran.status == 1
    assert repository.git("config", "merge.eyamlgpg.driver") == "mine %A\n"


def test_files_of_yaml_that_hold_values_are_asked_about(repository: Repository) -> None:
    value = (repository.root / "a.eyaml").read_text()
    for name in ("all/one.yaml", "all/two.yaml", "some/with [x] space.yaml"):
        repository.write(name, value)
    repository.write("some/plain.yaml", "a: 1\n")
    repository.commit()
    assert run(repository, "git", "install").status == 3
    assert not (repository.root / ".gitattributes").exists()
    ran = run(repository, "git", "install", stdin=b"y\n")
    assert ran.status == 0, ran.err
    text = (repository.root / ".gitattributes").read_text()
    assert "/all/*.yaml diff=eyamlgpg merge=eyamlgpg\n" in text
    told = repository.git("check-attr", "diff", "--", "all/one.yaml", "some/with [x] space.yaml", "some/plain.yaml")
    assert [line.rpartition(": ")[2] for line in told.splitlines()] == ["eyamlgpg", "eyamlgpg", "unspecified"]
    assert run(repository, "git", "install").status == 0
    assert (repository.root / ".gitattributes").read_text() == text
    run(repository, "git", "uninstall")
    assert not (repository.root / ".gitattributes").exists()


def test_without_eyamlgpg_a_difference_fails_and_a_merge_loses_nothing(repository: Repository, tmp_path: Path) -> None:
    run(repository, "git", "install")
    gone = settings(str(tmp_path / "gone" / "100%" / "python"))
    for name in NAMES:
        repository.git("config", name, gone[name])
    repository.commit(a_eyaml="one: 1\ntwo: 2\nthree: 3\n")
    repository.git("checkout", "-qb", "theirs")
    repository.commit(a_eyaml="one: theirs\ntwo: 2\nthree: 3\n")
    repository.git("checkout", "-q", "-")
    repository.commit(a_eyaml="one: 1\ntwo: 2\nthree: ours\n")
    path = f"{Path(shutil.which('git') or '').parent}:/bin"
    environ = {**repository.environ, "PATH": path}
    ran = subprocess.run(["git", "log", "-p"], cwd=repository.root, env=environ, capture_output=True, check=False)
    assert ran.returncode != 0
    assert b"it is no longer where it was when git was told of it" in ran.stderr
    ran = subprocess.run(["git", "merge", "theirs"], cwd=repository.root, env=environ, capture_output=True, check=False)
    assert ran.returncode == 1
    assert b"it is no longer where it was when git was told of it" in ran.stderr
    assert (repository.root / "a.eyaml").read_text() == "one: theirs\ntwo: 2\nthree: ours\n"
    assert repository.git("status", "--porcelain") == "UU a.eyaml\n"


@pytest.mark.parametrize("status", [2, 3, 70, 137])
@pytest.mark.parametrize("is_on_path", [False, True])
def test_where_eyamlgpg_fails_as_a_whole_a_merge_loses_nothing(
    repository: Repository, tmp_path: Path, status: int, is_on_path: bool
) -> None:
    """An older one without the command, one that finds no folder for its files, one that is in pieces or was killed."""
    run(repository, "git", "install")
    (tmp_path / "bin").mkdir()
    for name in ("python", "eyamlgpg"):
        program = tmp_path / "bin" / name
        program.write_text(f'#!/bin/sh\ncase "$2" in -c) exit {int(is_on_path)};; esac\nexit {status}\n')
        program.chmod(0o755)
    driver = "merge.eyamlgpg.driver"
    repository.git("config", driver, settings(str(tmp_path / "bin" / "python"))[driver])
    repository.commit(a_eyaml="one: 1\n")
    repository.git("checkout", "-qb", "theirs")
    repository.commit(a_eyaml="one: theirs\n")
    repository.git("checkout", "-q", "-")
    repository.commit(a_eyaml="one: ours\n")
    environ = {**repository.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
    ran = subprocess.run(["git", "merge", "theirs"], cwd=repository.root, env=environ, capture_output=True, check=False)
    text = (repository.root / "a.eyaml").read_text()
    assert (ran.returncode, "one: ours\n=======\none: theirs\n" in text) == (1, True), ran.stderr


def test_outside_of_a_repository_and_for_a_link_it_says_so(repository: Repository, tmp_path: Path) -> None:
    assert "is in no git repository" in Tool()("git", "install", cwd=tmp_path).err
    (repository.root / ".gitattributes").symlink_to("elsewhere")
    ran = run(repository, "git", "install")
    assert (ran.status, "which git does not read" in ran.err) == (3, True)


def test_the_interpreter_is_the_one_that_eyamlgpg_is_in(repository: Repository) -> None:
    run(repository, "git", "install")
    assert repository.git("config", "diff.eyamlgpg.textconv").rstrip("\n") == settings(sys.executable)[NAMES[0]]
    repository.git("config", "diff.eyamlgpg.textconv", settings("/old/python")[NAMES[0]])
    assert "diff.eyamlgpg.textconv: set for another eyamlgpg\n" in run(repository, "git", "status").text
    assert run(repository, "git", "install").status == 0
