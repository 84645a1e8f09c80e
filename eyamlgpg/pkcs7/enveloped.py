"""PKCS7 enveloped data (RFC 2315, 10; RFC 5652, 6): content under a session key, which is encrypted by RSA.

`cryptography` opens such messages, too (`pkcs7_decrypt_der`), and is not used for it. Since OpenSSL 3.2, RSA with the
wrong private key gives a random session key in place of an error, and CBC has no integrity check: one in some 60,000
values of another key pair would come out as garbage, and be moved as if it were the secret. The certificates that
`eyaml createkeys` makes all have the same empty name and serial number, so these do not tell the pairs apart either.
Here the padding of RSA is looked at in full, by which a wrong key is found out but once in 2^25, and CBC's padding is
looked at besides. Values that DES-EDE3 encrypts are opened as well, and no certificate is needed.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from eyamlgpg.errors import DamagedMessage, DecryptionError, FormatError, NoSecretKey
from eyamlgpg.pkcs7 import der

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateNumbers
    from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm

ENVELOPED = bytes.fromhex("2a864886f70d010703")
"""The object identifiers' bodies: 1.2.840.113549.1.7.3, and those below."""
_RSA = bytes.fromhex("2a864886f70d010101")
_AES = {
    bytes.fromhex("60864801650304") + b"\x01\x02": 16,
    bytes.fromhex("60864801650304") + b"\x01\x16": 24,
    bytes.fromhex("60864801650304") + b"\x01\x2a": 32,
}
_DES_EDE3 = bytes.fromhex("2a864886f70d0307")
_KEY_SIZES = {**_AES, _DES_EDE3: 24}

_SHORTEST_PADDING = 8
"""Octets of padding that RSA's block has at least (RFC 8017, 7.2)."""


@dataclass(frozen=True, slots=True)
class Enveloped:
    """A message, taken apart."""

    keys: tuple[bytes, ...] = field(repr=False)
    """The session key for each recipient, encrypted by RSA."""
    cipher: bytes
    """The object identifier of the content's cipher."""
    vector: bytes
    content: bytes = field(repr=False)


def opened(message: bytes, numbers: "RSAPrivateNumbers") -> bytes:
    """The exact plaintext; raises NoSecretKey, DamagedMessage, or DecryptionError for a cipher that is not known."""
    try:
        envelope = taken_apart(message)
    except FormatError as error:
        raise DamagedMessage(f"not a whole PKCS7 message: {error.sentence}") from None
    size = _KEY_SIZES.get(envelope.cipher)
    if size is None:
        raise DecryptionError("is encrypted with a cipher that is not known here", "eyaml may decrypt it")
    found = (_session_key(one, numbers) for one in envelope.keys)
    key = next((one for one in found if one is not None and len(one) == size), None)
    if key is None:
        raise NoSecretKey("this PKCS7 private key does not open it: it was encrypted for another key pair")
    return _decrypted(envelope, key)


def taken_apart(message: bytes) -> Enveloped:
    """The parts of a message; FormatError where it is not one whole PKCS7 message."""
    try:
        return _taken_apart(message)
    except (ValueError, IndexError):
        # A part too many or too few where the parts are named.
        raise FormatError("its parts are not those of enveloped data") from None


def _taken_apart(message: bytes) -> Enveloped:
    (whole,) = der.elements(message)
    kind, tagged = whole.within(der.SEQUENCE)
    if kind.tag != der.OBJECT_ID or kind.body != ENVELOPED:
        raise FormatError("it is of another kind than enveloped data")
    (data,) = tagged.within(der.TAGGED)
    parts = data.within(der.SEQUENCE)
    place = next(number for number, part in enumerate((*parts, *_NOTHING)) if part.tag == der.SET)
    recipients, content = parts[place], parts[place + 1]
    _, algorithm, encrypted = content.within(der.SEQUENCE)
    cipher, *parameters = algorithm.within(der.SEQUENCE)
    vector = parameters[0].body if parameters and parameters[0].tag == der.OCTET_STRING else b""
    return Enveloped(tuple(_encrypted_keys(recipients)), cipher.body, vector, _joined(encrypted))


_NOTHING = (der.Element(der.SET, b""),)


def _encrypted_keys(recipients: der.Element) -> list[bytes]:
    """The encrypted session keys of the recipients whose key is of RSA."""
    found = []
    for recipient in recipients.within(der.SET):
        if recipient.tag == der.SEQUENCE:
            _, _, algorithm, key = recipient.within(der.SEQUENCE)
            if algorithm.within(der.SEQUENCE)[0].body == _RSA:
                found.append(key.body)
    return found


def _joined(encrypted: der.Element) -> bytes:
    """The encrypted content, which may stand in several pieces."""
    if encrypted.tag == der.TAGGED_PRIMITIVE:
        return encrypted.body
    return b"".join(piece.body for piece in encrypted.within(der.TAGGED))


def _session_key(encrypted: bytes, numbers: "RSAPrivateNumbers") -> bytes | None:
    """What RSA's block holds (RFC 8017, 7.2.2); None where the padding shows that it was for another key."""
    modulus = numbers.public_numbers.n
    number = int.from_bytes(encrypted, "big")
    if number >= modulus:
        return None
    by_p, by_q = pow(number, numbers.dmp1, numbers.p), pow(number, numbers.dmq1, numbers.q)
    number = by_q + (by_p - by_q) * numbers.iqmp % numbers.p * numbers.q
    block = number.to_bytes((modulus.bit_length() + 7) // 8, "big")
    end = block.find(b"\0", 2)
    if block[:2] != b"\0\2" or end < 2 + _SHORTEST_PADDING:
        return None
    return block[end + 1 :]


def _decrypted(envelope: Enveloped, key: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.modes import CBC
    from cryptography.hazmat.primitives.padding import PKCS7

    algorithm = _algorithm(envelope.cipher, key)
    try:
        decryptor = Cipher(algorithm, CBC(envelope.vector)).decryptor()
        unpadder = PKCS7(algorithm.block_size).unpadder()
        padded = decryptor.update(envelope.content) + decryptor.finalize()
        return unpadder.update(padded) + unpadder.finalize()
    except ValueError:
        raise DamagedMessage("the PKCS7 message is damaged: its content does not decrypt") from None


def _algorithm(cipher: bytes, key: bytes) -> "BlockCipherAlgorithm":
    from cryptography.hazmat.primitives.ciphers.algorithms import AES

    if cipher in _AES:
        return AES(key)
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES

    return TripleDES(key)
