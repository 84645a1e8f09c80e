"""Session key packets for the keys of a message's readers (RFC 9580, 5.1), by OpenSSL (`cryptography`).

One ephemeral key a message serves all its X25519 readers; see docs/decisions/16-one-ephemeral-key-a-message.md.
"""

from collections.abc import Iterator, Sequence

from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.keywrap import aes_key_wrap
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from eyamlgpg.formats.openpgp.framing import as_number, packet
from eyamlgpg.formats.openpgp.leading_key_ids import PKESK
from eyamlgpg.formats.openpgp.public_keys import CURVE25519, P256, P384, P521, EcdhKey, RsaKey
from eyamlgpg.formats.openpgp.session_key import SessionKey, framed, padded_to_wrap, wrapping_key

_VERSION = b"\3"
_SHORTEST = 1024
"""Bits in a modulus; whether a key is long enough for its purpose is said elsewhere, and gpg judges shorter ones."""

_SMALLEST = 3
"""Of all exponents (RFC 8017, 3.1)."""

_CURVES: dict[bytes, type[ec.EllipticCurve]] = {P256: ec.SECP256R1, P384: ec.SECP384R1, P521: ec.SECP521R1}


class RsaReader:
    """One reader's RSA key."""

    def __init__(self, key: RsaKey) -> None:
        """ValueError for a key that OpenSSL does not take, or that is no use as one."""
        if key.modulus.bit_length() < _SHORTEST or key.exponent < _SMALLEST:
            raise ValueError("not a key to encrypt to")
        self._head = _head(key)
        self._public: RSAPublicKey = RSAPublicNumbers(key.exponent, key.modulus).public_key()

    def session_key(self, padded: bytes) -> bytes:
        """The packet with a session key in its frame."""
        return packet(PKESK, self._head + as_number(self._public.encrypt(padded, padding.PKCS1v15())))


class CurveReader:
    """One reader's key on a NIST curve; each message has an ephemeral key for it alone."""

    def __init__(self, key: EcdhKey) -> None:
        """ValueError for a point that is not on its curve."""
        self._key = key
        self._curve = _CURVES[key.curve]()
        self._public = ec.EllipticCurvePublicKey.from_encoded_point(self._curve, key.point)

    def session_key(self, to_wrap: bytes) -> bytes:
        """The packet with a session key, framed and filled up."""
        ephemeral = ec.generate_private_key(self._curve)
        point = ephemeral.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return _wrapped(self._key, ephemeral.exchange(ec.ECDH(), self._public), point, to_wrap)


class X25519Reader:
    """One reader's key on Curve25519."""

    def __init__(self, key: EcdhKey) -> None:
        self._key = key
        self._public = X25519PublicKey.from_public_bytes(key.point[1:])

    def session_key(self, to_wrap: bytes, ephemeral: X25519PrivateKey, point: bytes) -> bytes:
        """The packet with a session key, framed and filled up; ValueError for a key of small order."""
        return _wrapped(self._key, ephemeral.exchange(self._public), point, to_wrap)


Reader = RsaReader | CurveReader | X25519Reader


def reader_of(key: RsaKey | EcdhKey) -> Reader:
    """The reader with a key; ValueError for a key that nothing can be encrypted to."""
    if isinstance(key, RsaKey):
        return RsaReader(key)
    return X25519Reader(key) if key.curve == CURVE25519 else CurveReader(key)


def session_keys(key: SessionKey, readers: Sequence[Reader]) -> Iterator[bytes]:
    """A packet for each reader, in their order."""
    plain = framed(key)
    to_wrap = padded_to_wrap(plain)
    ephemeral = X25519PrivateKey.generate()
    point = b"\x40" + ephemeral.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    for reader in readers:
        if isinstance(reader, X25519Reader):
            yield reader.session_key(to_wrap, ephemeral, point)
        elif isinstance(reader, CurveReader):
            yield reader.session_key(to_wrap)
        else:
            yield reader.session_key(plain)


def _head(key: RsaKey | EcdhKey) -> bytes:
    return _VERSION + bytes.fromhex(key.fingerprint)[-8:] + bytes([key.algorithm])


def _wrapped(key: EcdhKey, shared: bytes, point: bytes, to_wrap: bytes) -> bytes:
    wrapped = aes_key_wrap(wrapping_key(shared, key), to_wrap)
    return packet(PKESK, _head(key) + as_number(point) + bytes([len(wrapped)]) + wrapped)
