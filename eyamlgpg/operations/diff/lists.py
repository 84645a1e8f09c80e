"""How recipients files differ, and what else decides who reads: people, roles, puppetmasters and stored keys."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.model.diff import ListChange, ListedReader, SettingChange
from eyamlgpg.model.people import Member
from eyamlgpg.operations.diff.readers import Readers
from eyamlgpg.operations.ports import Files
from eyamlgpg.operations.tree.governance import TreeLists
from eyamlgpg.operations.tree.settings import PEOPLE, POLICY, TreeSettings
from eyamlgpg.operations.tree.stored_keys import KEYS
from eyamlgpg.operations.tree_ports import Tree


class ComparedLists:
    """The recipients files of two moments; the first may have no tree at all."""

    def __init__(self, before: Tree | None, after: Tree, files: Files, readers: Readers) -> None:
        self._before, self._after = before, after
        self._old = None if before is None else TreeLists(before, files)
        self._new = TreeLists(after, files)
        self._readers = readers
        self.errors: dict[str, EyamlgpgError] = {}

    def governing(self, path: str) -> str | None:
        """The list that governs a path now."""
        return self._new.nearest(str(PurePosixPath(path).parent))

    def changes(self, changed: Sequence[str]) -> Iterator[ListChange]:
        """What the changed files and links mean for who should read; nothing for one that means the same people."""
        for path in sorted(self._concerned(changed)):
            folder = str(PurePosixPath(path).parent)
            is_old = self._before is not None and self._before.has(path)
            is_new = self._after.has(path)
            old = {} if self._old is None else self._readers_of(self._old, folder)
            new = self._readers_of(self._new, folder)
            state = "changed" if is_old and is_new else "added" if is_new else "removed"
            added = tuple(one for id_, one in new.items() if id_ not in old)
            removed = tuple(one for id_, one in old.items() if id_ not in new)
            if added or removed or state != "changed":
                yield ListChange(path, state, added, removed)

    def _concerned(self, changed: Sequence[str]) -> set[str]:
        """Every list among the changed files, and every link to a changed file that is called like a list."""
        names = set(changed)
        found = {path for path in names if _is_list(path)}
        for tree in (self._before, self._after):
            if tree is not None:
                found |= {link for link, place in tree.links().items() if _is_list(link) and place in names}
        return found

    def _readers_of(self, lists: TreeLists, folder: str) -> dict[str, ListedReader]:
        try:
            name = lists.nearest(folder)
            return {} if name is None else self._readers.listed(lists.read(name).recipients)
        except EyamlgpgError as error:
            self.errors[str(error)] = error
            return {}


def settings(before: Tree | None, after: Tree, changed: Iterable[str]) -> Iterator[SettingChange]:
    """What changed of people, roles, puppetmasters and the keys that the tree keeps."""
    names = set(changed)
    people, policy = PEOPLE.as_posix(), POLICY.as_posix()
    if names & {people, policy}:
        old, new = _members(before), _members(after)
        if old is None or new is None:
            for path in sorted(names & {people, policy}):
                yield SettingChange(path, "cannot be read at one of the two moments; see git diff")
        else:
            found = tuple(_of_people(old, new))
            yield from found
            for path in sorted(names & {people, policy} - {one.path for one in found}):
                yield SettingChange(path, "changed otherwise; see git diff")
    for path in sorted(names):
        if path.startswith(f"{KEYS.as_posix()}/"):
            was, is_there = before is not None and before.has(path), after.has(path)
            yield SettingChange(path, "key changed" if was and is_there else "key added" if is_there else "key removed")


def _members(tree: Tree | None) -> dict[str, tuple[str, Member]] | None:
    """Everybody by their key, with the file that names them; None where a file is wrong."""
    if tree is None:
        return {}
    try:
        roster = TreeSettings(tree).roster
    except EyamlgpgError:
        return None
    people = roster.people.members if roster.people else ()
    return {
        **{member.fingerprint: (PEOPLE.as_posix(), member) for member in people},
        **{member.fingerprint: (POLICY.as_posix(), member) for member in roster.masters},
    }


def _of_people(old: dict[str, tuple[str, Member]], new: dict[str, tuple[str, Member]]) -> Iterator[SettingChange]:
    for key, (path, member) in new.items():
        who = f"{member.name} ({key})"
        if key not in old:
            yield SettingChange(path, f"+ {who}, {_roles(member)}")
            continue
        was = old[key][1]
        if was.roles != member.roles:
            yield SettingChange(path, f"~ {who}: {_roles(was)}, now {_roles(member)}")
        if was.until != member.until:
            yield SettingChange(path, f"~ {who}: until {was.until or 'no end'}, now {member.until or 'no end'}")
        if was.name != member.name:
            yield SettingChange(path, f"~ {who}: was called {was.name}")
    for key, (path, member) in old.items():
        if key not in new:
            yield SettingChange(path, f"- {member.name} ({key}), {_roles(member)}")


def _roles(member: Member) -> str:
    return f"roles {', '.join(member.roles)}" if member.roles else "no role"


def _is_list(path: str) -> bool:
    return PurePosixPath(path).name == RECIPIENTS_FILE
