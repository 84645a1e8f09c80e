"""How far one value is done: whether its plaintext of today is one that a person could read."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from eyamlgpg.model.history import Commit
from eyamlgpg.model.keys import HIDDEN_KEY_ID
from eyamlgpg.model.rotation import Due, Moment, Person, Place, Reason, Status
from eyamlgpg.operations.readers.plaintexts import Plaintexts
from eyamlgpg.operations.readers.standings import Followed, Standing


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges every value of one history for one person."""

    person: Person
    commits: Sequence[Commit]
    followed: Followed
    texts: Plaintexts
    read: frozenset[bytes]
    """The data packets of every message that named the person."""
    hidden: frozenset[bytes]
    """Those of messages with hidden readers."""
    older: frozenset[int] = frozenset()
    """The commits that do not count, but for what still stood in the last of them."""

    def worklist(self) -> Iterator[Due]:
        """All values that the person could ever read, by place."""
        today = {one.place: one for file in self.followed.today.values() for one in file.values()}
        originals = self._originals()
        for place, standings in sorted(self.followed.by_place.items(), key=lambda one: one[0]):
            now = today.get(place)
            if now is None and place in self.followed.moved:
                continue
            own, every = _own(standings), _reached(standings)
            could_read = [one for one in every if one.message.packet in self.read and self._counts(one)]
            hidden = [one for one in every if one.message.packet in self.hidden and self._counts(one)]
            if not (could_read or hidden):
                continue
            first = min(could_read or hidden, key=lambda one: one.commit)
            until = self._until(own, now) if any(map(self._is_reader, own)) else self._until(every, now)
            if now is None:
                ended = max((self.followed.ends.get(one, -1) for one in standings), default=-1)
                reason = Reason.REMOVED if ended >= 0 else Reason.ELSEWHERE
                status, changed = Status.GONE, self._moment(ended) if ended >= 0 else Moment()
            else:
                status, reason = self._status(now, could_read, hidden, every)
                changed = self._moment(self._set(now))
            copied_from = self._copied_from(place, own, originals)
            yield Due(place, status, reason, self._moment(first.commit), until, changed, copied_from)

    def _status(
        self, now: Standing, could_read: Sequence[Standing], hidden: Sequence[Standing], every: Iterable[Standing]
    ) -> tuple[Status, Reason]:
        if self._is_reader(now):
            return Status.DUE, Reason.READER
        if any(one.message.packet == now.message.packet for one in could_read):
            return Status.DUE, Reason.SAME_PACKET
        answers = {self.texts.same(one.message, now.message) for one in could_read}
        if True in answers:
            return Status.DUE, Reason.SAME_PLAINTEXT
        if None in answers:
            # What is not committed yet may as well have been set anew in the same change.
            removals = (one for one, _ in self._removals(every) if one.commit < len(self.commits))
            if any(one.message.packet == now.message.packet for one in removals):
                return Status.DUE, Reason.NOT_REWRITTEN
            return Status.UNKNOWN, Reason.NO_KEY
        if any(self.texts.same(one.message, now.message) is not False for one in hidden):
            return Status.UNKNOWN, Reason.HIDDEN
        return Status.CHANGED, Reason.DIFFERENT

    def _until(self, standings: Iterable[Standing], now: Standing | None) -> Moment | None:
        if now is not None and self._is_reader(now):
            return None
        ended = [one.commit for one, _ in self._removals(standings)]
        ended += [self.followed.ends[one] for one in standings if one in self.followed.ends and self._is_reader(one)]
        return self._moment(max(ended)) if ended else None

    def _removals(self, standings: Iterable[Standing]) -> Iterator[tuple[Standing, Standing]]:
        """Each message that does not name the person, and that took the place of one that did."""
        for one in standings:
            if not one.is_copy and not self._is_reader(one):
                yield from ((one, before) for before in one.before if self._is_reader(before))

    def _set(self, now: Standing) -> int:
        """The commit that set today's plaintext: as far back as it is known to be the same."""
        seen, ahead = {now}, [now]
        while ahead:
            for before in ahead.pop().before:
                if before not in seen and self.texts.same(before.message, now.message):
                    seen.add(before)
                    ahead.append(before)
        return min(one.commit for one in seen)

    def _copied_from(self, place: Place, own: Iterable[Standing], originals: dict[bytes, Place]) -> Place | None:
        copies = [one for one in own if one.is_copy]
        if copies:
            return min(copies, key=lambda one: one.commit).before[0].place
        if any(map(self._is_reader, own)):
            return None
        # They could open the same data packet elsewhere.
        places = (originals.get(one.message.packet) for one in sorted(own, key=lambda one: one.commit))
        return next((other for other in places if other is not None and other != place), None)

    def _originals(self) -> dict[bytes, Place]:
        """Where each data packet stood first in a message to the person."""
        found: dict[bytes, Standing] = {}
        for standings in self.followed.by_place.values():
            for one in standings:
                known = found.get(one.message.packet)
                if self._is_reader(one) and (known is None or (one.commit, one.place) < (known.commit, known.place)):
                    found[one.message.packet] = one
        return {packet: one.place for packet, one in found.items()}

    def _is_reader(self, one: Standing) -> bool:
        return not self.person.key_ids.isdisjoint(one.message.key_ids)

    def _counts(self, one: Standing) -> bool:
        return one.commit not in self.older or one in self.followed.at_since

    def _moment(self, number: int) -> Moment:
        if number >= len(self.commits):
            return Moment()
        commit = self.commits[number]
        return Moment(commit.commit_id, commit.date, commit.author)


def is_hidden(key_ids: Iterable[str]) -> bool:
    """Whether a message does not name all of its readers."""
    return HIDDEN_KEY_ID in key_ids


def _own(standings: Iterable[Standing]) -> set[Standing]:
    """What a place held, and what it continues; not what it is a copy of."""
    return _walked(standings, with_copies=False)


def _reached(standings: Iterable[Standing]) -> set[Standing]:
    """The same with what it is a copy of."""
    return _walked(standings, with_copies=True)


def _walked(standings: Iterable[Standing], *, with_copies: bool) -> set[Standing]:
    seen = set(standings)
    ahead = list(seen)
    while ahead:
        one = ahead.pop()
        if one.is_copy and not with_copies:
            continue
        for before in one.before:
            if before not in seen:
                seen.add(before)
                ahead.append(before)
    return seen
