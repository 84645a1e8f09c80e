"""What `rotation` should answer, worked out slowly from what the maker of the repository knows.

Every value of every commit is looked at by itself, with its plaintext at hand; only the renames of files are git's
word. The definitions are those of the documentation, one after the other. What stands in a file that no commit touched
is one `Seen` for all of these commits, or a history of years would not fit into memory; `every_commit` does without.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar, Self

from eyamlgpg.model.keys import HIDDEN_KEY_ID
from tests.support.grown import Grown, Secret, Tree


@dataclass(frozen=True, slots=True, order=True)
class Seen:
    """A value in one commit."""

    commit: int
    """In git's order: the one from which on nobody touched the file."""
    path: str
    key: str

    @property
    def place(self) -> tuple[str, str]:
        return (self.path, self.key)


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of the worklist."""

    path: str
    key: str
    status: str
    since: str
    until: str | None
    changed: str | None
    copied_from: tuple[str, str] | None


class GitWord:
    """The commits in git's order, and the files that git takes for renamed."""

    known: ClassVar[dict[Path, "GitWord"]] = {}
    """By repository, for asking takes most of a reference's time."""

    def __new__(cls, grown: Grown) -> Self:
        root = grown.repository.root
        if root not in cls.known:
            made = cls.known[root] = super().__new__(cls)
            made._ask(grown)
        return cls.known[root]  # type: ignore[return-value]

    def _ask(self, grown: Grown) -> None:
        git = grown.repository.git
        self.ids = git("rev-list", "--all", "--date-order", "--reverse").split()
        numbers = {one: number for number, one in enumerate(self.ids)}
        told = git("log", "--all", "--format=%H %P").splitlines()
        parents = {line.split()[0]: [numbers[parent] for parent in line.split()[1:]] for line in told}
        self.parents = [parents[one] for one in self.ids]
        self.renames = self._renames(grown)
        self.head = numbers[git("rev-parse", "HEAD").strip()]

    def _renames(self, grown: Grown) -> list[dict[str, str]]:
        """Of each commit against its first parent: the old path of each new one."""
        found: list[dict[str, str]] = [{} for _ in self.ids]
        asked = [
            f"{one} {self.ids[parents[0]]}\n" for one, parents in zip(self.ids, self.parents, strict=True) if parents
        ]
        words = ["diff-tree", "--stdin", "-r", "-M", "-l5000", "--diff-filter=R", "--name-status"]
        numbers = {one: number for number, one in enumerate(self.ids)}
        number = 0
        for line in grown.repository.git(*words, stdin="".join(asked)).splitlines():
            if line in numbers:
                number = numbers[line]
            else:
                _, old, new = line.split("\t")
                found[number][new] = old
        return found


class Values:
    """Every value of every commit, and what is at the same place before: whatever no person and no key changes."""

    known: ClassVar[dict[tuple[Path, bool], "Values"]] = {}
    """By repository, and whether each commit is looked at alone."""

    def __new__(cls, grown: Grown, *, every_commit: bool) -> Self:
        name = (grown.repository.root, every_commit)
        if name not in cls.known:
            made = cls.known[name] = super().__new__(cls)
            made._find(grown, every_commit=every_commit)
        return cls.known[name]  # type: ignore[return-value]

    def _find(self, grown: Grown, *, every_commit: bool) -> None:
        self.git = GitWord(grown)
        by_id = dict(zip(grown.commit_ids, grown.trees, strict=True))
        self.trees = [by_id[one] for one in self.git.ids]
        self.files: list[dict[str, list[Seen]]] = []
        """Of each commit."""
        self.new: list[list[Seen]] = []
        """Of each commit: the values of the files that it touched, or that its parents have not alike."""
        self.before: dict[Seen, tuple[Seen, ...]] = {}
        """What stands at the place of a value in the parents, if anything does."""
        self.gone: list[frozenset[Seen]] = []
        """Of each commit: the values of the first parent whose place is empty."""
        for commit in range(len(self.git.ids)):
            self.files.append(self._files(commit, every_commit=every_commit))
            self.new.append([one for one in self.values(commit) if one.commit == commit])
            for one in self.new[commit]:
                self.before[one] = tuple(dict.fromkeys(self._before(commit, one)))
            standing = self.values(self.git.parents[commit][0]) if self.git.parents[commit] else []
            self.gone.append(standings_gone(standing, self.trees[commit], self.git.renames[commit]))

    def _files(self, commit: int, *, every_commit: bool) -> dict[str, list[Seen]]:
        """The values of each file; those of before where all of the parents have the file alike."""
        files = {}
        for path, file in self.trees[commit].items():
            before = [self.files[parent].get(path) for parent in self.git.parents[commit]]
            is_same = (
                not every_commit
                and before
                and all(one is before[0] for one in before)
                and self.trees[self.git.parents[commit][0]].get(path) == file
            )
            files[path] = before[0] if is_same and before[0] else [Seen(commit, path, key) for key in sorted(file)]
        return files

    def _before(self, commit: int, one: Seen) -> Iterator[Seen]:
        for nth, parent in enumerate(self.git.parents[commit]):
            path = self.git.renames[commit].get(one.path, one.path) if nth == 0 else one.path
            other = self.at(parent, path, one.key)
            if other is not None:
                yield other

    def values(self, commit: int) -> list[Seen]:
        return [one for _, file in sorted(self.files[commit].items()) for one in file]

    def at(self, commit: int, path: str, key: str) -> Seen | None:
        """What stands at a key of a file in a commit."""
        return next((one for one in self.files[commit].get(path, ()) if one.key == key), None)


class Reference:
    """One person's worklist; `own` is the key ID whose secret key is at hand."""

    def __init__(self, grown: Grown, key_ids: Sequence[str], own: str | None, *, every_commit: bool = False) -> None:
        self.values = Values(grown, every_commit=every_commit)
        self.ids, self.parents, self.head = self.values.git.ids, self.values.git.parents, self.values.git.head
        self.seen = [one for new in self.values.new for one in new]
        self.person, self.own = set(key_ids), own
        every = {self.secret(one) for one in self.seen}
        self.could_open = {one.number for one in every if self.person & set(one.readers)}
        self.may_open = self.could_open | {one.number for one in every if HIDDEN_KEY_ID in one.readers}
        # Who can open a message with hidden readers is written nowhere; the tests' decrypter cannot.
        self.opened = {one.number for one in every if own in one.readers}
        self.origins: dict[Seen, tuple[tuple[Seen, ...], bool]] = {}
        self.gone: dict[Seen, int] = {}
        """The commit that removed a value, by the first commit in which its message stood there."""
        for number in range(len(self.ids)):
            self._originate(number)
        self.named: dict[int, tuple[int, tuple[str, str]]] = {}
        """When and where each message to the person stood first, by its number."""
        for one in filter(self.is_reader, self.seen):
            standing = (self._first(one).commit, one.place)
            self.named[self.secret(one).number] = min(self.named.get(self.secret(one).number, standing), standing)

    def secret(self, one: Seen) -> Secret:
        return self.values.trees[one.commit][one.path][one.key]

    def same(self, one: Secret, other: Secret) -> bool | None:
        """Whether two messages hold the same, as far as the key at hand tells."""
        if one.number == other.number:
            return True
        if one.number in self.opened and other.number in self.opened:
            return one.plaintext == other.plaintext
        return None

    def _originate(self, commit: int) -> None:
        """What every value of a commit continues in the parents."""
        new, before = self.values.new[commit], self.values.before
        fresh = [one for one in new if not before[one]]
        self.origins |= {one: (before[one], False) for one in new if before[one]}
        gone = set(self.values.gone[commit])
        if fresh and self.parents[commit]:
            standing = _Standing(self, self.values.values(self.parents[commit][0]), gone)
            for one in fresh:
                self.origins[one] = standing.source(one)
        else:
            self.origins |= dict.fromkeys(fresh, ((), False))
        for one in new:  # from the past on, so that no question leads far back
            self.knowable(one)
            self._first(one)
        for one in gone:
            self.gone.setdefault(self._first(one), commit)

    @cache  # noqa: B019 - a reference lives as long as its test
    def knowable(self, one: Seen) -> bool:
        """Whether the person could open it, or anything that it continues."""
        before, _ = self.origins[one]
        return self.secret(one).number in self.may_open or any(map(self.knowable, before))

    @cache  # noqa: B019
    def _first(self, one: Seen) -> Seen:
        """The commit from which on this message stands at this place, unchanged."""
        before, is_copy = self.origins[one]
        if len({self._first(other) for other in before}) == 1 and not is_copy:
            other = before[0]
            if other.place == one.place and all(self.secret(each) == self.secret(one) for each in before):
                return self._first(other)
        return one

    def is_reader(self, one: Seen) -> bool:
        return not self.person.isdisjoint(self.secret(one).readers)

    def worklist(self) -> list[Answer]:
        every: dict[tuple[str, str], set[Seen]] = {}
        for one in self.seen:
            every.setdefault(one.place, set()).add(one)
        moved = {
            other.place
            for one, (before, is_copy) in self.origins.items()
            for other in before
            if not is_copy and other.place != one.place
        }
        answers = []
        for place, seen in sorted(every.items()):
            now = self.values.at(self.head, *place)
            if now is not None or place not in moved:
                answer = self._answer(place, seen, now)
                answers += [answer] if answer else []
        return answers

    def _answer(self, place: tuple[str, str], seen: set[Seen], now: Seen | None) -> Answer | None:
        own, whole = self._history(seen, copies=False), self._history(seen, copies=True)
        could = [one for one in whole if self.secret(one).number in self.could_open]
        hidden = [one for one in whole if self.secret(one).number in self.may_open - self.could_open]
        if not could and not hidden:
            return None
        since = min(self._first(one).commit for one in could or hidden)
        until = self._until(own if any(map(self.is_reader, own)) else whole, now)
        if now is None:
            ends = [self.gone[first] for one in seen if (first := self._first(one)) in self.gone]
            status, changed = "gone", max(ends, default=None)
        else:
            status, changed = self._status(now, could, hidden, whole), self._set(now)
        source = self._copied_from(place, own)
        return Answer(
            *place,
            status,
            self.ids[since],
            None if until is None else self.ids[until],
            None if changed is None else self.ids[changed],
            source,
        )

    def _status(self, now: Seen, could: list[Seen], hidden: list[Seen], whole: set[Seen]) -> str:
        today = self.secret(now)
        if self.is_reader(now):
            return "due"
        answers = {self.same(self.secret(one), today) for one in could}
        if True in answers:
            return "due"
        if None in answers:
            after = {self.secret(one).number for one, _ in self._removals(whole)}
            return "due" if today.number in after else "unknown"
        return "unknown" if any(self.same(self.secret(one), today) is not False for one in hidden) else "changed"

    def _removals(self, whole: set[Seen]):  # type: ignore[no-untyped-def]
        for one in whole:
            before, is_copy = self.origins[one]
            if not is_copy and not self.is_reader(one):
                yield from ((one, other) for other in before if self.is_reader(other))

    def _until(self, whole: set[Seen], now: Seen | None) -> int | None:
        if now is not None and self.is_reader(now):
            return None
        ended = [one.commit for one, _ in self._removals(whole)]
        ended += [self.gone[first] for one in whole if self.is_reader(one) and (first := self._first(one)) in self.gone]
        return max(ended, default=None)

    def _set(self, now: Seen) -> int:
        seen, ahead = {now}, [now]
        while ahead:
            for other in self.origins[ahead.pop()][0]:
                if other not in seen and self.same(self.secret(other), self.secret(now)):
                    seen.add(other)
                    ahead.append(other)
        return min(self._first(one).commit for one in seen)

    def _copied_from(self, place: tuple[str, str], own: set[Seen]) -> tuple[str, str] | None:
        copies = [one for one in own if self.origins[one][1]]
        if copies:
            first = min(copies, key=lambda one: one.commit)
            return self.origins[first][0][0].place
        if any(map(self.is_reader, own)):
            return None
        for one in sorted(own, key=lambda one: self._first(one).commit):
            named = self.named.get(self.secret(one).number)
            if named is not None and named[1] != place:
                return named[1]
        return None

    def _history(self, seen: set[Seen], *, copies: bool) -> set[Seen]:
        found, ahead = set(seen), list(seen)
        while ahead:
            before, is_copy = self.origins[ahead.pop()]
            for other in before if copies or not is_copy else ():
                if other not in found:
                    found.add(other)
                    ahead.append(other)
        return found


class _Standing:
    """The values of the first parent of a commit, by what is in them."""

    def __init__(self, reference: Reference, values: Sequence[Seen], gone: set[Seen]) -> None:
        """`gone`: those whose place is empty in the commit; a value that moved is taken out."""
        self.reference, self.gone = reference, gone
        self.by_number: dict[int, list[Seen]] = {}
        self.by_plaintext: dict[bytes, list[Seen]] = {}
        for one in values:
            secret = reference.secret(one)
            self.by_number.setdefault(secret.number, []).append(one)
            self.by_plaintext.setdefault(secret.plaintext, []).append(one)
        self.taken: set[Seen] = set()

    def source(self, one: Seen) -> tuple[tuple[Seen, ...], bool]:
        """What a new value continues, and whether it is a copy: what is gone first, and the same message first."""
        reference, mine = self.reference, self.reference.secret(one)
        packets = self.by_number.get(mine.number, [])
        plaintexts = [
            other
            for other in self.by_plaintext.get(mine.plaintext, ())
            if reference.knowable(other) and reference.same(reference.secret(other), mine)
        ]
        for is_copy in (False, True):
            for alike in (packets, plaintexts):
                found = [other for other in alike if other not in self.taken and (other not in self.gone) is is_copy]
                if found:
                    source = min(found, key=lambda other: (other.path != one.path, other.place))
                    if not is_copy:
                        self.gone.discard(source)
                        self.taken.add(source)
                    return (source,), is_copy
        return (), False


def standings_gone(standing: Sequence[Seen], tree: Tree, renames: dict[str, str]) -> frozenset[Seen]:
    """The values of the first parent whose place is empty in the commit, renames of files counted."""
    new_names = {old: new for new, old in renames.items()}
    return frozenset(one for one in standing if one.key not in tree.get(new_names.get(one.path, one.path), {}))
