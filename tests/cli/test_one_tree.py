"""Every command sees the same tree: the same lists and the same values, wherever it is started."""

import json
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from tests.support.commands import Desk
from tests.support.repository import Repository, start
from tests.support.tool import Tool

OWN = ("", "beside/", "mine/")
"""The folders whose lists and values belong to the tree."""

TREES = ("git", "git worktree", "marked", "marked above git", "nothing")


@dataclass(frozen=True)
class Seen:
    """What a command names, by paths from the root of the tree."""

    lists: frozenset[str] | None = None
    values: frozenset[str] | None = None
    """The files that hold them."""
    count: int | None = None


@dataclass
class Looker:
    """Somebody at a place in or around the tree."""

    tool: Tool
    desk: Desk
    root: Path
    """Of the tree as the test tells of it."""
    path: tuple[str, ...]
    """Names the tree from there; nothing where the place says it."""
    own_root: bool = False
    """Whether the place is a tree of its own."""

    def check(self) -> Seen:
        found = json.loads(self._run("check", "--format", "json", *self.path))["findings"]
        base = self.desk.folder if self.own_root else self.root
        return self._seen(base, (one["path"] for one in found))

    def who(self) -> Seen:
        report = json.loads(self._run("who", "--check", "--format", "json", *self.path))
        lists = {self._from_root(self.desk.folder, file["recipients"]) for file in report["files"]}
        values = {self._from_root(self.desk.folder, file["path"]) for file in report["files"]}
        return Seen(frozenset(lists), frozenset(values), report["summary"]["drifted"])

    def recrypt(self) -> Seen:
        plan = json.loads(self._run("recrypt", "--check", "--format", "json", *self.path))
        lists = {self._from_root(self.desk.folder, file["recipients"]) for file in plan["files"]}
        values = {self._from_root(self.desk.folder, file["path"]) for file in plan["files"]}
        return Seen(frozenset(lists), frozenset(values), plan["summary"]["due"])

    def lint(self) -> Seen:
        findings = json.loads(self._run("recipients", "lint", "--format", "json", *self.path))["findings"]
        return Seen(self._seen(self.desk.folder, (one["path"] for one in findings)).lists)

    def keys(self) -> Seen:
        [alice, *_] = json.loads(self._run("keys", "check", "--format", "json"))["recipients"]
        lists = self._seen(self.desk.folder, (place["path"] for place in alice["places"])).lists
        return Seen(lists, count=alice["values"])

    def remove(self) -> Seen:
        shown = self._run("recipients", "remove", "bob", "--everywhere", "--dry-run", "-y")
        changed = re.findall(r"^\+\+\+ (.*)$", shown, re.MULTILINE)
        due = re.findall(r"^(.*): 1 of 1 values? due$", shown, re.MULTILINE)
        values = {self._from_root(self.desk.folder, name) for name in due}
        return Seen(self._seen(self.desk.folder, changed).lists, frozenset(values), len(due))

    def _run(self, *words: str) -> str:
        ran = self.tool(*words, home=self.desk.home, cwd=self.desk.folder)
        assert ran.status in (0, 1), ran.err
        return ran.out.decode()

    def _seen(self, base: Path, names: Iterable[str]) -> Seen:
        places = {self._from_root(base, name) for name in names}
        lists = {place for place in places if place.endswith(RECIPIENTS_FILE)}
        return Seen(frozenset(lists), frozenset(places - lists))

    def _from_root(self, base: Path, name: str) -> str:
        return Path(os.path.normpath(base / name)).relative_to(self.root).as_posix()


def fill(desk: Desk, *folders: str) -> None:
    """In each folder a list with one line too many, and a value that somebody reads who is not in it."""
    for folder in folders:
        path = desk.governs(folder or ".", "alice", "bob")
        path.write_text(path.read_text() + path.read_text().splitlines()[0] + "\n")
        desk.write(f"{folder}a.eyaml", f"a: {desk.values(['x'], 'alice', 'bob', 'carol')[0]}\n")


def grow(desk: Desk, kind: str) -> None:
    """A tree of the kind, with a repository inside that is not a part of it."""
    fill(desk, *OWN, "module/")
    start(desk.folder / "module")
    if kind == "git":
        start(desk.folder)
    elif kind == "git worktree":
        main = start(desk.folder.parent / "main")
        main.git("commit", "-qm", "first", "--allow-empty")
        main.git("worktree", "add", "-q", str(desk.folder.parent / "linked"))
        (desk.folder.parent / "linked" / ".git").replace(desk.folder / ".git")
        main.git("worktree", "repair", str(desk.folder))
        fill(desk, "ignored/")
        desk.write(".gitignore", "/ignored/\n")
        Repository(desk.folder).git("add", *(f"{folder}a.eyaml" for folder in OWN))
    elif kind == "marked":
        (desk.folder / ".eyamlgpg").mkdir()
    elif kind == "marked above git":
        start(desk.folder)
        (desk.folder / "mine" / ".eyamlgpg").mkdir()


@pytest.fixture
def desk(home: Callable[[str], Path], tmp_path: Path) -> Desk:
    return Desk(home("alice"), tmp_path / "tree")


@pytest.mark.parametrize("place", ["root", "subfolder", "outside"])
@pytest.mark.parametrize("kind", TREES)
def test_every_command_names_the_same_lists_and_the_same_values(desk: Desk, kind: str, place: str, tool: Tool) -> None:
    grow(desk, kind)
    own: tuple[str, ...] = OWN
    at = {"root": desk.folder, "subfolder": desk.folder / "mine", "outside": desk.folder.parent}[place]
    path = {"root": (), "subfolder": ("..",), "outside": ("tree",)}[place]
    if kind == "nothing" and place == "subfolder":
        own, path = ("mine/",), ()  # nothing tells of a tree around it
    looker = Looker(tool, Desk(desk.home, at), desk.folder, path, own_root=own != OWN)
    lists = frozenset(f"{folder}{RECIPIENTS_FILE}" for folder in own)
    values = frozenset(f"{folder}a.eyaml" for folder in own)
    every = {
        "check": (looker.check(), Seen(lists, values)),
        "who": (looker.who(), Seen(lists, values, len(own))),
        "recrypt --check": (looker.recrypt(), Seen(lists, values, len(own))),
        "recipients lint": (looker.lint(), Seen(lists)),
    }
    if place != "outside":  # these have no path
        every["keys check"] = looker.keys(), Seen(lists, count=len(own))
        every["remove --everywhere"] = looker.remove(), Seen(lists, values, len(own))
    assert {name: seen for name, (seen, _) in every.items()} == {name: wanted for name, (_, wanted) in every.items()}


def test_a_list_that_git_ignores_belongs_to_the_tree_where_its_folder_is_named(desk: Desk, tool: Tool) -> None:
    grow(desk, "git worktree")
    looker = Looker(tool, desk, desk.folder, ("ignored",))
    lists, values = frozenset({f"ignored/{RECIPIENTS_FILE}"}), frozenset({"ignored/a.eyaml"})
    assert looker.check() == Seen(lists, values)
    assert looker.who() == Seen(lists, values, 1)
    assert looker.recrypt() == Seen(lists, values, 1)
    assert looker.lint() == Seen(lists)


def test_an_ignored_list_that_governs_a_file_of_the_tree_is_left_and_told(desk: Desk, tool: Tool) -> None:
    grow(desk, "git")
    desk.write(".gitignore", f"/mine/{RECIPIENTS_FILE}\n")
    ran = tool("recipients", "remove", "bob", "--everywhere", "-y", home=desk.home, cwd=desk.folder)
    assert ran.status == 0, ran.err
    assert (
        f"warning: mine/{RECIPIENTS_FILE}: is ignored by git and so left as it is, and they stay listed there: "
        "--at mine takes them out of it\n"
    ) in ran.err
    assert ran.err.count("is ignored by git") == 1
