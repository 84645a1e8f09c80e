"""Key pairs of PKCS7 as `eyaml createkeys` makes them, and messages put together octet by octet (RFC 2315)."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import padding as block_padding
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm, Cipher, algorithms
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

ENVELOPED, DATA, RSA = "2a864886f70d010703", "2a864886f70d010701", "2a864886f70d010101"
CIPHERS: dict[str, tuple[str, int, type[BlockCipherAlgorithm]]] = {
    "aes-128": ("60864801650304" + "0102", 16, algorithms.AES),
    "aes-192": ("60864801650304" + "0116", 24, algorithms.AES),
    "aes-256": ("60864801650304" + "012a", 32, algorithms.AES),
    "des-ede3": ("2a864886f70d0307", 24, TripleDES),
}


@dataclass(frozen=True)
class Pair:
    """A private key and its certificate, both as PEM."""

    key: rsa.RSAPrivateKey
    certificate: bytes

    def private(self, encryption: KeySerializationEncryption | None = None) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, encryption or NoEncryption())

    @property
    def locked(self) -> bytes:
        """The private key with a passphrase."""
        return self.private(BestAvailableEncryption(b"passphrase"))

    @property
    def bare(self) -> bytes:
        """The public key without a certificate."""
        return self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def write(self, folder: Path) -> None:
        """Both in their usual places."""
        keys = folder / "keys"
        keys.mkdir(exist_ok=True)
        (keys / "private_key.pkcs7.pem").write_bytes(self.private())
        (keys / "private_key.pkcs7.pem").chmod(0o600)
        (keys / "public_key.pkcs7.pem").write_bytes(self.certificate)


def pair(name: str = "ours") -> Pair:
    """A pair for each name, made once a worker: no name in the certificate, and serial number 1."""
    return _made(name)


@cache
def _made(_name: str) -> Pair:
    key = rsa.generate_private_key(65537, 2048)
    nobody, now = x509.Name([]), datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(nobody).issuer_name(nobody).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return Pair(key, builder.sign(key, SHA256()).public_bytes(Encoding.PEM))


def tlv(tag: int, *bodies: bytes) -> bytes:
    """One element of DER."""
    body = b"".join(bodies)
    size = len(body)
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, size]) + body if size < 128 else bytes([tag, 128 + len(octets)]) + octets + body


def oid(body: str) -> bytes:
    return tlv(6, bytes.fromhex(body))


def recipient(session_key: bytes, to: Pair, algorithm: str = RSA) -> bytes:
    encrypted = to.key.public_key().encrypt(session_key, padding.PKCS1v15())
    return tlv(
        0x30,
        tlv(2, b"\0"),
        tlv(0x30, tlv(0x30), tlv(2, b"\1")),
        tlv(0x30, oid(algorithm), tlv(5)),
        tlv(4, encrypted),
    )


def message(plaintext: bytes, *to: Pair, cipher: str = "aes-256", pieces: bool = False) -> bytes:
    """An enveloped message; `pieces`: its content stands in two octet strings."""
    name, size, algorithm = CIPHERS[cipher]
    key = os.urandom(size)
    made = algorithm(key)  # type: ignore[call-arg]
    vector = os.urandom(made.block_size // 8)
    padder = block_padding.PKCS7(made.block_size).padder()
    padded = padder.update(plaintext) + padder.finalize()
    encryptor = Cipher(made, CBC(vector)).encryptor()
    content = encryptor.update(padded) + encryptor.finalize()
    held = tlv(0xA0, tlv(4, content[:8]), tlv(4, content[8:])) if pieces else tlv(0x80, content)
    return enveloped([recipient(key, one) for one in to], tlv(0x30, oid(name), tlv(4, vector)), held)


def enveloped(recipients: list[bytes], algorithm: bytes, content: bytes, kind: str = ENVELOPED) -> bytes:
    """The parts put together."""
    inner = tlv(0x30, tlv(2, b"\0"), tlv(0x31, *recipients), tlv(0x30, oid(DATA), algorithm, content))
    return tlv(0x30, oid(kind), tlv(0xA0, inner))
