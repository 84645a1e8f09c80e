"""Opening messages and encrypting them anew, at the speed of the agent and of all processors together.

A few are done here, one after another. For more, worker processes do both steps, each with one gpg that stays open:
gpg-agent does one private-key operation at a time, and while one worker waits for it the others encrypt.
"""

import os
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from eyamlgpg.errors import EyamlgpgError, GnupgError, WrongPassphrase
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.opening.direct import Judge
from eyamlgpg.gpg.recrypting import worker
from eyamlgpg.gpg.recrypting.pool import Pool, Slot
from eyamlgpg.gpg.sealing.sealer import OpenpgpEncrypter
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.messages import Order, Recrypted

FEW = 10
"""So many orders are done before a worker has started."""

MOST_JOBS = 12
"""Beyond some sixteen gpg processes the agent's secure memory runs out, and it says that there is no secret key."""

WINDOW = 8
"""Orders under way or waiting to be handed on, for each job."""


def usual_jobs() -> int:
    """One worker for each processor, and one that waits for the agent."""
    return min(len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1, 8)


@dataclass(frozen=True, slots=True)
class Effort:
    """How a run is to work."""

    jobs: int
    """Worker processes, from 1 to MOST_JOBS."""
    verify: bool = False
    """Open each new message again and compare (`--verify`)."""


class GnupgRecrypter:
    """`operations.ports.Recrypter` by gpg and OpenSSL."""

    def __init__(
        self,
        session: Session,
        keyring: GnupgKeyring,
        decrypter: Judge,
        encrypter: OpenpgpEncrypter,
        effort: Effort,
    ) -> None:
        self._session = session
        self._keyring = keyring
        self._decrypter = decrypter
        self._encrypter = encrypter
        self._effort = effort
        self._is_refused = False

    def recrypt_many(self, orders: Iterable[Order]) -> Generator[Recrypted, None, None]:
        """One result an order, in order. All go alone until one was opened, so that a passphrase is asked for once.

        A failure in a worker is tried once more alone before it is believed. Once a passphrase was refused, nobody
        asks for it again.
        """
        source = iter(orders)
        few = list(islice(source, FEW))
        every = chain(few, source)
        is_pool_worth_it = len(few) == FEW and self._effort.jobs > 1
        for order in every:
            result = self._alone(order)
            yield result
            if is_pool_worth_it and result.error is None:
                break
        with Pool(self._session, self._keyring.export, self._effort.jobs) as pool:
            yield from self._pooled(every, pool)

    def _pooled(self, orders: Iterable[Order], pool: Pool) -> Iterator[Recrypted]:
        waiting: deque[Slot | Recrypted] = deque()
        for order in orders:
            waiting.append(self._submitted(order, pool))
            while waiting and (len(waiting) > WINDOW * self._effort.jobs or _is_back(waiting[0])):
                yield self._settled(waiting.popleft(), pool)
        while waiting:
            yield self._settled(waiting.popleft(), pool)

    def _submitted(self, order: Order, pool: Pool) -> Slot | Recrypted:
        foreign = self._decrypter.foreign(order.message)
        if foreign is not None:
            return Recrypted((), foreign)
        slot = Slot(order, verify=self._verifiable(order))
        if self._is_refused:
            slot.answer = [worker.FAILED]
        else:
            pool.submit(slot)
        return slot

    def _settled(self, slot: Slot | Recrypted, pool: Pool) -> Recrypted:
        if isinstance(slot, Recrypted):
            return slot
        while slot.answer is None:
            pool.wait()
        what, *messages = slot.answer
        if what != worker.FAILED:
            return Recrypted(tuple(messages), verified=slot.verify)
        pool.drain()
        return self._alone(slot.order)

    def _alone(self, order: Order) -> Recrypted:
        foreign = self._decrypter.foreign(order.message)
        if foreign is not None:
            return Recrypted((), foreign)
        try:
            plaintext = self._decrypter.decrypt(order.message)
            made = tuple(self._encrypter.encrypt(plaintext, readers) for readers in order.recipient_sets)
            verify = self._verifiable(order)
            ours = [message for message, is_ours in zip(made, verify, strict=False) if is_ours]
            if any(self._decrypter.decrypt(one) != plaintext for one in ours):
                raise GnupgError("the new message does not hold what the old one did, so it is not used")
        except EyamlgpgError as error:
            self._is_refused = self._is_refused or isinstance(error, WrongPassphrase)
            return Recrypted((), error)
        return Recrypted(made, verified=verify)

    def _verifiable(self, order: Order) -> tuple[bool, ...]:
        """Of each new message whether we are among those who can read it; empty where nobody asked for that."""
        if not self._effort.verify:
            return ()
        own = self._keyring.own_key_ids()
        return tuple(any(subkey.key_id in own for subkey in readers) for readers in order.recipient_sets)


def _is_back(slot: Slot | Recrypted) -> bool:
    return isinstance(slot, Recrypted) or slot.answer is not None
