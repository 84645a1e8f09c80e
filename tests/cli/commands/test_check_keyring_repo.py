"""`check --keyring repo`: the keys of `.eyamlgpg/keys` are all that is asked, and all that is needed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.controlled import READERS, control_repository
from tests.support.keyrings import known
from tests.support.repository import Repository, start
from tests.support.tool import Ran, Tool

BOB = READERS[1].fingerprint
REPO = ("check", "--keyring", "repo")


@pytest.fixture
def repository(tmp_path: Path, home: Callable[[str], Path]) -> Repository:
    made = control_repository(tmp_path / "control", home("alice"))
    for reader in READERS:
        made.write(f".eyamlgpg/keys/{reader.fingerprint}.asc", reader.public.decode())
    return made


def findings(ran: Ran) -> list[tuple[str, str, str]]:
    return [(one["rule"], one["message"], one["hint"]) for one in json.loads(ran.out)["findings"]]


def test_the_keys_of_the_repository_alone_are_enough(tool: Tool, repository: Repository, fresh_home: Path) -> None:
    ran = tool(*REPO, home=fresh_home, cwd=repository.root)
    assert (ran.status, ran.out) == (0, b"")
    assert ran.err == (
        "eyamlgpg: readers are judged by the 3 keys of .eyamlgpg/keys alone; validity is not judged\n"
        "eyamlgpg: 2 files, 1 encrypted value: nothing found\n"
    )


def test_a_key_that_is_missing_there_is_told_with_the_way_to_put_it_there(
    tool: Tool, repository: Repository, fresh_home: Path
) -> None:
    (repository.root / f".eyamlgpg/keys/{BOB}.asc").unlink()
    [recipient] = findings(tool(*REPO, "--format", "json", home=fresh_home, cwd=repository.root))
    assert recipient == (
        "recipient-unknown",
        f"{BOB}: no such key in .eyamlgpg/keys",
        "put it there: eyamlgpg keys export ID, and commit it",
    )


def test_no_key_at_all_is_an_error_where_one_is_needed(tool: Tool, repository: Repository, tmp_path: Path) -> None:
    for reader in READERS:
        (repository.root / f".eyamlgpg/keys/{reader.fingerprint}.asc").unlink()
    ran = tool(*REPO, cwd=repository.root)
    assert (ran.status, ran.err.count("eyamlgpg: --keyring repo: there is no key in .eyamlgpg/keys\n")) == (3, 1)
    bare = start(tmp_path / "bare")
    bare.write("a.eyaml", "a: 1\n")
    assert tool(*REPO, cwd=bare.root).status == 0


def test_a_key_under_a_wrong_name_is_an_error(tool: Tool, repository: Repository) -> None:
    repository.write(f".eyamlgpg/keys/{BOB}.asc", known("malice").public.decode())
    ran = tool(*REPO, cwd=repository.root)
    assert ran.status == 3
    assert "which its name does not say" in ran.err


def test_what_is_no_key_by_its_name_is_told(tool: Tool, repository: Repository) -> None:
    repository.write(".eyamlgpg/keys/bob.gpg", "what?\n")
    ran = tool(*REPO, cwd=repository.root)
    assert (ran.status, ran.err.splitlines()[0]) == (
        0,
        "eyamlgpg: warning: .eyamlgpg/keys/bob.gpg: is no FINGERPRINT.asc, and was passed over",
    )


@pytest.mark.parametrize("words", [(), ("--staged",)])
def test_a_link_among_the_keys_is_not_followed(tool: Tool, repository: Repository, words: tuple[str, ...]) -> None:
    key = repository.root / f".eyamlgpg/keys/{BOB}.asc"
    key.rename(repository.root / "bob.asc")
    key.symlink_to("../../bob.asc")
    repository.git("add", "-A")
    ran = tool(*REPO, *words, cwd=repository.root)
    assert ran.status == 3
    assert f".eyamlgpg/keys/{BOB}.asc: is a symbolic link, which is not followed here" in ran.err
