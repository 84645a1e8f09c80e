"""Encrypted data and its session key: to content that is proved, by OpenSSL (`cryptography`)."""

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from cryptography.hazmat.primitives.ciphers.aead import AESOCB3

from eyamlgpg.formats.openpgp import ocb, seipd
from eyamlgpg.formats.openpgp.packets import OCB
from eyamlgpg.formats.openpgp.sealed import SealedMessage
from eyamlgpg.formats.openpgp.session_key import SessionKey
from eyamlgpg.formats.openpgp.unusual import LeftToGnupg, Unusual

try:
    from cryptography.hazmat.decrepit.ciphers.modes import CFB
except ImportError:  # cryptography before 47
    from cryptography.hazmat.primitives.ciphers.modes import CFB


def content_of(message: SealedMessage, key: SessionKey) -> bytes:
    """The content of the encrypted data, all of which is proved before any of it is given; raises LeftToGnupg."""
    return _of_ocb(message.data, key) if message.tag == OCB else _of_seipd(message.data, key)


def _of_seipd(body: bytes, key: SessionKey) -> bytes:
    if body[:1] != seipd.VERSION:
        raise LeftToGnupg(Unusual.UNKNOWN)
    decryptor = Cipher(algorithms.AES(key.octets), CFB(bytes(seipd.BLOCK))).decryptor()
    return seipd.proved(decryptor.update(body[1:]) + decryptor.finalize())


def _of_ocb(body: bytes, key: SessionKey) -> bytes:
    data = ocb.read(body)
    if data.cipher != key.cipher:
        raise LeftToGnupg(Unusual.DAMAGED)
    try:
        cipher = AESOCB3(key.octets)
        return b"".join([cipher.decrypt(chunk.nonce, chunk.sealed, chunk.associated) for chunk in data.chunks()])
    except InvalidTag:
        raise LeftToGnupg(Unusual.DAMAGED) from None
    except UnsupportedAlgorithm:  # an OpenSSL that was built without OCB
        raise LeftToGnupg(Unusual.UNKNOWN) from None
