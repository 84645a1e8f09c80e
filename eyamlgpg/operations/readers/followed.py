"""Every value followed through the history: over renames of its file and its key, over moves and over copies.

A value is what stands at one Hiera key of one file. From commit to commit it is the same one where it stands at the
same place, or where git tells that its file was renamed. A value that is new in a commit continues another one of the
first parent whose message has the same data packet, or the same plaintext as far as that is known: one that is gone
in this commit (it was moved, or its key renamed), else one that still stands there (it was copied). A value of the
same file goes before one of another file.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from eyamlgpg.model.history import Commit, FileChange
from eyamlgpg.model.rotation import Place
from eyamlgpg.operations.readers.past_values import Key, PastMessage, Version
from eyamlgpg.operations.readers.plaintexts import Plaintexts


@dataclass(frozen=True, slots=True)
class Past:
    """What the history holds, every version read."""

    commits: Sequence[Commit]
    """Parents before children."""
    versions: Mapping[str, Version]
    """The values of each file version that has any, by its object."""
    head: int | None
    staged: Sequence[FileChange]
    """What the index changes against HEAD."""
    working: Mapping[str, Version]
    """The values of the files in the working tree that have any."""
    unchanged: frozenset[str] = frozenset()
    """Files that are not read in the working tree, and count as they are in the index."""


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """One message at one place, from one commit on."""

    place: Place
    message: PastMessage
    commit: int
    """The number of the commit; the number of commits for what is not committed yet."""
    before: tuple["Standing", ...]
    """What it continues: one as a rule, more behind a merge, none for a value that is new."""
    is_copy: bool
    """Whether what it continues went on standing where it was."""
    is_knowable: bool
    """Whether it, or anything that it continues, is a message that the person could open."""


FileState = dict[Key, Standing]
State = dict[str, FileState]


@dataclass
class Followed:
    """What came of it."""

    by_place: dict[Place, list[Standing]] = field(default_factory=dict)
    ends: dict[Standing, int] = field(default_factory=dict)
    """The commit that removed a value, where no other one continues it."""
    moved: set[Place] = field(default_factory=set)
    """Places whose value continues at another one."""
    today: State = field(default_factory=dict)
    """The working tree."""
    at_since: frozenset[Standing] = frozenset()
    """What stood in the commit that was asked for."""


def follow(past: Past, knowable: frozenset[bytes], texts: Plaintexts, since: int | None = None) -> Followed:
    """Follow every value. `knowable`: the data packets that the person could, or may have been able to, open."""
    return _Walk(past, knowable, texts, since).run()


class _Walk:
    """One walk from the first commit to the working tree."""

    def __init__(self, past: Past, knowable: frozenset[bytes], texts: Plaintexts, since: int | None) -> None:
        self._past = past
        self._knowable = knowable
        self._texts = texts
        self._since = since
        self._found = Followed()
        self._places: dict[tuple[str, Key], Place] = {}
        self._by_packet: dict[bytes, list[Standing]] = {}
        self._by_hash: dict[bytes, list[Standing]] = {}

    def run(self) -> Followed:
        past = self._past
        children = [0] * len(past.commits)
        for commit in past.commits:
            for parent in commit.parents:
                children[parent] += 1
        states: dict[int, State] = {}
        head: State = {}
        for number, commit in enumerate(past.commits):
            state = self._step(number, [states[parent] for parent in commit.parents], commit.changes, past.versions)
            for parent in commit.parents:
                children[parent] -= 1
                if not children[parent]:
                    del states[parent]
            if children[number]:
                states[number] = state
            if number == past.head:
                head = state
            if number == self._since:
                self._found.at_since = frozenset(one for file in state.values() for one in file.values())
        uncommitted = len(past.commits)
        index = self._step(uncommitted, [head], past.staged, past.versions)
        paths = sorted({*index, *past.working} - past.unchanged)
        changes = [FileChange(path, path if path in past.working else None) for path in paths]
        self._found.today = self._step(uncommitted, [index], changes, past.working)
        return self._found

    def _step(
        self, number: int, states: Sequence[State], changes: Iterable[FileChange], versions: Mapping[str, Version]
    ) -> State:
        """The state behind a commit, from those of its parents."""
        base = states[0] if states else {}
        matters = [
            change
            for change in changes
            if change.object_id in versions or change.path in base or change.renamed_from in base
        ]
        if not matters and len(states) < 2:
            return base
        state = dict(base)
        step = _Step(number, base, states[1:], state)
        for change in matters:
            state.pop(change.renamed_from or change.path, None)
        for change in matters:
            self._put(step, change, versions.get(change.object_id or "", {}))
        for other in step.others:
            self._merge(step, other)
        if step.fresh:
            self._settle(step)
        for one in step.gone.values():
            self._found.ends.setdefault(one, number)
        return state

    def _put(self, step: "_Step", change: FileChange, version: Version) -> None:
        """One changed file: what stands at a key that was there before continues it."""
        old = step.base.get(change.renamed_from or change.path, {})
        elsewhere = [other.get(change.path, {}) for other in step.others]
        step.gone |= {one.place: one for key, one in old.items() if key not in version}
        step.changed.add(change.path)
        file: FileState = {}
        for key, message in version.items():
            before = dict.fromkeys(one for file in (old, *elsewhere) if (one := file.get(key)) is not None)
            if before:
                file[key] = self._standing(self._place(change.path, key), message, step.number, tuple(before))
            else:
                step.fresh.append((self._place(change.path, key), key, message))
        if version:
            step.state[change.path] = file

    def _merge(self, step: "_Step", other: State) -> None:
        """Files that the first parent and a merge have in common: their values continue those of both parents."""
        for path, file in other.items():
            mine = step.state.get(path)
            if mine is None or mine is file or path in step.changed:
                continue
            merged = {
                key: self._standing(one.place, one.message, step.number, (one, twin))
                for key, one in mine.items()
                if (twin := file.get(key)) is not None and twin is not one
            }
            if merged:
                step.state[path] = {**mine, **merged}

    def _settle(self, step: "_Step") -> None:
        """Find what the new values continue."""
        sources = _Sources(step, self._by_packet, self._by_hash, self._texts)
        for place, key, message in sorted(step.fresh, key=lambda one: one[0]):
            source, is_copy = sources.find(place, message)
            before = () if source is None else (source,)
            one = self._standing(place, message, step.number, before, is_copy=is_copy)
            step.state[place.path][key] = one

    def _standing(
        self,
        place: Place,
        message: PastMessage,
        number: int,
        before: tuple[Standing, ...],
        *,
        is_copy: bool = False,
    ) -> Standing:
        if len(before) == 1 and before[0].place is place and before[0].message is message:
            return before[0]
        is_knowable = message.packet in self._knowable or any(one.is_knowable for one in before)
        made = Standing(place, message, number, before, is_copy, is_knowable)
        self._found.by_place.setdefault(place, []).append(made)
        self._by_packet.setdefault(message.packet, []).append(made)
        if is_knowable:
            known = self._texts.hash_of(message)
            if known is not None:
                self._by_hash.setdefault(known, []).append(made)
        if not is_copy:
            self._found.moved |= {one.place for one in before if one.place is not place}
        return made

    def _place(self, path: str, key: Key) -> Place:
        known = self._places.get((path, key))
        if known is None:
            known = self._places[path, key] = Place(path, *key)
        return known


@dataclass
class _Step:
    """One commit under way."""

    number: int
    base: State
    """Of the first parent."""
    others: Sequence[State]
    """Of the other parents."""
    state: State
    """Of the commit, in the making."""
    changed: set[str] = field(default_factory=set)
    fresh: list[tuple[Place, Key, PastMessage]] = field(default_factory=list)
    """New values that continue nothing at their own place."""
    gone: dict[Place, Standing] = field(default_factory=dict)
    """Values of the first parent whose place is empty now, and that nothing continues so far."""


class _Sources:
    """What the new values of one commit may continue."""

    def __init__(
        self,
        step: _Step,
        by_packet: Mapping[bytes, Sequence[Standing]],
        by_hash: Mapping[bytes, Sequence[Standing]],
        texts: Plaintexts,
    ) -> None:
        self._step = step
        self._by_packet = by_packet
        self._by_hash = by_hash
        self._texts = texts

    def find(self, place: Place, message: PastMessage) -> tuple[Standing | None, bool]:
        """The value that a new one continues, and whether it is a copy of it; None for one that is simply new."""
        plain = self._texts.hash_of(message) if self._texts.can_open else None
        packets, hashes = self._by_packet.get(message.packet, ()), self._by_hash.get(plain or b"", ())
        for candidates in (packets, hashes):
            gone = [one for one in candidates if self._step.gone.get(one.place) is one]
            if gone:
                source = _nearest(gone, place)
                del self._step.gone[source.place]
                return source, False
        for candidates in (packets, hashes):
            there = [one for one in candidates if self._stood(one)]
            if there:
                return _nearest(there, place), True
        return None, False

    def _stood(self, one: Standing) -> bool:
        place = one.place
        return self._step.base.get(place.path, {}).get((place.key, place.number)) is one


def _nearest(candidates: Iterable[Standing], place: Place) -> Standing:
    return min(candidates, key=lambda one: (one.place.path != place.path, one.place))
