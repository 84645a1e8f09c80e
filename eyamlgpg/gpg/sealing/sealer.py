"""Making messages: in this process for the usual kinds of keys, by gpg for all others; what was made is checked.

Who may read, and which subkey of theirs, was judged by gpg's listing; here only numbers are encrypted to.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from eyamlgpg.errors import FormatError, GnupgError
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import Fingerprint, Subkey

if TYPE_CHECKING:
    from eyamlgpg.formats.openpgp.session_key import SessionKey
    from eyamlgpg.gpg.sealing.extended import Extender
    from eyamlgpg.gpg.sealing.pkesk import Reader


class Exporter(Protocol):
    """Has the certificates of the recipients: `gpg.keyring.GnupgKeyring`, or a copy of what it exported."""

    def export(self, subkeys: Iterable[Subkey]) -> bytes:
        """As `GnupgKeyring.export`."""
        ...


class OpenpgpEncrypter:
    """`operations.ports.Encrypter`: the keys are exported and read once for each set of subkeys."""

    def __init__(self, session: Session, keyring: Exporter) -> None:
        self._session = session
        self._keyring = keyring
        self._readers: dict[frozenset[Fingerprint], list[Reader] | None] = {}
        self._extenders: dict[frozenset[Fingerprint], Extender] = {}

    def encrypt(self, plaintext: bytes, subkeys: Sequence[Subkey]) -> bytes:
        """A binary OpenPGP message to exactly these subkeys; GnupgError where that cannot be made."""
        if not subkeys:
            raise GnupgError("there is nobody to encrypt to")
        message = self._in_process(plaintext, subkeys)
        if message is not None and names_exactly(message, subkeys):
            return message
        from eyamlgpg.gpg.sealing.by_gpg import seal_by_gpg

        message = seal_by_gpg(self._session, plaintext, subkeys, self._keyring.export(subkeys))
        if not names_exactly(message, subkeys):
            raise GnupgError("gpg made a message to other keys than those asked for, so it is not used")
        return message

    def for_file(
        self,
        path: Path,  # noqa: ARG002 - as the port has it
        standing: Callable[[], Iterable[bytes]] = tuple,  # noqa: ARG002 - as above
    ) -> "OpenpgpEncrypter":
        """The same for every file: each message has a session key of its own."""
        return self

    def header(self, key: "SessionKey", subkeys: Sequence[Subkey]) -> bytes | None:
        """The session key packets for these subkeys; None where the kind of one is not known here."""
        from eyamlgpg.gpg.sealing.pkesk import session_keys

        readers = self._known(subkeys)
        try:
            return None if readers is None else b"".join(session_keys(key, readers))
        except ValueError:
            self._readers[_chosen(subkeys)] = None
            return None

    def extend(
        self, message: bytes, key: "SessionKey", newcomers: Sequence[Subkey], subkeys: Sequence[Subkey]
    ) -> bytes | None:
        """The message with newcomers added, so that it is for exactly these subkeys; its encrypted data stays.

        None where that cannot be made here, or would not be for exactly them.
        """
        from eyamlgpg.gpg.sealing.extended import Extender

        readers = self._known(newcomers)
        if readers is None:
            return None
        chosen = _chosen(newcomers)
        extender = self._extenders.setdefault(chosen, Extender(readers))
        try:
            extended = extender.extended(message, key)
        except ValueError:
            self._readers[chosen] = None
            return None
        return extended if names_exactly(extended, subkeys) else None

    def _in_process(self, plaintext: bytes, subkeys: Sequence[Subkey]) -> bytes | None:
        from eyamlgpg.gpg.sealing.in_process import seal

        readers = self._known(subkeys)
        if readers is None:
            return None
        try:
            return seal(plaintext, readers)
        except ValueError:
            self._readers[_chosen(subkeys)] = None
            return None

    def _known(self, subkeys: Sequence[Subkey]) -> "list[Reader] | None":
        """A reader for each subkey; None where the kind of one is not known here."""
        # Loads OpenSSL, which most runs have no use for.
        from eyamlgpg.gpg.sealing.in_process import readers_of

        chosen = _chosen(subkeys)
        if chosen not in self._readers:
            self._readers[chosen] = readers_of(self._keyring.export(subkeys), subkeys)
        return self._readers[chosen]


def _chosen(subkeys: Sequence[Subkey]) -> frozenset[Fingerprint]:
    return frozenset(subkey.fingerprint for subkey in subkeys)


def names_exactly(message: bytes, subkeys: Sequence[Subkey]) -> bool:
    """Whether a message is encrypted to exactly these subkeys, each once, integrity-protected, without a passphrase."""
    try:
        told = packets.read(message)
    except FormatError:
        return False
    wanted = {subkey.key_id for subkey in subkeys}
    return sorted(told.key_ids) == sorted(wanted) and told.integrity_protected and not told.symmetric
