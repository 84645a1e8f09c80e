"""Which value of a newer version is which one of the older, over all files of a change.

First what has the same data packet: at the same key, at another one of the same file, in another file. Then what
stands at the same key. Then what turns out to hold the same plaintext elsewhere.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from eyamlgpg.operations.diff.opened import Opened
from eyamlgpg.operations.diff.values import Standing, Version


@dataclass
class Matched:
    """Values of both moments, put together."""

    pairs: list[tuple[Standing, Standing]] = field(default_factory=list)
    """Those that are the same one, moved or not, whatever they hold."""
    gone: list[Standing] = field(default_factory=list)
    new: list[Standing] = field(default_factory=list)


def match(files: Sequence[tuple[Version, Version]]) -> Matched:
    """Put together what can be without any key."""
    made = Matched()
    for before, after in files:
        old = {one.place: one for one in before.values}
        for one in after.values:
            twin = old.get(one.place)
            if twin is not None and twin.past.packet == one.past.packet:
                made.pairs.append((old.pop(one.place), one))
            else:
                made.new.append(one)
        made.gone += old.values()
    names = {after.path: before.path for before, after in files}
    _by(made, ((one, one.past.packet) for one in made.gone), ((one, one.past.packet) for one in made.new), names)
    places = {(one.path, *one.place): one for one in made.gone}
    left = []
    for one in made.new:
        twin = places.pop((names[one.path], *one.place), None)
        if twin is None:
            left.append(one)
        else:
            made.pairs.append((twin, one))
    made.gone, made.new = list(places.values()), left
    return made


def match_opened(made: Matched, opened: Opened) -> None:
    """Put together what holds the same plaintext at different places."""
    if made.gone and made.new:
        opened.open((*made.gone, *made.new))
        gone = ((one, opened.hash_of(one)) for one in made.gone)
        _by(made, gone, ((one, opened.hash_of(one)) for one in made.new), {})


def _by(
    made: Matched,
    gone: Iterable[tuple[Standing, bytes | None]],
    new: Iterable[tuple[Standing, bytes | None]],
    names: dict[str, str],
) -> None:
    """Put together by something that both have; of several the one of the same file, then the first."""
    there: dict[tuple[bytes, str | None], dict[Standing, None]] = defaultdict(dict)
    for one, mark in gone:
        if mark is not None:
            there[mark, one.path][one] = None
            there[mark, None][one] = None
    taken: set[Standing] = set()
    left = []
    for one, mark in new:
        twin = None
        if mark is not None:
            for path in (names.get(one.path, one.path), None):
                twin = next(iter(there.get((mark, path), ())), None)
                if twin is not None:
                    del there[mark, twin.path][twin], there[mark, None][twin]
                    break
        if twin is None:
            left.append(one)
        else:
            taken.add(twin)
            made.pairs.append((twin, one))
    made.gone = [one for one in made.gone if one not in taken]
    made.new = left
