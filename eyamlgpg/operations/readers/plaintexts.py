"""Whether two messages hold the same plaintext, as far as that can be told; no plaintext is kept."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b

from eyamlgpg.model.keys import HIDDEN_KEY_ID, KeyId
from eyamlgpg.operations.readers.past_values import PastMessage


class Plaintexts:
    """What is known of plaintexts in one run: a keyed hash of each that was opened, under a key made for the run.

    Somebody who asks for a plaintext that was not opened yet gets no answer, and the message is remembered as wanted.
    So a run asks, opens what is wanted, and asks again, until nothing more is wanted.
    """

    def __init__(self, messages: Iterable[PastMessage], own: frozenset[KeyId], run_key: bytes) -> None:
        """`own`: the key IDs whose secret keys are at hand; without any, no message is ever wanted."""
        self._run_key = run_key
        self._hashes: dict[bytes, bytes] = {}
        self._openable: dict[bytes, list[PastMessage]] = {}
        self._wanted: dict[bytes, list[PastMessage]] = {}
        for message in messages if own else ():
            if not own.isdisjoint(message.key_ids) or HIDDEN_KEY_ID in message.key_ids:
                self._openable.setdefault(message.packet, []).append(message)

    @property
    def can_open(self) -> bool:
        """Whether a key is at hand that may open any of the messages."""
        return bool(self._openable or self._hashes)

    def hash_of(self, message: PastMessage) -> bytes | None:
        """The keyed hash of a plaintext; None where it is not opened."""
        known = self._hashes.get(message.packet)
        if known is None and message.packet in self._openable:
            self._wanted[message.packet] = self._openable[message.packet]
        return known

    def same(self, one: PastMessage, other: PastMessage) -> bool | None:
        """Whether two messages hold the same plaintext; None where that cannot be told."""
        if one.packet == other.packet:
            return True
        first, second = self.hash_of(one), self.hash_of(other)
        return None if first is None or second is None else first == second

    def take_wanted(self) -> Sequence[PastMessage]:
        """One message for each data packet that was asked for; it is not wanted again, unless another may open it."""
        wanted = [messages.pop(0) for messages in self._wanted.values()]
        for packet in self._wanted:
            if not self._openable[packet]:
                del self._openable[packet]
        self._wanted = {}
        return wanted

    def learn(self, message: PastMessage, plaintext: bytes) -> None:
        """Remember the hash of an opened message."""
        self._hashes[message.packet] = blake2b(plaintext, key=self._run_key, digest_size=32).digest()
        self._openable.pop(message.packet, None)
