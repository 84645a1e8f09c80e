"""The public keys that session keys are encrypted to, out of exported certificates (RFC 9580, 5.5.2 and 5.5.5).

Only numbers are read here: whether a key may be used, and which, was told by gpg's listing, by its fingerprint.
"""

from dataclasses import dataclass
from hashlib import sha1

from eyamlgpg.formats.openpgp.framing import number, split
from eyamlgpg.formats.openpgp.unusual import LeftToGnupg
from eyamlgpg.model.keys import Fingerprint, KeyId

RSA = (1, 2)
"""RSA, and RSA to encrypt with alone (9.1)."""

_ECDH = 18
_VERSION = 4
_KEYS = (6, 14)
"""The tags of a primary key and of a subkey."""

CURVE25519 = bytes.fromhex("2b060104019755010501")
P256 = bytes.fromhex("2a8648ce3d030107")
P384 = bytes.fromhex("2b81040022")
P521 = bytes.fromhex("2b81040023")

COORDINATES = {CURVE25519: 32, P256: 32, P384: 48, P521: 66}
"""Octets in a coordinate, by the object identifier of the curve (9.2)."""

_DERIVATIONS = ((8, 9, 10), (7, 8, 9))
"""The hashes and the ciphers that a key may ask for (11.5.1)."""


@dataclass(frozen=True, slots=True)
class RsaKey:
    """An RSA key."""

    fingerprint: Fingerprint
    algorithm: int
    modulus: int
    exponent: int


@dataclass(frozen=True, slots=True)
class EcdhKey:
    """A key on one of the curves of COORDINATES."""

    fingerprint: Fingerprint
    curve: bytes
    """Its object identifier."""
    point: bytes
    """As in its packet: `40` and 32 octets for Curve25519, `04` and two coordinates else."""
    hash: int
    cipher: int
    algorithm: int = _ECDH


def key_id_of(fingerprint: Fingerprint) -> KeyId:
    """The key ID of a version 4 key: the end of its fingerprint."""
    return KeyId(fingerprint[-16:])


def read_public_keys(exported: bytes) -> dict[Fingerprint, RsaKey | EcdhKey]:
    """The keys of a binary export by their fingerprints; of other kinds, and what makes no sense, is left out."""
    found: dict[Fingerprint, RsaKey | EcdhKey] = {}
    try:
        for tag, body in split(exported):
            key = _key(body) if tag in _KEYS else None
            if key is not None:
                found[key.fingerprint] = key
    except LeftToGnupg:
        return {}
    return found


def _key(body: bytes) -> RsaKey | EcdhKey | None:
    if len(body) < 7 or body[0] != _VERSION:
        return None
    digest = sha1(b"\x99" + len(body).to_bytes(2) + body, usedforsecurity=False).hexdigest()
    fingerprint = Fingerprint(digest.upper())
    try:
        if body[5] in RSA:
            return _rsa_key(fingerprint, body)
        if body[5] == _ECDH:
            return _ecdh_key(fingerprint, body)
    except LeftToGnupg:
        pass
    return None


def _rsa_key(fingerprint: Fingerprint, body: bytes) -> RsaKey | None:
    modulus, place = number(body, 6)
    exponent, end = number(body, place)
    if end != len(body):
        return None
    return RsaKey(fingerprint, body[5], int.from_bytes(modulus), int.from_bytes(exponent))


def _ecdh_key(fingerprint: Fingerprint, body: bytes) -> EcdhKey | None:
    end = 7 + body[6]
    curve = body[7:end]
    point, place = number(body, end)
    hashes, ciphers = _DERIVATIONS
    derivation = body[place:]
    if curve not in COORDINATES or not is_point(point, curve):
        return None
    if len(derivation) != 4 or derivation[:2] != b"\3\1":
        return None
    if derivation[2] not in hashes or derivation[3] not in ciphers:
        return None
    return EcdhKey(fingerprint, curve, point, derivation[2], derivation[3])


def is_point(point: bytes, curve: bytes) -> bool:
    """Whether octets have the form of a point of the curve.

    The highest bit of an X25519 coordinate is passed over by every reader, so it is set by nobody who is honest.
    """
    size = COORDINATES[curve]
    if curve == CURVE25519:
        return len(point) == 1 + size and point[0] == 0x40 and point[-1] < 0x80
    return len(point) == 1 + 2 * size and point[0] == 4
