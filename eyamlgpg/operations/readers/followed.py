"""Every value followed through the history: over renames of its file and its key, over moves and over copies.

A value is what stands at one Hiera key of one file. From commit to commit it is the same one where it stands at the
same place, or where git tells that its file was renamed. A value that is new in a commit continues another one of the
first parent whose message has the same data packet, or the same plaintext as far as that is known: one that is gone
in this commit (it was moved, or its key renamed), else one that still stands there (it was copied). A value of the
same file goes before one of another file.
"""

from collections.abc import Iterable, Mapping, Sequence

from eyamlgpg.model.history import FileChange
from eyamlgpg.model.rotation import Place
from eyamlgpg.operations.readers.past_values import Key, PastMessage, Version
from eyamlgpg.operations.readers.plaintexts import Plaintexts
from eyamlgpg.operations.readers.sources import Sources, Step
from eyamlgpg.operations.readers.standings import FileState, Followed, Past, Standing, State


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
        self._by_packet: dict[bytes, Standing] = {}
        """The last one of each data packet, which leads to the earlier ones."""
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
        step = Step(number, base, states[1:], state)
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

    def _put(self, step: Step, change: FileChange, version: Version) -> None:
        """One changed file: what stands at a key that was there before continues it."""
        old = step.base.get(change.renamed_from or change.path, {})
        elsewhere = [there for other in step.others if (there := other.get(change.path)) is not None]
        stays = not elsewhere and change.renamed_from is None
        if not version.keys() >= old.keys():
            step.gone |= {one.place: one for key, one in old.items() if key not in version}
        step.changed.add(change.path)
        file: FileState = {}
        for key, message in version.items():
            one = old.get(key)
            if stays and one is not None and one.message is message:
                file[key] = one
                continue
            before: Iterable[Standing] = () if one is None else (one,)
            if elsewhere:
                before = dict.fromkeys((*before, *(other[key] for other in elsewhere if key in other)))
            if before:
                file[key] = self._standing(self._place(change.path, key), message, step.number, tuple(before))
            else:
                step.fresh.append((self._place(change.path, key), key, message))
        if version:
            step.state[change.path] = file

    def _merge(self, step: Step, other: State) -> None:
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

    def _settle(self, step: Step) -> None:
        """Find what the new values continue."""
        sources = Sources(step, self._by_packet, self._by_hash, self._texts)
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
        first, more = (before[0], before[1:]) if before else (None, ())
        earlier = self._by_packet.get(message.packet)
        made = Standing(place, message, number, first, more, is_copy, is_knowable, earlier)
        self._by_packet[message.packet] = made
        self._found.by_place.setdefault(place, []).append(made)
        if is_knowable:
            known = self._texts.hash_of(message)
            if known is not None:
                self._by_hash.setdefault(known, []).append(made)
        if not is_copy:
            self._found.moved.update(one.place for one in before if one.place is not place)
        return made

    def _place(self, path: str, key: Key) -> Place:
        known = self._places.get((path, key))
        if known is None:
            known = self._places[path, key] = Place(path, *key)
        return known
