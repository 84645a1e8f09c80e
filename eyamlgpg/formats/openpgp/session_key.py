"""Session keys, and the form in which they are encrypted to a key (RFC 9580, 5.1.3, 5.1.5, 11.5; PKCS #1 v1.5).

Reading fails in one way only, whatever is wrong: LeftToGnupg with `Unusual.DAMAGED`.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

from eyamlgpg.formats.openpgp.framing import number
from eyamlgpg.formats.openpgp.public_keys import EcdhKey
from eyamlgpg.formats.openpgp.unusual import LeftToGnupg, Unusual

AES128, AES192, AES256 = 7, 8, 9
KEY_SIZES = {AES128: 16, AES192: 24, AES256: 32}
"""Octets in a key, by the number of the cipher (RFC 9580, 9.3)."""

HASHES = {8: "sha256", 9: "sha384", 10: "sha512"}
"""The hashes of an ECDH key's derivation, by their numbers (RFC 9580, 9.5)."""

ECDH = 18

_SHORTEST_PADDING = 8
"""Octets that are not zero in front of an RSA-encrypted key (RFC 8017, 7.2.1)."""


@dataclass(frozen=True, slots=True)
class SessionKey:
    """The key of one message's data; it never shows in a `repr`."""

    cipher: int
    octets: bytes = field(repr=False)


def framed(key: SessionKey) -> bytes:
    """The cipher's number, the key, and the sum of the key's octets."""
    return bytes([key.cipher]) + key.octets + (sum(key.octets) & 0xFFFF).to_bytes(2)


def unframed(octets: bytes) -> SessionKey:
    """The session key in its frame."""
    key, checksum = octets[1:-2], octets[-2:]
    if len(octets) < 3 or not hmac.compare_digest((sum(key) & 0xFFFF).to_bytes(2), checksum):
        raise LeftToGnupg(Unusual.DAMAGED)
    if octets[0] not in KEY_SIZES:
        raise LeftToGnupg(Unusual.OLD_CIPHER)
    if len(key) != KEY_SIZES[octets[0]]:
        raise LeftToGnupg(Unusual.DAMAGED)
    return SessionKey(octets[0], key)


def rsa_fields(encrypted: bytes) -> bytes:
    """The one number of a session key packet for an RSA key."""
    value, end = number(encrypted)
    if end != len(encrypted):
        raise LeftToGnupg(Unusual.DAMAGED)
    return value


def ecdh_fields(encrypted: bytes) -> tuple[bytes, bytes]:
    """The sender's ephemeral point and the wrapped session key of a session key packet for an ECDH key."""
    point, end = number(encrypted)
    wrapped = encrypted[end + 1 :]
    if end >= len(encrypted) or encrypted[end] != len(wrapped) or not wrapped:
        raise LeftToGnupg(Unusual.DAMAGED)
    return point, wrapped


def without_rsa_padding(block: bytes) -> bytes:
    """What stands behind `00 02`, octets that are not zero, and `00`; the first `00` may be missing, as in a number."""
    block = block.removeprefix(b"\0")
    end = block.find(b"\0")
    if block[:1] != b"\2" or end < 1 + _SHORTEST_PADDING:
        raise LeftToGnupg(Unusual.DAMAGED)
    return block[end + 1 :]


def padded_to_wrap(octets: bytes) -> bytes:
    """Filled up to a multiple of 8 octets, each of them the number of them (RFC 9580, 11.5)."""
    size = 8 - len(octets) % 8
    return octets + bytes([size]) * size


def without_wrap_padding(octets: bytes) -> bytes:
    """The other way round; a sender may have filled up to more, so as to hide which cipher it is."""
    size = octets[-1] if octets else 0
    if not 0 < size < len(octets) or not hmac.compare_digest(octets[-size:], bytes([size]) * size):
        raise LeftToGnupg(Unusual.DAMAGED)
    return octets[:-size]


def wrapping_key(shared: bytes, key: EcdhKey) -> bytes:
    """The key that a session key is wrapped with, of the secret that sender and reader share (RFC 9580, 11.5).

    `shared` is the coordinate alone: 32 octets for X25519, the x of a point on another curve.
    """
    parameters = (
        bytes([len(key.curve)])
        + key.curve
        + bytes([ECDH, 3, 1, key.hash, key.cipher])
        + b"Anonymous Sender    "
        + bytes.fromhex(key.fingerprint)
    )
    made = hashlib.new(HASHES[key.hash], b"\0\0\0\1" + shared + parameters).digest()
    return made[: KEY_SIZES[key.cipher]]
