"""Opening messages with gpg and its agent, through python-gnupg: one, or many by a small number of processes."""

import logging
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from typing import Any

from eyamlgpg.errors import DamagedMessage, DecryptionError, FormatError, NoSecretKey, WrongPassphrase
from eyamlgpg.formats import packets, status
from eyamlgpg.formats.status import Keyword, Statuses
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.session import Session, missing
from eyamlgpg.model.decrypted import Decrypted
from eyamlgpg.model.keys import HIDDEN_KEY_ID, KeyId

WORKERS = 3
"""gpg processes at a time: two to four saturate the agent, and beyond some sixteen its secure memory runs out."""


class GnupgDecrypter:
    """`operations.ports.Decrypter` by gpg; the agent and its pinentry ask for passphrases."""

    def __init__(self, session: Session, keyring: GnupgKeyring | None = None) -> None:
        """`keyring`: the run's listing, asked only after a failure, for whose keys are here."""
        self._session = session
        self._keyring = keyring or GnupgKeyring(session)
        self._refused: dict[KeyId, WrongPassphrase] = {}

    def decrypt(self, message: bytes) -> bytes:
        """The exact plaintext of one binary OpenPGP message; raises DecryptionError, GnupgError for a missing gpg."""
        return self._alone(message).value()

    def decrypt_many(self, messages: Iterable[bytes]) -> Iterator[Decrypted]:
        """One result a message, in order. The first goes alone, so that a passphrase is asked for once.

        A failure is tried once more alone before it is believed: an agent out of secure memory says that there is no
        secret key. A refused passphrase is not asked for again.
        """
        source = iter(messages)
        for first in source:
            yield self._alone(first)
            break
        under_way: deque[tuple[bytes, Future[Decrypted]]] = deque()
        with ThreadPoolExecutor(WORKERS) as pool:
            try:
                for message in source:
                    under_way.append((message, pool.submit(self._once, message)))
                    if len(under_way) > 2 * WORKERS:
                        yield self._believed(*under_way.popleft())
                while under_way:
                    yield self._believed(*under_way.popleft())
            finally:
                for _, future in under_way:
                    future.cancel()

    def foreign(self, message: bytes) -> NoSecretKey | None:
        """The error for a message that certainly no secret key here opens, told without gpg; None for any other."""
        try:
            told = packets.read(message)
        except FormatError:
            return None
        # A listing without any secret key may only mean that the agent was not there to tell.
        if told.symmetric or not self._keyring.own_key_ids() or self._may_be_ours(message):
            return None
        return self._no_secret_key(told.key_ids)

    def _believed(self, message: bytes, future: "Future[Decrypted]") -> Decrypted:
        result = future.result()
        if result.error is None or isinstance(result.error, DamagedMessage | WrongPassphrase):
            return result
        return (
            result if isinstance(result.error, NoSecretKey) and not self._may_be_ours(message) else self._alone(message)
        )

    def _alone(self, message: bytes) -> Decrypted:
        return self._once(message)

    def _once(self, message: bytes) -> Decrypted:
        try:
            told = packets.read(message)
        except FormatError as error:
            return Decrypted(None, DamagedMessage(f"not a whole OpenPGP message: {error.sentence}", *error.hints))
        if not told.integrity_protected:
            return Decrypted(None, DamagedMessage("a message without integrity protection, which gpg refuses"))
        key_ids = told.key_ids
        for key_id in key_ids:
            if key_id in self._refused:
                return Decrypted(None, self._refused[key_id])
        made = self._gpg.decrypt(message)
        statuses = status.parse(made.stderr.encode("utf-8", "replace"))
        if statuses.has(Keyword.DECRYPTION_OKAY) and not statuses.has(Keyword.DECRYPTION_FAILED):
            return Decrypted(made.data)
        failure = self._failure(statuses, key_ids)
        if isinstance(failure, WrongPassphrase):
            ours = set(statuses.encrypted_to) - set(statuses.without_secret)
            self._refused |= dict.fromkeys(ours & set(key_ids), failure)
        return Decrypted(None, failure)

    def _failure(self, statuses: Statuses, key_ids: tuple[KeyId, ...]) -> DecryptionError:
        codes = statuses.codes
        if codes & status.WRONG:
            return WrongPassphrase("the passphrase was wrong")
        if codes & status.CANCELLED:
            return WrongPassphrase("the passphrase was not given")
        if codes & status.NOT_ASKED:
            return WrongPassphrase(
                "the passphrase could not be asked for", "install a pinentry, and run `export GPG_TTY=$(tty)` before"
            )
        # NO_SECKEY comes for each of the other recipients, too; DECRYPTION_INFO once a session key was found.
        if not statuses.has(Keyword.DECRYPTION_INFO):
            return self._no_secret_key(key_ids)
        return DamagedMessage("the message is damaged: it fails its integrity check")

    def _no_secret_key(self, key_ids: tuple[KeyId, ...]) -> NoSecretKey:
        return NoSecretKey(f"no secret key here opens it; it is encrypted to {self._people(key_ids)}")

    def _people(self, key_ids: tuple[KeyId, ...]) -> str:
        """Whom a message is for, by name where the keyring knows."""
        return ", ".join(dict.fromkeys(self._person(key_id) for key_id in key_ids)) or "a passphrase"

    def _person(self, key_id: KeyId) -> str:
        if key_id == HIDDEN_KEY_ID:
            return "a hidden recipient"
        key = self._keyring.find(key_id)
        return key.user_id if key is not None else f"the unknown key {key_id}"

    def _may_be_ours(self, message: bytes) -> bool:
        named = set(packets.read(message).key_ids)
        return HIDDEN_KEY_ID in named or bool(named & self._keyring.own_key_ids())

    @cached_property
    def _gpg(self) -> Any:
        import gnupg

        # Its debug log holds the first bytes of what it reads.
        logging.getLogger("gnupg").disabled = True
        self._session.require()
        try:
            return gnupg.GPG(
                gnupghome=str(self._session.homedir),
                env=self._session.environment,
                options=self._session.argv([])[2:],
                encoding="utf-8",
            )
        except OSError as error:
            raise missing() from error
