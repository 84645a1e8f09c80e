"""Making messages: in process by Sequoia, by gpg for keys that Sequoia's policy refuses; what was made is checked."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from pysequoia import Cert
from pysequoia import encrypt as sequoia_encrypt

from eyamlgpg.errors import FormatError, GnupgError
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import Fingerprint, Subkey

_PLAINLY = ("--no-options", "--trust-model=always", "--no-armor", "--output=-")
"""How gpg encrypts, without the machine's own gpg.conf either."""

SESSION_KEY_VERSION = 3
"""Of a public-key encrypted session key packet (RFC 9580, 5.1.1), the only one that gpg reads."""


def load_certificates(exported: bytes) -> list[Cert]:
    """The certificates of what `GnupgKeyring.export` gave; Sequoia's own exceptions where it refuses one."""
    return list(Cert.split_bytes(exported))


def encrypt_in_process(plaintext: bytes, certificates: Sequence[Cert]) -> bytes:
    """A binary message to every live encryption subkey of these certificates; Sequoia's own exceptions."""
    return sequoia_encrypt(bytes=plaintext, recipients=list(certificates), armor=False)


def names_exactly(message: bytes, subkeys: Sequence[Subkey]) -> bool:
    """Whether a message is encrypted to these subkeys and no other, integrity-protected, without a passphrase."""
    try:
        told = packets.read(message)
    except FormatError:
        return False
    wanted = {subkey.key_id for subkey in subkeys}
    return set(told.key_ids) == wanted and told.integrity_protected and not told.symmetric


def is_for_gnupg(message: bytes) -> bool:
    """Whether gpg knows the kind of message that Sequoia made: its session keys are of version 3.

    To keys that all ask for it Sequoia writes version 6, with version 2 of the encrypted data (RFC 9580, 5.1 and
    5.13.2). gpg imports and lists such keys, but 2.2 and 2.4 read neither.
    """
    _, body, _, _ = packets.header(message, 0)
    return message[body] == SESSION_KEY_VERSION


class Exporter(Protocol):
    """Has the certificates of the recipients: `gpg.keyring.GnupgKeyring`, or a copy of what it exported."""

    def export(self, subkeys: Iterable[Subkey]) -> bytes:
        """As `GnupgKeyring.export`."""
        ...


class OpenpgpEncrypter:
    """`operations.ports.Encrypter`: certificates are exported and loaded once for each set of subkeys."""

    def __init__(self, session: Session, keyring: Exporter) -> None:
        self._session = session
        self._keyring = keyring
        self._certificates: dict[frozenset[Fingerprint], list[Cert] | None] = {}

    def encrypt(self, plaintext: bytes, subkeys: Sequence[Subkey]) -> bytes:
        """A binary OpenPGP message to exactly these subkeys; GnupgError where that cannot be made."""
        if not subkeys:
            raise GnupgError("there is nobody to encrypt to")
        chosen = frozenset(subkey.fingerprint for subkey in subkeys)
        if chosen not in self._certificates:
            self._certificates[chosen] = self._loaded(subkeys)
        certificates = self._certificates[chosen]
        if certificates is not None:
            message = encrypt_in_process(plaintext, certificates)
            if names_exactly(message, subkeys):
                return message
        message = self._by_gpg(plaintext, subkeys)
        if not names_exactly(message, subkeys):
            raise GnupgError("gpg made a message to other keys than those asked for, so it is not used")
        return message

    def _loaded(self, subkeys: Sequence[Subkey]) -> list[Cert] | None:
        """The certificates, or None where Sequoia would not encrypt to exactly these subkeys.

        It refuses self-signatures with SHA-1, encrypts to a primary key that can itself be encrypted to, and makes
        messages of RFC 9580 to keys that ask for them.
        """
        exported = self._keyring.export(subkeys)
        try:
            certificates = load_certificates(exported)
            trial = encrypt_in_process(b"", certificates)
        except Exception:  # noqa: BLE001 - Sequoia raises bare exceptions; gpg is the judge
            return None
        return certificates if names_exactly(trial, subkeys) and is_for_gnupg(trial) else None

    def _by_gpg(self, plaintext: bytes, subkeys: Sequence[Subkey]) -> bytes:
        recipients = [f"--recipient={subkey.fingerprint}!" for subkey in subkeys]
        # In a home of its own with these keys alone: no gpg.conf may change what is written, and not all that one can
        # do to a message could be overridden or seen (`no-literal`, `textmode`, `passphrase-fd 0`). Validity was judged
        # before.
        with tempfile.TemporaryDirectory(prefix="eg-") as home:
            Path(home, "pubring.gpg").write_bytes(self._keyring.export(subkeys))
            ran = self._session.moved(Path(home)).run([*_PLAINLY, *recipients, "--encrypt"], stdin=plaintext)
        if ran.returncode != 0 or not ran.stdout:
            refused = ", ".join(f"{name} is {reason.words}" for name, reason in ran.statuses.refused)
            raise GnupgError(f"gpg could not encrypt: {refused or ran.reason}")
        return ran.stdout
