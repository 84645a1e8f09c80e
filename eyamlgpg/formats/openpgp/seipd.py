"""The decrypted octets of a SEIPD packet of version 1: a random block, the content, its hash (RFC 9580, 5.13.1)."""

import hmac
from hashlib import sha1

from eyamlgpg.formats.openpgp.unusual import LeftToGnupg, Unusual

VERSION = b"\1"
BLOCK = 16
"""Octets in a block of AES."""

_PREFIX = BLOCK + 2
_HASH_HEADER = b"\xd3\x14"
"""Of the packet with the hash, tag 19 and 20 octets (5.14 of RFC 4880)."""

_TRAILER = len(_HASH_HEADER) + 20


def proved(decrypted: bytes) -> bytes:
    """The content, once its hash is right; raises LeftToGnupg.

    Not even the repeated octets of the beginning are looked at before: that early answer is what Mister and Zuccherato
    read plaintexts with (RFC 9580, 13.4).
    """
    if len(decrypted) < _PREFIX + _TRAILER:
        raise LeftToGnupg(Unusual.DAMAGED)
    hashed = sha1(decrypted[:-20], usedforsecurity=False).digest()
    is_whole = hmac.compare_digest(_HASH_HEADER + hashed, decrypted[-_TRAILER:])
    if not is_whole or decrypted[BLOCK - 2 : BLOCK] != decrypted[BLOCK:_PREFIX]:
        raise LeftToGnupg(Unusual.DAMAGED)
    return decrypted[_PREFIX:-_TRAILER]


def with_hash(content: bytes, random: bytes) -> bytes:
    """The octets to encrypt: `random` is a fresh block for each message."""
    hashed = b"".join((random, random[-2:], content, _HASH_HEADER))
    return hashed + sha1(hashed, usedforsecurity=False).digest()
