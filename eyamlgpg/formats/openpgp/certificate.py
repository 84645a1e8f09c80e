"""Public keys as packets: which keys a file holds, who signed what, and one stable form to write them in.

    primary key, signatures on it
    user ID, signatures on it               …
    subkey, its binding signature           …

Nothing here verifies a signature: gpg does when it imports, and what it refuses never reaches the keyring. What is read
here is what decides before an import (how many keys, whose, secret or not) and what to write after an export.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha1, sha256

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.openpgp.armor import dearmored
from eyamlgpg.formats.openpgp.packets import MARKER, PADDING, header
from eyamlgpg.formats.openpgp.signature import Signature
from eyamlgpg.model.keys import Fingerprint, KeyId

# The types of packet that a key may consist of (RFC 9580, 5).
SIGNATURE, SECRET_KEY, PUBLIC_KEY, SECRET_SUBKEY, TRUST = 2, 5, 6, 7, 12
USER_ID, PUBLIC_SUBKEY, USER_ATTRIBUTE = 13, 14, 17

NO_KEY = "is no OpenPGP public key"

_SECRET = (SECRET_KEY, SECRET_SUBKEY)
_PASSED_OVER = (MARKER, PADDING, TRUST)


@dataclass(frozen=True, slots=True)
class Component:
    """A primary key, user ID or subkey, with the signatures behind it."""

    tag: int
    body: bytes
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True, slots=True)
class Certificate:
    """One public key, whole."""

    primary: Component
    user_ids: tuple[Component, ...]
    """User attributes (photographs) included."""
    subkeys: tuple[Component, ...]

    @property
    def fingerprint(self) -> Fingerprint:
        """The fingerprint of the primary key (RFC 9580, 5.5.4; version 5: the LibrePGP draft)."""
        body = self.primary.body
        match body[0]:
            case 4:
                return _hexadecimal(sha1(b"\x99" + len(body).to_bytes(2) + body, usedforsecurity=False).digest())
            case 5:
                return _hexadecimal(sha256(b"\x9a" + len(body).to_bytes(4) + body).digest())
            case 6:
                return _hexadecimal(sha256(b"\x9b" + len(body).to_bytes(4) + body).digest())
            case version:
                raise FormatError(f"holds a key of version {version}, which nobody can use safely today")

    @property
    def key_id(self) -> KeyId:
        """The end of a version 4 fingerprint, the beginning of a later one."""
        fingerprint = self.fingerprint
        return KeyId(fingerprint[-16:] if self.primary.body[0] == 4 else fingerprint[:16])

    @property
    def names(self) -> tuple[str, ...]:
        """The user IDs as text; bytes that are not UTF-8 become U+FFFD."""
        return tuple(part.body.decode("utf-8", "replace") for part in self.user_ids if part.tag == USER_ID)

    @property
    def components(self) -> tuple[Component, ...]:
        """Every part, the primary key first."""
        return (self.primary, *self.user_ids, *self.subkeys)


@dataclass(slots=True)
class _Draft:
    """A component whose signatures are being read."""

    tag: int
    body: bytes
    signatures: list[Signature] = field(default_factory=list)

    def done(self) -> Component:
        return Component(self.tag, self.body, tuple(self.signatures))


@dataclass(slots=True)
class _Key:
    """A key whose parts are being read: one packet costs no more behind a thousand others than behind one."""

    primary: _Draft
    user_ids: list[_Draft] = field(default_factory=list)
    subkeys: list[_Draft] = field(default_factory=list)

    def add(self, tag: int, body: bytes) -> None:
        """One packet more."""
        if tag in (USER_ID, USER_ATTRIBUTE):
            self.user_ids.append(_Draft(tag, body))
        elif tag == PUBLIC_SUBKEY:
            self.subkeys.append(_Draft(tag, body))
        elif tag == SIGNATURE:
            (self.subkeys or self.user_ids or [self.primary])[-1].signatures.append(Signature.read(body))
        else:
            raise FormatError(f"holds a packet of type {tag}, which is no part of a public key")

    def done(self) -> Certificate:
        """The key, whole; FormatError for a version that is not known."""
        user_ids, subkeys = (tuple(part.done() for part in parts) for parts in (self.user_ids, self.subkeys))
        made = Certificate(self.primary.done(), user_ids, subkeys)
        _ = made.fingerprint  # raises for a version that is not known
        return made


def parse(content: bytes) -> tuple[Certificate, ...]:
    """Every public key of a file, armored or not; FormatError for a secret key and for anything that is no key."""
    keys: list[_Key] = []
    for tag, body in packets_of(dearmored(content)):
        if tag in _SECRET:
            raise FormatError("holds a secret key, not a public key")
        if tag == PUBLIC_KEY:
            keys.append(_Key(_Draft(tag, body)))
        elif not keys:
            raise FormatError(NO_KEY)
        else:
            keys[-1].add(tag, body)
    if not keys:
        raise FormatError(NO_KEY)
    return tuple(key.done() for key in keys)


def parse_one(content: bytes) -> Certificate:
    """The one public key of a file; FormatError for more than one, and as `parse`."""
    certificates = parse(content)
    if len(certificates) > 1:
        listed = ", ".join(certificate.fingerprint for certificate in certificates)
        raise FormatError(f"holds {len(certificates)} keys ({listed}), and one key a file is taken")
    return certificates[0]


def serialised(certificate: Certificate) -> bytes:
    """The packets of a key, every header in the new format with the shortest length (RFC 9580, 4.2.1)."""
    return b"".join(
        _packet(component.tag, component.body)
        + b"".join(_packet(SIGNATURE, signature.body) for signature in component.signatures)
        for component in certificate.components
    )


def packets_of(binary: bytes) -> Iterator[tuple[int, bytes]]:
    """The tag and body of each packet of a key's file, without armor; FormatError where it is cut short."""
    place = 0
    while place < len(binary):
        try:
            tag, body, length, is_partial = header(binary, place)
        except (FormatError, IndexError):
            raise _unreadable(place) from None
        if is_partial or not length or body + length > len(binary):
            raise _unreadable(place)
        place = body + length
        if tag not in _PASSED_OVER:
            yield tag, binary[body:place]


def _unreadable(place: int) -> FormatError:
    return FormatError("is an OpenPGP key that is damaged or cut short" if place else NO_KEY)


def _packet(tag: int, body: bytes) -> bytes:
    length = len(body)
    if length < 192:
        octets = bytes([length])
    elif length < 8384:
        octets = bytes([(length - 192 >> 8) + 192, (length - 192) & 0xFF])
    else:
        octets = b"\xff" + length.to_bytes(4)
    return bytes([0xC0 | tag]) + octets + body


def _hexadecimal(digest: bytes) -> Fingerprint:
    return Fingerprint(digest.hex().upper())
