"""`check --staged` believes nothing that is not staged, and asks the index what is there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.controlled import CLEAR, GOOD, READERS, RECIPIENTS, control_repository, found
from tests.support.repository import Repository
from tests.support.tool import Tool

PLAIN = ("plaintext-key-name", "hieradata/plain.yaml", 1)
BASELINE = (
    "version: 1\naccepted:\n"
    "  - {file: hieradata/plain.yaml, rule: plaintext-key-name, key: 'db::password', reason: mine}\n"
)
POLICY = "version: 1\nclear_text:\n  harmless: ['db::*']\n"
SETTINGS = pytest.mark.parametrize(("name", "text"), [("baseline.yaml", BASELINE), ("policy.yaml", POLICY)])


@pytest.fixture
def repository(tmp_path: Path, home: Callable[[str], Path]) -> Repository:
    """A secret in clear text is staged."""
    made = control_repository(tmp_path / "control", home("alice"))
    made.write("hieradata/plain.yaml", CLEAR)
    made.git("add", "-A")
    return made


def warnings(tool: Tool, repository: Repository, *words: str) -> list[str]:
    told = tool("check", *words, home=repository.home, cwd=repository.root).err.splitlines()
    return [line.removeprefix("eyamlgpg: warning: ") for line in told if "warning: " in line]


@SETTINGS
@pytest.mark.parametrize("is_ignored", [False, True])
def test_a_setting_that_is_not_tracked_allows_nothing_and_is_told(
    tool: Tool, repository: Repository, name: str, text: str, is_ignored: bool
) -> None:
    if is_ignored:
        repository.write(".git/info/exclude", ".eyamlgpg/\n")
    repository.write(f".eyamlgpg/{name}", text)
    assert found(tool, repository, "--staged") == [PLAIN]
    assert warnings(tool, repository, "--staged") == [f".eyamlgpg/{name}: does not count, because it is not staged"]
    repository.git("add", "-f", f".eyamlgpg/{name}")
    assert (found(tool, repository, "--staged"), warnings(tool, repository, "--staged")) == ([], [])


@SETTINGS
def test_a_setting_that_the_commit_takes_away_allows_nothing_though_it_still_stands_there(
    tool: Tool, repository: Repository, name: str, text: str
) -> None:
    repository.write(f".eyamlgpg/{name}", text)
    repository.commit()
    repository.write("hieradata/plain.yaml", f"{CLEAR}a: 1\n")
    repository.git("add", "-A")
    repository.git("rm", "-q", "--cached", f".eyamlgpg/{name}")
    assert found(tool, repository, "--staged") == [PLAIN]
    assert warnings(tool, repository, "--staged") == [f".eyamlgpg/{name}: does not count, because it is not staged"]


def test_a_key_that_is_not_staged_judges_nobody_and_is_told_where_keys_of_the_repository_judge(
    tool: Tool, repository: Repository
) -> None:
    for reader in READERS:
        repository.write(f".eyamlgpg/keys/{reader.fingerprint}.asc", reader.public.decode())
    repository.write("hieradata/plain.yaml", "a: 1\n")
    repository.git("add", "-A")
    path = f".eyamlgpg/keys/{READERS[1].fingerprint}.asc"
    repository.git("rm", "-q", "--cached", path)
    words = ("--staged", "--keyring", "repo")
    assert ("recipient-unknown", "hieradata/hiera-eyaml-gpg.recipients", 2) in found(tool, repository, *words)
    assert warnings(tool, repository, *words) == [f"{path}: does not count, because it is not staged"]
    assert warnings(tool, repository, "--staged") == []


def test_a_list_that_is_not_tracked_is_used_and_told_once_where_readers_were_judged_by_it(
    tool: Tool, repository: Repository
) -> None:
    repository.write(".git/info/exclude", "hiera-eyaml-gpg.recipients\n")
    repository.write("other/hiera-eyaml-gpg.recipients", RECIPIENTS)
    repository.write("unused/hiera-eyaml-gpg.recipients", RECIPIENTS)
    for path in ("other/a.eyaml", "other/b.eyaml"):
        repository.write(path, f"app::pepper: {GOOD}\n")
    repository.git("add", "other", "-f", "--", ":!other/hiera-eyaml-gpg.recipients")
    assert found(tool, repository, "--staged") == [PLAIN]
    assert warnings(tool, repository, "--staged") == [
        "other/hiera-eyaml-gpg.recipients: is not tracked by git, so others have another list of readers, or none"
    ]


def test_what_is_staged_may_be_gone_from_the_working_tree(tool: Tool, repository: Repository) -> None:
    for path in (repository.root / "hieradata").iterdir():
        path.unlink()
    (repository.root / "hieradata").rmdir()
    assert found(tool, repository, "--staged", "hieradata/plain.yaml") == [PLAIN]
    assert found(tool, repository, "--staged", "hieradata") == [PLAIN]
    repository.git("rm", "-q", "--cached", "hieradata/common.eyaml")
    assert found(tool, repository, "--staged", "hieradata/common.eyaml") == []


@pytest.mark.parametrize("words", [("--staged", "none.eyaml"), ("--staged", "none/none"), ("hieradata/none.eyaml",)])
def test_what_is_nowhere_is_an_error(tool: Tool, repository: Repository, words: tuple[str, ...]) -> None:
    ran = tool("check", *words, home=repository.home, cwd=repository.root)
    assert (ran.status, ran.err) == (3, f"eyamlgpg: {words[-1]}: there is no such file or folder\n")


def test_a_link_is_named_by_its_own_name_though_it_is_gone_or_leads_elsewhere(
    tool: Tool, repository: Repository
) -> None:
    repository.write("data/web", CLEAR)
    link = repository.root / "hieradata/web.eyaml"
    link.symlink_to("../data/web")
    repository.commit()
    repository.write("data/other", CLEAR)
    link.unlink()
    link.symlink_to("../data/other")
    repository.git("add", "-A")
    wanted = [("plaintext-key-name", "data/other", 1)]
    assert found(tool, repository, "--staged", "hieradata/web.eyaml") == wanted
    link.unlink()
    assert found(tool, repository, "--staged", "hieradata/web.eyaml") == wanted
