"""Which values of three versions of a file are the same one, whatever is in them.

In a mapping that is the one at the same key. In a list, where an index says little, and where a key is gone, it is the
one with the same plaintext; what is left then is told by its place.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.operations.merge.held import Comparison, Held


@dataclass(slots=True)
class Slot:
    """One value through the three versions; None in a version that does not have it."""

    base: Held | None = None
    ours: Held | None = None
    theirs: Held | None = None


@dataclass(frozen=True, slots=True)
class Slots:
    """All of them, and of each version the slot of each of its values, in order."""

    slots: Sequence[Slot]
    base: Sequence[int]
    ours: Sequence[int]
    theirs: Sequence[int]


def slots_of(base: Sequence[Held], ours: Sequence[Held], theirs: Sequence[Held], known: Comparison) -> Slots:
    """Match each side with the base, and what both sides added with each other."""
    slots = [Slot(base=held) for held in base]
    of_ours, of_theirs = _match(base, ours, known), _match(base, theirs, known)
    for old in of_ours.keys() & of_theirs.keys():
        mine, other = ours[of_ours[old]], theirs[of_theirs[old]]
        # The same plaintext at another key may be the same value moved, or another value: no change goes there.
        if _is_elsewhere(base[old], mine) and not known.same(base[old], other):
            del of_ours[old]
        elif _is_elsewhere(base[old], other) and not known.same(base[old], mine):
            del of_theirs[old]
    in_ours, in_theirs = ({new: old for old, new in matched.items()} for matched in (of_ours, of_theirs))
    new_ours = [index for index in range(len(ours)) if index not in in_ours]
    new_theirs = [index for index in range(len(theirs)) if index not in in_theirs]
    both = _match([ours[index] for index in new_ours], [theirs[index] for index in new_theirs], None)
    for place, index in enumerate(new_ours):
        if place in both:
            in_theirs[new_theirs[both[place]]] = len(slots)
        in_ours[index] = len(slots)
        slots.append(Slot())
    for index in new_theirs:
        if index not in in_theirs:
            in_theirs[index] = len(slots)
            slots.append(Slot())
    for index, slot in in_ours.items():
        slots[slot].ours = ours[index]
    for index, slot in in_theirs.items():
        slots[slot].theirs = theirs[index]
    return Slots(
        slots, range(len(base)), [in_ours[index] for index in range(len(ours))],
        [in_theirs[index] for index in range(len(theirs))],
    )  # fmt: skip


def _match(old: Sequence[Held], new: Sequence[Held], known: Comparison | None) -> dict[int, int]:
    """From values of one version to those of another; without `known`, by their places alone."""
    run = _Match(old, new)
    unsure = {held.path for side in (old, new) for held in side if held.count}
    run.pair(lambda held: held.path if _is_sure(held) and held.path not in unsure else None)
    run.pair(lambda held: (held.path, held.count, held.packet) if held.path else None)
    if known is not None:
        run.pair(lambda held: held.packet)
        run.pair(known.kind)
    lists = run.lists_of_equal_length()
    run.pair(lambda held: (held.path, held.count) if held.path and _list_of(held) in lists else None)
    return run.pairs


def _is_elsewhere(old: Held, new: Held) -> bool:
    """Whether it has another key; no other one where all that is around it was only put under a key, or taken out."""
    if old.path is None or new.path is None:
        return old.path is not new.path
    short, long = sorted((_keys(old.path), _keys(new.path)), key=len)
    return long[len(long) - len(short) :] != short


def _keys(path: KeyPath) -> Sequence[str]:
    return [segment for segment in path.segments if isinstance(segment, str)]


def _is_sure(held: Held) -> bool:
    """Whether the path has no index in it."""
    return held.path is not None and not any(isinstance(segment, int) for segment in held.path.segments)


def _list_of(held: Held) -> tuple[str | int, ...]:
    """The path of the outermost list that a value stands in; its own path where it stands in none."""
    segments = () if held.path is None else held.path.segments
    return segments[: next((place for place, segment in enumerate(segments) if isinstance(segment, int)), None)]


class _Match:
    def __init__(self, old: Sequence[Held], new: Sequence[Held]) -> None:
        self._old, self._new = old, new
        self._left_old, self._left_new = list(range(len(old))), list(range(len(new)))
        self.pairs: dict[int, int] = {}

    def lists_of_equal_length(self) -> frozenset[tuple[str | int, ...]]:
        """Lists in which as many values are left on either side, so that an index may say which is which."""
        olds = Counter(_list_of(self._old[index]) for index in self._left_old)
        news = Counter(_list_of(self._new[index]) for index in self._left_new)
        return frozenset(path for path, count in olds.items() if news[path] == count)

    def pair(self, name: Callable[[Held], Hashable | None]) -> None:
        """Match what has the same name and is the only one left that has it, on either side."""
        if not (self._left_old and self._left_new):
            return
        olds = _single((name(self._old[index]), index) for index in self._left_old)
        news = _single((name(self._new[index]), index) for index in self._left_new)
        found = {olds[key]: news[key] for key in olds.keys() & news.keys()}
        self.pairs.update(found)
        taken = set(found.values())
        self._left_old = [index for index in self._left_old if index not in found]
        self._left_new = [index for index in self._left_new if index not in taken]


def _single(named: Iterable[tuple[Hashable | None, int]]) -> dict[Hashable, int]:
    found: defaultdict[Hashable, list[int]] = defaultdict(list)
    for name, index in named:
        if name is not None:
            found[name].append(index)
    return {name: indexes[0] for name, indexes in found.items() if len(indexes) == 1}
