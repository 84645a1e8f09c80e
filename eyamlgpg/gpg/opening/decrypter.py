"""Opening messages with gpg and its agent: one, or many by a small number of processes."""

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

from eyamlgpg.errors import (
    BrokenOff,
    DamagedMessage,
    FormatError,
    NoSecretKey,
    WrongPassphrase,
)
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.opening import proof
from eyamlgpg.gpg.opening.engine import NEVER_ASK, WRITES_HERE, Engine
from eyamlgpg.gpg.opening.failures import Failures
from eyamlgpg.gpg.session import Session
from eyamlgpg.model import limits
from eyamlgpg.model.key_ids import HIDDEN_KEY_ID, KeyId
from eyamlgpg.model.messages import Decrypted, bounded, oversized

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

WORKERS = 3
"""gpg processes at a time: two to four saturate the agent, and beyond some sixteen its secure memory runs out."""


class GnupgDecrypter:
    """`operations.ports.Decrypter` by gpg; the agent and its pinentry ask for passphrases."""

    def __init__(self, session: Session, keyring: GnupgKeyring | None = None) -> None:
        """`keyring`: the run's listing, asked only after a failure, for whose keys are here."""
        self._session = session
        self._keyring = keyring or GnupgKeyring(session)
        self._refused: dict[KeyId, WrongPassphrase] = {}
        self._met: set[frozenset[KeyId]] = set()
        self._failures = Failures(session, self._keyring)
        self._engine = Engine(session)

    def decrypt(self, message: bytes) -> bytes:
        """The exact plaintext of one binary OpenPGP message; raises DecryptionError, GnupgError for a missing gpg."""
        return self._alone(message).value()

    def decrypt_many(self, messages: Iterable[bytes]) -> Iterator[Decrypted]:
        """One result a message, in order. The first to each set of recipients goes alone, so as to be asked for once.

        A failure is tried once more alone before it is believed: an agent out of secure memory says that there is no
        secret key. A refused passphrase is not asked for again. Of the plaintexts no more than `limits.TOGETHER` is
        given; each one after that is an OversizedPlaintext.
        """
        return bounded(self.open_each(messages))

    def open_each(self, messages: Iterable[bytes]) -> Generator[Decrypted, None, None]:
        """The same without a bound on all of them together, for a caller that lets go of each before the next few."""
        under_way: deque[tuple[bytes, Future[Decrypted]]] = deque()
        with ExitStack() as stack:
            pool: ThreadPoolExecutor | None = None
            try:
                for message in messages:
                    if not self._is_met(message):
                        while under_way:
                            yield self._believed(*under_way.popleft(), under_way)
                        yield self._alone(message)
                        continue
                    pool = pool or stack.enter_context(_pool())
                    under_way.append((message, pool.submit(self._once, message, limits.AT_ONCE)))
                    if len(under_way) > 2 * WORKERS:
                        yield self._believed(*under_way.popleft(), under_way)
                while under_way:
                    yield self._believed(*under_way.popleft(), under_way)
            except BaseException:  # a signal, or a reader who wants no more
                for _, future in under_way:
                    future.cancel()
                self._stop()
                raise

    def session_key(self, message: bytes) -> None:
        """None: gpg would tell it among its words only, in which nothing secret is to be."""

    def foreign(self, message: bytes) -> NoSecretKey | None:
        """The error for a message that certainly no secret key here opens, told without gpg; None for any other."""
        try:
            told = packets.read(message)
        except FormatError:
            return None
        # A listing without any secret key may only mean that the agent was not there to tell.
        if told.symmetric or not self._keyring.own_key_ids() or self._may_be_ours(message):
            return None
        return self._failures.no_secret_key(told.key_ids)

    def _believed(
        self, message: bytes, future: "Future[Decrypted]", others: Iterable[tuple[bytes, "Future[Decrypted]"]]
    ) -> Decrypted:
        result = future.result()
        if result.error is None or isinstance(result.error, DamagedMessage | WrongPassphrase):
            return result
        if isinstance(result.error, NoSecretKey) and not self._may_be_ours(message):
            return result
        for _, other in others:
            other.exception()  # waits for its end
        return self._alone(message)

    def _alone(self, message: bytes) -> Decrypted:
        """Once; where gpg or its agent broke off, once more."""
        try:
            result = self._once(message, limits.PLAINTEXT)
            return self._once(message, limits.PLAINTEXT) if isinstance(result.error, BrokenOff) else result
        except BaseException:
            self._stop()
            raise

    def _stop(self) -> None:
        self._engine.stop()

    def _is_met(self, message: bytes) -> bool:
        """Whether a message to the same keys was tried before, so that nobody will be asked for a passphrase now."""
        try:
            return frozenset(packets.read(message).key_ids) in self._met
        except FormatError:
            return True

    def _once(self, message: bytes, limit: int) -> Decrypted:
        try:
            told = packets.read(message)
        except FormatError as error:
            return Decrypted(None, DamagedMessage(f"not a whole OpenPGP message: {error.sentence}", *error.hints))
        if not told.integrity_protected:
            return Decrypted(None, DamagedMessage("a message without integrity protection, which gpg refuses"))
        key_ids = told.key_ids
        refused = [self._refused[key_id] for key_id in key_ids if key_id in self._refused]
        if refused and not self._own(key_ids) - self._refused.keys():
            return Decrypted(None, refused[0])
        # Another key of ours may open it all the same, as long as nobody is asked about the refused one again.
        ran = self._engine.opened(message, *WRITES_HERE, proof.bound(limit), *([NEVER_ASK] if refused else []))
        self._met.add(frozenset(key_ids))
        statuses = ran.statuses
        if len(ran.stdout) > limit:
            return oversized("it unfolds", limit)
        if proof.is_whole(statuses, ran.stderr, ran.stdout) and proof.ended_well(ran) and proof.holds_no_words(ran):
            return Decrypted(ran.stdout)
        failure = self._failures.of(ran, key_ids)
        # Of a message that a passphrase opens, too, it may be that one which was asked for.
        if isinstance(failure, WrongPassphrase) and not told.symmetric:
            # Not by gpg's NO_SECKEY: gpg 2.4 says that of a key whose passphrase was refused, too.
            for key_id in self._own(key_ids):
                self._refused.setdefault(key_id, failure)
            failure = refused[0] if refused else failure
        return Decrypted(None, failure)

    def _may_be_ours(self, message: bytes) -> bool:
        return bool(self._own(packets.read(message).key_ids))

    def _own(self, key_ids: Iterable[KeyId]) -> frozenset[KeyId]:
        """Of these key IDs those that a secret key here may stand behind: a hidden one always may."""
        return frozenset(key_ids) & (self._keyring.own_key_ids() | {HIDDEN_KEY_ID})


def _pool() -> "ThreadPoolExecutor":
    from concurrent.futures import ThreadPoolExecutor  # which one value has no use for

    return ThreadPoolExecutor(WORKERS)
