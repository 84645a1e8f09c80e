"""Other programs that open messages: gpg, Sequoia and rPGP; and readers who only fill a message up."""

import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pysequoia import Tsk
from pysequoia import decrypt as sequoia_decrypt

from eyamlgpg.formats.openpgp.public_keys import CURVE25519, EcdhKey, RsaKey
from eyamlgpg.gpg.sealing.pkesk import Reader, reader_of
from eyamlgpg.model.keys import Fingerprint
from tests.support import keyrings


def by_gpg(home: Path, secret: bytes, message: bytes) -> bytes:
    return keyrings.gpg(home, "--decrypt", stdin=message)


def by_sequoia(home: Path, secret: bytes, message: bytes) -> bytes:
    [key] = [Tsk.from_bytes(secret)]
    opened = sequoia_decrypt(bytes=message, decryptor=key.decryptor()).bytes
    assert opened is not None
    return opened


def by_rpgp(home: Path, secret: bytes, message: bytes) -> bytes:
    composed = pytest.importorskip("openpgp.composed", reason="rpgp-py has no wheel for this machine")
    [key] = composed.SignedSecretKey.from_bytes_many(secret)
    return bytes(composed.Message.from_bytes(message).decrypt("", key).as_data_vec())


ORACLES: dict[str, Callable[[Path, bytes, bytes], bytes]] = {"gpg": by_gpg, "Sequoia": by_sequoia, "rPGP": by_rpgp}


def others(count: int) -> list[Reader]:
    """So many more readers, X25519 and RSA by turns, whose keys nobody has."""
    modulus = rsa.generate_private_key(65537, 2048).public_key().public_numbers().n
    return [_other(number, modulus) for number in range(count)]


def _other(number: int, modulus: int) -> Reader:
    fingerprint = Fingerprint(secrets.token_hex(20).upper())
    if number % 2:
        return reader_of(RsaKey(fingerprint, 1, modulus, 65537))
    point = x25519.X25519PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return reader_of(EcdhKey(fingerprint, CURVE25519, b"\x40" + point, 8, 7))
