"""Plaintexts that a diff compares: each message is opened once, and none after a failure that all would share."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager

from eyamlgpg.errors import DamagedMessage, NoSecretKey, OversizedPlaintext
from eyamlgpg.model.keys import KeyId
from eyamlgpg.model.messages import Decrypted
from eyamlgpg.operations.diff.values import Standing
from eyamlgpg.operations.ports import Decrypter
from eyamlgpg.operations.readers.past_values import PastMessage
from eyamlgpg.operations.readers.plaintexts import Plaintexts

_OF_ONE_MESSAGE = (NoSecretKey, DamagedMessage, OversizedPlaintext)
"""Failures after which another message may open all the same."""

Watch = Callable[[int], AbstractContextManager[Callable[[int], None]]]
"""Given how many messages are opened now, a block in which a function is told how many are done."""


class Opened:
    """Whether two values hold the same, as far as the keys at hand can tell."""

    def __init__(
        self,
        values: Iterable[Standing],
        own: frozenset[KeyId],
        run_key: bytes,
        decrypter: Callable[[], Decrypter],
        watch: Watch,
        *,
        keeps: bool,
    ) -> None:
        """`own`: the key IDs whose secret keys are at hand; without any, nothing is opened. `keeps`: the plaintexts."""
        every = tuple(values)
        self._own = own
        self._texts = Plaintexts((one.past for one in every), own, run_key)
        self._messages: Mapping[bytes, bytes] = {one.past.digest: one.message for one in every}
        self._decrypter = decrypter
        self._watch = watch
        self._keeps = keeps
        self._kept: dict[bytes, bytes] = {}
        self.failure: str | None = None
        """Why nothing more was opened."""

    def same(self, one: Standing, other: Standing) -> bool | None:
        """Whether two values hold the same; None where that cannot be told."""
        return self._texts.same(one.past, other.past)

    def hash_of(self, one: Standing) -> bytes | None:
        """What is equal for equal plaintexts; None for what was not opened."""
        return self._texts.hash_of(one.past)

    def plaintext(self, one: Standing) -> bytes | None:
        """The plaintext, where they are kept."""
        return self._kept.get(one.past.packet)

    def open(self, values: Iterable[Standing]) -> None:
        """Open these, as far as the keys at hand can."""
        for one in values:
            self._texts.hash_of(one.past)
        while self.failure is None and (wanted := self._texts.take_wanted()):
            under_way: deque[PastMessage] = deque()
            results = self._decrypter().decrypt_many(self._given(wanted, under_way))
            with self._watch(len(wanted)) as show:
                for done, result in enumerate(results, start=1):
                    self._take(under_way.popleft(), result)
                    show(done)

    def _take(self, message: PastMessage, result: Decrypted) -> None:
        if result.plaintext is not None:
            self._texts.learn(message, result.plaintext)
            if self._keeps:
                self._kept[message.packet] = result.plaintext
        elif result.error is not None and not isinstance(result.error, _OF_ONE_MESSAGE):
            self.failure = result.error.sentence

    def _given(self, wanted: Iterable[PastMessage], under_way: "deque[PastMessage]") -> Iterator[bytes]:
        for message in wanted:
            if self.failure is not None:
                return
            under_way.append(message)
            yield self._messages[message.digest]
