"""Encrypted data of a new message: SEIPD version 1 with AES-256, which gpg 2.2 and everything newer reads."""

import os

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms

from eyamlgpg.formats.openpgp import seipd
from eyamlgpg.formats.openpgp.content import literal
from eyamlgpg.formats.openpgp.framing import packet
from eyamlgpg.formats.openpgp.packets import SEIPD
from eyamlgpg.formats.openpgp.session_key import AES256, KEY_SIZES, SessionKey

try:
    from cryptography.hazmat.decrepit.ciphers.modes import CFB
except ImportError:  # cryptography before 47
    from cryptography.hazmat.primitives.ciphers.modes import CFB


def new_session_key() -> SessionKey:
    """A fresh key for one message."""
    return SessionKey(AES256, os.urandom(KEY_SIZES[AES256]))


def encrypted(plaintext: bytes, key: SessionKey) -> bytes:
    """The packet of encrypted data; the plaintext is neither compressed nor named."""
    encryptor = Cipher(algorithms.AES(key.octets), CFB(bytes(seipd.BLOCK))).encryptor()
    octets = seipd.with_hash(literal(plaintext), os.urandom(seipd.BLOCK))
    return packet(SEIPD, seipd.VERSION + encryptor.update(octets) + encryptor.finalize())
