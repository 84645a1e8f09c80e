"""`rotation` as a user runs it, over values that real keys can read."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.commands import Desk
from tests.support.keyrings import known
from tests.support.repository import Repository, start


@pytest.fixture
def desk(home: Callable[[str], Path], tmp_path: Path) -> Desk:
    """Alice at an empty repository."""
    return Desk(home("alice"), start(tmp_path / "tree").root)


def commit(desk: Desk, **values: str) -> None:
    """One file with these values, committed."""
    desk.write("data/a.eyaml", "".join(f"{key}: {value}\n" for key, value in values.items()))
    Repository(desk.folder).commit()


def sealed(desk: Desk, plaintext: str, *names: str) -> str:
    return desk.values([plaintext], *names)[0]


def statuses(desk: Desk, *words: str) -> dict[str, str]:
    told = json.loads(desk.run("rotation", "bob@example.com", "--all", "--format", "json", *words).stdout)
    return {value["key"]: value["status"] for value in told["values"]}


def test_the_list_ticks_itself_off(desk: Desk, home: Callable[[str], Path]) -> None:
    """Told to Alice, who can compare; a colleague without any secret key cannot."""
    commit(desk, one=sealed(desk, "1", "alice", "bob"), two=sealed(desk, "2", "alice", "bob"))
    told = desk.run("rotation", "bob@example.com")
    assert told.status == 1
    assert told.stderr == (
        "eyamlgpg: warning: Bob Brown <bob@example.com> can still read 2 values: rotation comes after removal\n"
    )
    assert told.stdout.startswith(f"Bob Brown <bob@example.com>\n  {known('bob').fingerprint}\n\ndata/a.eyaml\n")
    commit(desk, one=sealed(desk, "new", "alice"), two=sealed(desk, "2", "alice"))
    assert statuses(desk) == {"one": "changed", "two": "due"}
    assert desk.run("rotation", "bob@example.com").stderr == ""
    stranger = Desk(home("frank-only"), desk.folder)
    told = stranger.run("rotation", known("bob").encryption_key_id, "--format", "json")
    assert told.status == 1
    assert [value["status"] for value in json.loads(told.stdout)["values"]] == ["due", "due"]
    commit(desk, one=sealed(desk, "new", "alice"), two=sealed(desk, "new", "alice"))
    done = desk.run("rotation", "bob@example.com")
    assert (done.status, statuses(desk)) == (0, {"one": "changed", "two": "changed"})
    assert "Nothing is left to change" in done.stdout


def test_a_value_that_recrypt_and_a_rename_went_over_is_due(desk: Desk) -> None:
    """By the tool's own commands: nothing but `set` ends it."""
    desk.governs("data", "alice", "bob")
    commit(desk, k=sealed(desk, "1", "alice", "bob"))
    desk.governs("data", "alice")
    assert desk.run("recrypt", "data").status == 0
    Repository(desk.folder).commit()
    assert statuses(desk) == {"k": "due"}
    assert desk.run("recrypt", "--all", "data").status == 0
    (desk.folder / "data/a.eyaml").rename(desk.folder / "data/b.eyaml")
    Repository(desk.folder).commit()
    assert statuses(desk) == {"k": "due"}
    assert desk.run("set", "data/b.eyaml", "k", "-s", "2").status == 0
    assert statuses(desk) == {"k": "changed"}


def test_a_shallow_clone_is_told_as_incomplete(desk: Desk, tmp_path: Path) -> None:
    commit(desk, k=sealed(desk, "1", "alice", "bob"))
    commit(desk, k=sealed(desk, "2", "alice"))
    Repository(desk.folder).git("clone", "-q", "--depth=1", f"file://{desk.folder}", str(tmp_path / "shallow"))
    told = Desk(desk.home, tmp_path / "shallow").run("rotation", "bob@example.com", "--format", "json")
    assert (told.status, json.loads(told.stdout)["complete"]) == (0, False)
    assert "not complete: this clone is shallow" in told.stderr


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (
            ["nobody@example.com"],
            3,
            "nobody@example.com: no such key on the keyring, in .eyamlgpg/keys or in its history",
        ),
        (["bbo@example.com"], 3, "eyamlgpg:   did you mean bob@example.com?"),
        (["bob@example.com", "--since", "nowhere"], 3, "nowhere: names no commit that a branch or tag reaches"),
        (["bob@example.com", "--since", ""], 3, "an empty revision: names no commit that a branch or tag reaches"),
        (["bob@example.com", "--since", "2026-01-01"], 3, "that day: git rev-list -1 --before=2026-01-01 HEAD"),
        ([""], 3, "``: names nobody, as it has neither letter nor digit"),
        (["bob@example.com", "--format", "xml"], 2, "'xml' is not one of"),
        ([], 2, "Missing argument 'ID'"),
    ],
)
def test_what_cannot_be_answered_is_an_error(desk: Desk, words: list[str], status: int, said: str) -> None:
    commit(desk, k=sealed(desk, "1", "alice"))
    told = desk.run("rotation", *words)
    assert (told.status, told.stdout) == (status, "")
    assert said in told.stderr


def test_a_repository_inside_is_named(desk: Desk) -> None:
    commit(desk, k=sealed(desk, "1", "alice"))
    start(desk.folder / "inside")
    told = desk.run("rotation", "bob@example.com")
    assert "inside: is a repository of its own, which was not looked into" in told.stderr


def test_outside_of_a_repository_there_is_no_history(home: Callable[[str], Path], tmp_path: Path) -> None:
    told = Desk(home("alice"), tmp_path).run("rotation", "bob@example.com")
    assert told.status == 3
    assert "is in no git repository" in told.stderr
