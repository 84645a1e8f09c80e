"""`check` shows each change of readers, on stderr and past the exit status: nothing is wrong with it by itself."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.controlled import READERS, RECIPIENTS, control_repository
from tests.support.keyrings import known
from tests.support.repository import Repository
from tests.support.tool import Tool

NAME = "hieradata/hiera-eyaml-gpg.recipients"


@pytest.fixture
def repository(tmp_path: Path, home: Callable[[str], Path]) -> Repository:
    return control_repository(tmp_path / "control", home("alice"))


def told(tool: Tool, repository: Repository, *words: str) -> list[str]:
    """What stderr says before the summary."""
    ran = tool("check", *words, home=repository.home, cwd=repository.root)
    before, _, _ = ran.err.rpartition(" encrypted value")
    return [line.removeprefix("eyamlgpg: ") for line in before.splitlines()][:-1]


def line(sign: str, name: str) -> str:
    key = known(name)
    return f"  {sign} {key.user_ids[0]} {key.fingerprint}"


@pytest.mark.parametrize("words", [("--staged",), (), ("hieradata",), (NAME,)])
def test_who_came_and_who_went_is_told_with_the_fingerprint(
    tool: Tool, repository: Repository, words: tuple[str, ...]
) -> None:
    bob = known("bob").fingerprint
    repository.write(NAME, RECIPIENTS.replace(f"{bob}\n", f"{known('carol').fingerprint}\nnobody@nowhere.test\n"))
    repository.git("add", "-A")
    assert told(tool, repository, *words) == [
        f"{NAME}: changes who may read:",
        line("+", "carol"),
        "  + nobody@nowhere.test (not on the keyring)",
        line("-", "bob"),
    ]
    assert told(tool, repository, *words, "-q") == []


def test_another_way_to_write_the_same_reader_is_no_change(tool: Tool, repository: Repository) -> None:
    bob = known("bob")
    repository.write(
        NAME, "# who reads\n" + RECIPIENTS.replace(bob.fingerprint, bob.user_ids[0].split("<")[1].rstrip(">"))
    )
    repository.git("add", "-A")
    assert told(tool, repository, "--staged") == []


def test_a_nearer_recipients_file_is_a_change_and_so_is_one_that_is_gone(tool: Tool, repository: Repository) -> None:
    nearer = "hieradata/production/hiera-eyaml-gpg.recipients"
    repository.write(nearer, RECIPIENTS)
    repository.git("add", "-A")
    everybody = [line("{}", name) for name in ("alice", "bob", "puppetmaster-prod")]
    assert told(tool, repository, "--staged") == [
        f"{nearer}: is new, and names:",
        *(one.format("+") for one in everybody),
    ]
    repository.git("commit", "-qm", "nearer")
    assert told(tool, repository) == []
    repository.git("rm", "-q", nearer)
    assert told(tool, repository, "--staged") == [
        f"{nearer}: is gone, and named:",
        *(one.format("-") for one in everybody),
    ]
    assert len(READERS) == len(everybody)


@pytest.mark.parametrize("words", [("--staged",), ()])
def test_a_change_of_the_list_behind_a_link_is_one_of_the_link_and_so_is_another_list(
    tool: Tool, repository: Repository, words: tuple[str, ...]
) -> None:
    linked, bob = "production/hiera-eyaml-gpg.recipients", known("bob").fingerprint
    repository.write("shared/all", RECIPIENTS)
    repository.write("shared/fewer", RECIPIENTS.replace(f"{bob}\n", ""))
    place = repository.write(linked, "")
    place.unlink()
    place.symlink_to("../shared/all")
    repository.commit()
    assert told(tool, repository, *words) == []
    repository.write("shared/all", RECIPIENTS.replace(f"{bob}\n", ""))
    repository.git("add", "-A")
    assert told(tool, repository, *words) == [f"{linked}: changes who may read:", line("-", "bob")]
    repository.git("reset", "-q", "--hard")
    place.unlink()
    place.symlink_to("../shared/fewer")
    repository.git("add", "-A")
    assert told(tool, repository, *words) == [f"{linked}: changes who may read:", line("-", "bob")]


def test_a_new_link_to_a_list_is_a_new_recipients_file(tool: Tool, repository: Repository) -> None:
    place = repository.write("production/hiera-eyaml-gpg.recipients", "")
    place.unlink()
    place.symlink_to("../hieradata/hiera-eyaml-gpg.recipients")
    repository.git("add", "-A")
    assert told(tool, repository, "--staged")[0] == "production/hiera-eyaml-gpg.recipients: is new, and names:"
