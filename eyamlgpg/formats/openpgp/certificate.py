"""Public keys as packets: which keys a file holds, who signed what, and one stable form to write them in.

    primary key, signatures on it
    user ID, signatures on it               …
    subkey, its binding signature           …

Nothing here verifies a signature: gpg does when it imports, and what it refuses never reaches the keyring. What is read
here is what decides before an import (how many keys, whose, secret or not) and what to write after an export.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
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

    def is_own(self, signature: Signature) -> bool:
        """Whether the primary key made a signature, by what the signature says of itself."""
        return signature.issuer == self.key_id


def parse(content: bytes) -> tuple[Certificate, ...]:
    """Every public key of a file, armored or not; FormatError for a secret key and for anything that is no key."""
    certificates: list[Certificate] = []
    for tag, body in packets_of(dearmored(content)):
        if tag in _SECRET:
            raise FormatError("holds a secret key, not a public key")
        if tag == PUBLIC_KEY:
            certificates.append(Certificate(Component(tag, body), (), ()))
        elif not certificates:
            raise FormatError(NO_KEY)
        else:
            certificates[-1] = _with(certificates[-1], tag, body)
    if not certificates:
        raise FormatError(NO_KEY)
    for certificate in certificates:
        _ = certificate.fingerprint  # raises for a version that is not known
    return tuple(certificates)


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


def _with(certificate: Certificate, tag: int, body: bytes) -> Certificate:
    """The key with one packet more behind it."""
    if tag in (USER_ID, USER_ATTRIBUTE):
        return replace(certificate, user_ids=(*certificate.user_ids, Component(tag, body)))
    if tag == PUBLIC_SUBKEY:
        return replace(certificate, subkeys=(*certificate.subkeys, Component(tag, body)))
    if tag != SIGNATURE:
        raise FormatError(f"holds a packet of type {tag}, which is no part of a public key")
    signature = Signature.read(body)
    if certificate.subkeys:
        return replace(certificate, subkeys=(*certificate.subkeys[:-1], _signed(certificate.subkeys[-1], signature)))
    if certificate.user_ids:
        return replace(certificate, user_ids=(*certificate.user_ids[:-1], _signed(certificate.user_ids[-1], signature)))
    return replace(certificate, primary=_signed(certificate.primary, signature))


def _signed(component: Component, signature: Signature) -> Component:
    return replace(component, signatures=(*component.signatures, signature))


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
