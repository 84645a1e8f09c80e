"""What a change bears upon: a staged key, policy or baseline brings in the files that it says something about."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.controlled import CLEAR, GOOD, READERS, control_repository, found
from tests.support.repository import Repository, start
from tests.support.tool import Tool

EITHER = pytest.mark.parametrize("words", [("--staged",), (".eyamlgpg/baseline.yaml",)])
PLAIN = ("plaintext-key-name", "hieradata/plain.yaml", 1)


@pytest.fixture
def repository(tmp_path: Path, home: Callable[[str], Path]) -> Repository:
    return control_repository(tmp_path / "control", home("alice"))


@pytest.fixture
def keyed(repository: Repository) -> Repository:
    """The keys of all readers are in the repository."""
    for reader in READERS:
        repository.write(f".eyamlgpg/keys/{reader.fingerprint}.asc", reader.public.decode())
    repository.commit()
    return repository


@pytest.fixture
def accepted(tool: Tool, repository: Repository) -> Repository:
    """Two findings are in the baseline."""
    repository.write("hieradata/plain.yaml", CLEAR)
    repository.write("hieradata/other.yaml", CLEAR)
    assert tool("check", "--update-baseline", home=repository.home, cwd=repository.root).status == 0
    repository.commit()
    return repository


@pytest.mark.parametrize("named", [False, True])
def test_a_key_of_the_repository_bears_upon_all_that_is_governed(
    tool: Tool, keyed: Repository, fresh_home: Path, named: bool
) -> None:
    path = f".eyamlgpg/keys/{READERS[1].fingerprint}.asc"
    words = ("--keyring", "repo", *(("--staged", ".eyamlgpg") if named else ("--staged",)))
    keyed.write("elsewhere/notes.yaml", "a: b\n")
    assert found(tool, keyed, *words) == []
    keyed.git("rm", "-q", path)
    assert found(tool, keyed, *words) == [("recipient-unknown", "hieradata/hiera-eyaml-gpg.recipients", 2)]
    assert "2 files, 1 encrypted value" in tool("check", *words, home=fresh_home, cwd=keyed.root).err


def test_with_a_keyring_of_ones_own_the_keys_of_the_repository_say_nothing(tool: Tool, keyed: Repository) -> None:
    keyed.git("rm", "-q", f".eyamlgpg/keys/{READERS[1].fingerprint}.asc")
    ran = tool("check", "--staged", home=keyed.home, cwd=keyed.root)
    assert (ran.status, ran.err) == (0, "eyamlgpg: 0 files, 0 encrypted values: nothing found\n")


@EITHER
def test_an_entry_that_goes_out_of_the_baseline_brings_its_file_in(
    tool: Tool, accepted: Repository, words: tuple[str, ...]
) -> None:
    path = accepted.root / ".eyamlgpg/baseline.yaml"
    head, other, plain = path.read_text().split("  - ")
    path.write_text(f"{head}  - {other}")
    accepted.git("add", "-A")
    assert found(tool, accepted, *words) == [PLAIN]
    path.write_text(f"{head}  - {other}  - {plain.replace('db::password', 'db::user')}")
    accepted.git("add", "-A")
    assert found(tool, accepted, *words) == [PLAIN, ("exception-stale", ".eyamlgpg/baseline.yaml", 8)]


@EITHER
def test_a_baseline_that_goes_brings_in_every_file_that_it_had(
    tool: Tool, accepted: Repository, words: tuple[str, ...]
) -> None:
    (accepted.root / ".eyamlgpg/baseline.yaml").write_text("version: 1\naccepted: []\n")
    accepted.git("add", "-A")
    both = [("plaintext-key-name", "hieradata/other.yaml", 1), PLAIN]
    assert found(tool, accepted, *words) == both
    accepted.git("rm", "-qf", ".eyamlgpg/baseline.yaml")
    assert found(tool, accepted, "--staged") == both


def test_a_new_reason_or_another_baseline_brings_nothing_in(tool: Tool, accepted: Repository) -> None:
    path = accepted.root / ".eyamlgpg/baseline.yaml"
    path.write_text(path.read_text().replace("was there when", "is public since"))
    accepted.git("add", "-A")
    ran = tool("check", "--staged", home=accepted.home, cwd=accepted.root)
    assert (ran.status, ran.err) == (0, "eyamlgpg: 0 files, 0 encrypted values: nothing found\n")
    mine = accepted.write("mine.yaml", "version: 1\naccepted: []\n")
    path.write_text("version: 1\naccepted: []\n")
    accepted.git("add", "-A")
    assert found(tool, accepted, "--staged", "--baseline", str(mine)) == []


def test_a_baseline_that_was_broken_brings_in_all_that_it_accepts_now(tool: Tool, accepted: Repository) -> None:
    path = accepted.root / ".eyamlgpg/baseline.yaml"
    good = path.read_text()
    path.write_text("version: 2\n")
    accepted.commit()
    path.write_text(good)
    accepted.git("add", "-A")
    ran = tool("check", "--staged", home=accepted.home, cwd=accepted.root)
    *named, last = ran.err.splitlines()
    assert (ran.status, last) == (0, "eyamlgpg: 2 files, 0 encrypted values: nothing found, 2 excepted")
    assert [": a new exception: plaintext-key-name in hieradata/" in line for line in named] == [True, True]


def test_a_file_that_goes_leaves_its_entries_stale(tool: Tool, accepted: Repository) -> None:
    accepted.git("rm", "-q", "hieradata/plain.yaml")
    assert found(tool, accepted, "--staged") == [("exception-stale", ".eyamlgpg/baseline.yaml", 8)]
    assert found(tool, accepted, "--staged", "README.md") == []


def test_what_a_named_recipients_file_brings_in_stands_once_in_the_baseline(tool: Tool, accepted: Repository) -> None:
    path = accepted.root / ".eyamlgpg/baseline.yaml"
    before = path.read_text()
    words = ("--update-baseline", "hieradata/hiera-eyaml-gpg.recipients")
    assert tool("check", *words, home=accepted.home, cwd=accepted.root).status == 0
    assert path.read_text() == before


def test_the_root_is_the_whole_tree_and_so_is_no_path_at_all_from_anywhere(tool: Tool, accepted: Repository) -> None:
    accepted.write("hieradata/plain.yaml", "a: 1\n")
    accepted.write("hieradata/other.yaml", "a: 1\n")
    stale = [("exception-stale", ".eyamlgpg/baseline.yaml", line) for line in (4, 8)]
    for folder, words in (("", ()), ("", (".",)), ("hieradata", ()), ("hieradata", ("..",)), ("", (".", "hieradata"))):
        ran = tool("check", "--format", "json", *words, home=accepted.home, cwd=accepted.root / folder)
        told = [(one["rule"], one["path"], one["line"]) for one in json.loads(ran.out)["findings"]]
        assert (words, told) == (words, stale)
    (accepted.root / "empty").mkdir()
    ran = tool("check", ".", home=accepted.home, cwd=accepted.root / "empty")
    assert (ran.status, ran.err) == (0, "eyamlgpg: 0 files, 0 encrypted values: nothing found\n")


def test_a_tier_rule_about_no_path_is_told_for_the_root(tool: Tool, repository: Repository) -> None:
    rules = f"puppetmasters:\n  prod: {READERS[2].fingerprint}\nrules:\n- paths: gone/**\n  never: prod\n"
    repository.write(".eyamlgpg/policy.yaml", f"version: 1\n{rules}")
    assert found(tool, repository, ".") == [("tier-unused", ".eyamlgpg/policy.yaml", 5)]
    assert found(tool, repository, "hieradata") == []


@pytest.mark.parametrize("told", [{}, {"GIT_DIR": ".git"}, {"GIT_DIR": ".git", "GIT_WORK_TREE": "."}])
def test_inside_of_a_hook_another_repository_is_checked_by_its_own_index(
    tool: Tool, repository: Repository, told: dict[str, str]
) -> None:
    other = start(repository.root.parent / "other")
    other.write("a.eyaml", CLEAR)
    other.git("add", "-A")
    other.write("a.eyaml", "fine: true\n")
    environ = {"GIT_INDEX_FILE": f"{repository.root}/.git/index", **told}
    repository.write("hieradata/common.eyaml", f"app::pepper: {GOOD}\n{CLEAR}")
    repository.git("add", "-A")

    def rules(*words: str) -> list[tuple[str, str]]:
        ran = tool("check", "--format", "json", *words, home=repository.home, cwd=repository.root, environ=environ)
        return [(one["rule"], one["path"]) for one in json.loads(ran.out)["findings"]]

    assert rules("--staged", "../other") == [("plaintext-key-name", "a.eyaml")]
    assert rules("../other/a.eyaml") == []
    assert rules("--staged") == [("plaintext-key-name", "hieradata/common.eyaml")]
    assert rules("hieradata") == [("plaintext-key-name", "hieradata/common.eyaml")]
