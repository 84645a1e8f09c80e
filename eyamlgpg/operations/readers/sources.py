"""What the new values of one commit continue: values that are gone in it, or that they are copies of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from eyamlgpg.model.rotation import Place
from eyamlgpg.operations.readers.past_values import Key, PastMessage
from eyamlgpg.operations.readers.plaintexts import Plaintexts
from eyamlgpg.operations.readers.standings import Standing, State


@dataclass
class Step:
    """A commit that is followed."""

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


class Sources:
    """What the new values of one commit may continue."""

    def __init__(
        self,
        step: Step,
        by_packet: Mapping[bytes, Standing],
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
        packets, hashes = self._of_packet(message), self._by_hash.get(plain or b"", ())
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

    def _of_packet(self, message: PastMessage) -> Sequence[Standing]:
        found: list[Standing] = []
        one = self._by_packet.get(message.packet)
        while one is not None:
            found.append(one)
            one = one.earlier
        return found

    def _stood(self, one: Standing) -> bool:
        place = one.place
        return self._step.base.get(place.path, {}).get((place.key, place.number)) is one


def _nearest(candidates: Iterable[Standing], place: Place) -> Standing:
    return min(candidates, key=lambda one: (one.place.path != place.path, one.place))
