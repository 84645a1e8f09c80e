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
        self._distinct: dict[bytes, bytes] = {}
        """Each hash once, since most messages are an old plaintext encrypted anew."""
        self._wanted: set[bytes] = set()
        self._openable = [
            message
            for message in (messages if own else ())
            if not own.isdisjoint(message.key_ids) or HIDDEN_KEY_ID in message.key_ids
        ]

    @property
    def can_open(self) -> bool:
        """Whether a key is at hand that may open any of the messages."""
        return bool(self._openable or self._hashes)

    def hash_of(self, message: PastMessage) -> bytes | None:
        """The keyed hash of a plaintext; None where it is not opened."""
        known = self._hashes.get(message.packet)
        if known is None and self._openable:
            self._wanted.add(message.packet)
        return known

    def want(self, packets: Iterable[bytes]) -> None:
        """Ask for the plaintexts of many data packets at once, as `hash_of` does for one."""
        self._wanted.update(packet for packet in packets if packet not in self._hashes)

    def same(self, one: PastMessage, other: PastMessage) -> bool | None:
        """Whether two messages hold the same plaintext; None where that cannot be told."""
        if one.packet == other.packet:
            return True
        first, second = self.hash_of(one), self.hash_of(other)
        return None if first is None or second is None else first == second

    def take_wanted(self) -> Sequence[PastMessage]:
        """One message that may be opened for each data packet that was asked for; no message is taken twice."""
        wanted, self._wanted = self._wanted, set()
        taken, left = list[PastMessage](), list[PastMessage]()
        for message in self._openable if wanted else ():
            if message.packet in wanted:
                wanted.remove(message.packet)
                taken.append(message)
            else:
                left.append(message)
        if taken:
            self._openable = left
        return taken

    def learn(self, message: PastMessage, plaintext: bytes) -> None:
        """Remember the hash of an opened message."""
        told = blake2b(plaintext, key=self._run_key, digest_size=32).digest()
        self._hashes[message.packet] = self._distinct.setdefault(told, told)
