"""`diff` as a user runs it, with real git and real gpg: with a key, without one, and for a pull request."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import Desk, Ran
from tests.support.keyrings import known
from tests.support.repository import Repository, start

ALICE, CAROL, MASTER = (known(name).fingerprint for name in ("alice", "carol", "puppetmaster-prod"))
LIST = "data/hiera-eyaml-gpg.recipients"


@dataclass
class Team:
    """Alice's desk at a repository whose values are for her and Carol, and Bob's, who can read none of them."""

    desk: Desk
    other: Desk
    repository: Repository
    tokens: list[str]

    def run(self, *words: str) -> Ran:
        return self.desk.run("diff", *words)

    def told(self, *words: str, desk: Desk | None = None) -> Any:
        """The JSON report."""
        ran = (desk or self.desk).run("diff", *words, "--format", "json")
        assert (ran.status, ran.stderr) == (0, "")
        return json.loads(ran.stdout)

    def kinds(self, *words: str, desk: Desk | None = None) -> dict[str, str]:
        return {change["key"]: change["kind"] for change in self.told(*words, desk=desk)["changes"]}


def make(home: Callable[[str], Path], folder: Path) -> Team:
    desk = Desk(home("alice"), folder)
    repository = start(desk.folder)
    desk.governs("data", "alice", "carol")
    made = desk.values(["one", "two", "three"], "alice", "carol")
    desk.write("data/a.eyaml", "---\na: {}\nb: {}\nc: {}\nplain: text\n".format(*made))
    repository.commit()
    return Team(desk, Desk(home("bob"), desk.folder), repository, made)


@pytest.fixture
def team(home: Callable[[str], Path], tmp_path: Path) -> Team:
    return make(home, tmp_path / "tree")


@pytest.fixture(scope="module")
def grown(home: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Team:
    """A tree with a branch beside, whose index and working tree differ from the last commit; nobody changes it."""
    team = make(home, tmp_path_factory.mktemp("grown") / "tree")
    _, two, three = team.tokens
    team.repository.git("tag", "first")
    team.repository.git("checkout", "-qb", "side")
    [new] = team.desk.values(["x"], "alice")
    team.desk.write("other/x.eyaml", f"x: {new}\n")
    team.repository.commit()
    team.repository.git("checkout", "-q", "main")
    team.desk.write("other/readme.txt", "text\n")
    team.desk.write("data/a.eyaml", f"---\nb: {two}\nc: {three}\nplain: text\n")
    team.repository.commit()
    team.desk.write("data/a.eyaml", f"---\nc: {three}\nplain: text\n")
    team.repository.git("add", "-A")
    team.desk.write("data/a.eyaml", "---\nplain: text\n")
    return team


def test_each_kind_by_somebody_who_can_read(team: Team) -> None:
    one, two, _ = team.tokens
    other, again, new = team.desk.values(["other", "two", "new"], "alice", "carol")
    [wider] = team.desk.values(["three"], "alice", "puppetmaster-prod")
    team.desk.write("data/a.eyaml", f"---\na: {other}\nb: {again}\nc: {wider}\nd: {new}\nplain: text\n")
    told = team.told()
    assert [(change["key"], change["kind"], change["same_value"], change["line"]) for change in told["changes"]] == [
        ("a", "changed", False, 2),
        ("d", "added", None, 5),
        ("c", "readers", True, 4),
        ("b", "re-encrypted", True, 3),
    ]
    readers = {change["key"]: (change["added_readers"], change["removed_readers"]) for change in told["changes"]}
    assert readers == {"a": ([], []), "b": ([], []), "c": ([MASTER], [CAROL]), "d": ([ALICE, CAROL], [])}
    assert told["texts"] == []
    team.desk.write("data/a.eyaml", f"---\na: {one}\nmoved: {two}\nanew: {wider}\nplain: text\n")
    moved = [(one["key"], one["kind"], one["from_key"], one["same_value"]) for one in team.told()["changes"]]
    assert moved == [("moved", "moved", "b", True), ("anew", "moved", "c", True)]


def test_without_a_key_only_the_data_packet_tells(team: Team) -> None:
    """`recrypt` keeps the data packet of a value that gets a reader more, so nothing needs to be opened."""
    assert team.desk.run("recipients", "add", MASTER, "--at", "data", "--gpg-always-trust").status == 0
    [other] = team.desk.values(["other"], "alice", "carol", "puppetmaster-prod")
    text = (team.desk.folder / "data/a.eyaml").read_text().splitlines()
    team.desk.write("data/a.eyaml", "\n".join(["---", f"a: {other}", *text[2:]]) + "\n")
    told = team.told(desk=team.other)
    assert [(one["key"], one["kind"], one["same_value"], one["because"]) for one in told["changes"]] == [
        ("a", "changed or re-encrypted", None, LIST),
        ("b", "readers", True, LIST),
        ("c", "readers", True, LIST),
    ]
    [change] = told["recipients"]
    assert [one["fingerprint"] for one in change["added"]] == [MASTER]
    shown = team.run().stdout
    assert (
        shown.index("hiera-eyaml-gpg.recipients")
        < shown.index("2 values re-encrypted for it")
        < shown.index("changed: a")
    )
    assert team.kinds()["a"] == "changed"
    assert "1 value changed or re-encrypted for it: no key here tells which" in team.other.run("diff").stdout


def test_many_values_of_which_the_same_is_to_be_said_are_told_together(team: Team) -> None:
    """Nobody changed a list, so nothing explains them; a line for each would hide what else changed."""
    for readers in (["alice", "carol"], ["alice"]):
        values = team.desk.values(["x"] * 13, *readers)
        team.desk.write("data/b.eyaml", "".join(f"k{n}: {value}\n" for n, value in enumerate(values)))
        team.repository.git("add", "-A")
        if len(readers) == 2:
            team.repository.commit()
    text = team.run("--staged").stdout
    assert "13 values: readers\n  - Carol Chen\n    data/b.eyaml (13)\n" in text
    assert "k12" not in text
    assert "13 values: readers" in team.run("--staged", "--format", "markdown").stdout


def test_a_secret_that_came_into_the_open_is_named_first_and_not_shown(team: Team) -> None:
    one, two, three = team.tokens
    team.desk.write("data/a.eyaml", f"---\na: hunter2-secret\nb: {two}\nc: {three}\nplain: other\n")
    for words in ((), ("--format", "markdown"), ("--format", "json")):
        ran = team.run(*words)
        assert ran.status == 0
        assert "hunter2-secret" not in ran.stdout + ran.stderr
    assert "1 value now IN CLEAR TEXT" in team.run().stdout
    assert "**IN CLEAR TEXT**" in team.run("--format", "markdown").stdout
    told = team.told()
    assert [(one["key"], one["kind"]) for one in told["changes"]] == [("a", "decrypted")]
    assert told["texts"] == [{"path": "data/a.eyaml", "added": 1, "removed": 1}]
    team.repository.commit()
    team.desk.write("data/a.eyaml", f"---\na: {one}\nb: {two}\nc: {three}\nplain: other\n")
    assert team.kinds() == {"a": "encrypted"}


def test_plaintexts_are_shown_in_a_pipe_only_to_who_asks_twice(team: Team) -> None:
    _, two, three = team.tokens
    [other] = team.desk.values(["line\x1b[31m"], "alice")
    team.desk.write("data/a.eyaml", f"---\na: {other}\nb: {two}\nc: {three}\nplain: text\n")
    refused = team.run("--show")
    assert (refused.status, refused.stdout) == (2, "")
    assert "--show --show" in refused.stderr
    shown = team.run("--show", "--show").stdout
    assert "      - = one\n      + = line\\x1b[31m\n" in shown
    [change] = team.told("--show", "--show")["changes"]
    assert (change["old"], change["new"]) == ("one", "line\x1b[31m")
    assert team.run("--show", "--show", "--format", "markdown").status == 2


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ((), {"c": "removed"}),
        (("--staged",), {"b": "removed"}),
        (("HEAD",), {"b": "removed", "c": "removed"}),
        (("first..HEAD",), {"a": "removed"}),
        (("first..",), {"a": "removed"}),
        (("--staged", "first"), {"a": "removed", "b": "removed"}),
        (("HEAD...side",), {"x": "added"}),
        (("HEAD", "data"), {"b": "removed", "c": "removed"}),
        (("HEAD", "other"), {}),
    ],
)
def test_the_moments_are_those_of_git_diff(grown: Team, words: tuple[str, ...], found: dict[str, str]) -> None:
    assert grown.kinds(*words) == found


def test_before_the_first_commit_all_is_new(home: Callable[[str], Path], tmp_path: Path) -> None:
    desk = Desk(home("alice"), tmp_path / "tree")
    repository = start(desk.folder)
    desk.governs(".", "alice")
    desk.write("a.eyaml", f"a: {desk.values(['x'], 'alice')[0]}\n")
    repository.git("add", "-A")
    told = json.loads(desk.run("diff", "--staged", "--format", "json").stdout)
    assert [one["kind"] for one in told["changes"]] == ["added"]
    assert [one["state"] for one in told["recipients"]] == ["added"]


def test_a_renamed_file_is_followed_and_a_value_that_left_for_another_file(team: Team) -> None:
    one, two, three = team.tokens
    [other] = team.desk.values(["other"], "alice", "carol")
    team.repository.git("mv", "data/a.eyaml", "data/b.eyaml")
    team.desk.write("data/b.eyaml", f"---\na: {one}\nb: {two}\nc: {other}\nplain: text\n")
    team.repository.git("add", "-A")
    told = team.told("--staged")
    assert told["renamed"] == [{"from": "data/a.eyaml", "to": "data/b.eyaml"}]
    assert [(one["key"], one["kind"], one["from_path"]) for one in told["changes"]] == [
        ("c", "changed", "data/a.eyaml")
    ]
    team.desk.write("data/b.eyaml", f"---\na: {one}\nb: {two}\nplain: text\n")
    team.desk.write("data/c.eyaml", f"new: {three}\n")
    team.repository.git("add", "-A")
    [moved] = team.told("--staged")["changes"]
    assert [moved[field] for field in ("kind", "path", "key", "from_path", "from_key")] == [
        *("moved", "data/c.eyaml", "new"),
        *("data/a.eyaml", "c"),
    ]


def test_a_list_of_a_folder_people_and_stored_keys(team: Team) -> None:
    """A new list below takes a folder from the one above: whoever is on neither side is not news."""
    team.desk.governs("data/sub", "alice", "puppetmaster-prod")
    team.desk.write(
        ".eyamlgpg/people.yaml",
        f"version: 1\npeople:\n  - key: {MASTER}\n    name: Pam <pam@example.com>\n    roles: [ops]\n",
    )
    team.desk.write(".eyamlgpg/keys/stray.asc", "none\n")
    team.repository.git("add", "-A")
    told = team.told("--staged")
    [change] = told["recipients"]
    assert (change["path"], change["state"]) == ("data/sub/hiera-eyaml-gpg.recipients", "added")
    assert [[one["fingerprint"] for one in change[side]] for side in ("added", "removed")] == [[MASTER], [CAROL]]
    assert [(one["path"], one["what"]) for one in told["settings"]] == [
        (".eyamlgpg/people.yaml", f"+ Pam <pam@example.com> ({MASTER}), roles ops"),
        (".eyamlgpg/keys/stray.asc", "key added"),
    ]


def test_hostile_names_stay_text(team: Team) -> None:
    team.desk.write(LIST, f"# @octocat [x](http://evil) | <b>`\n{'F' * 40}\n{ALICE}\n")
    team.desk.write("data/a.eyaml", f"---\n'<img src=x>|`@team`': {team.tokens[0]}\n")
    text = team.run("--format", "markdown").stdout
    for line in text.splitlines():
        outside = "".join(line.split("`")[::2])
        assert line.count("`") % 2 == 0
        assert not any(sign in outside.replace("<!-- eyamlgpg diff -->", "") for sign in ("@", "<", "[", "http"))
    [row] = [line for line in text.splitlines() if "img" in line]
    assert row.count("|") == 5


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("nowhere",), 3, "names no commit"),
        (("main...nowhere",), 3, "nowhere: names no commit"),
        (("HEAD", "nothing"), 3, "nothing: there is no such file or folder"),
        (("--staged", "HEAD..HEAD"), 2, "--staged compares the index with one commit"),
        (("--format", "html"), 2, "html"),
        (("HEAD", "/etc"), 2, "one tree is looked at at a time"),
    ],
)
def test_wrong_words_are_named(grown: Team, words: tuple[str, ...], status: int, said: str) -> None:
    ran = grown.run(*words)
    assert (ran.status, ran.stdout) == (status, "")
    assert said in ran.stderr


def test_nothing_differs(team: Team) -> None:
    ran = team.run()
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout == "From the index to the working tree: nothing of eyamlgpg differs\n"
