"""The content of an encrypted message: one literal packet, perhaps compressed (RFC 9580, 5.6 and 5.9)."""

import zlib

from eyamlgpg.formats.openpgp.framing import COMPRESSED, LITERAL, ONE_PASS_SIGNATURE, SIGNATURE, packet, split
from eyamlgpg.formats.openpgp.unusual import LeftToGnupg, Unusual
from eyamlgpg.model import limits

_UNCOMPRESSED, _ZIP, _ZLIB = 0, 1, 2
_WINDOWS = {_ZIP: -15, _ZLIB: 15}
"""How zlib is told of raw data (RFC 1951) and of its own form (RFC 1950)."""

_BINARY = b"b"
_TEXT = (b"t", b"u")
_SLACK = limits.MEBIBYTE
"""More than the headers of a literal packet take, of which one in parts has many."""


def plaintext_of(content: bytes, limit: int) -> bytes:
    """The plaintext in content whose integrity was proved; raises LeftToGnupg, also for more than `limit` octets."""
    tag, body = _only(content)
    if tag == COMPRESSED:
        tag, body = _only(_unfolded(body, limit + _SLACK))
    if tag != LITERAL:
        raise LeftToGnupg(Unusual.UNKNOWN)
    plaintext = _literal(body)
    if len(plaintext) > limit:
        raise LeftToGnupg(Unusual.LARGE)
    return plaintext


def literal(plaintext: bytes) -> bytes:
    """A literal packet: binary, without a file name and without a date."""
    return packet(LITERAL, _BINARY + bytes(5) + plaintext)


def _only(content: bytes) -> tuple[int, bytes]:
    packets = list(split(content))
    if packets and packets[0][0] in (SIGNATURE, ONE_PASS_SIGNATURE):
        raise LeftToGnupg(Unusual.SIGNED)
    if len(packets) != 1:
        raise LeftToGnupg(Unusual.UNKNOWN)
    return packets[0]


def _unfolded(body: bytes, limit: int) -> bytes:
    algorithm, compressed = body[:1], body[1:]
    if algorithm == bytes([_UNCOMPRESSED]):
        return compressed
    if not algorithm or algorithm[0] not in _WINDOWS:
        raise LeftToGnupg(Unusual.COMPRESSION)
    reader = zlib.decompressobj(_WINDOWS[algorithm[0]])
    try:
        unfolded = reader.decompress(compressed, limit + 1)
    except zlib.error:
        raise LeftToGnupg(Unusual.DAMAGED) from None
    if len(unfolded) > limit:
        raise LeftToGnupg(Unusual.LARGE)
    if not reader.eof or reader.unused_data:
        raise LeftToGnupg(Unusual.DAMAGED)
    return unfolded


def _literal(body: bytes) -> bytes:
    mode, name_size = body[:1], body[1:2]
    start = 2 + (name_size[0] if name_size else 0) + 4
    if len(body) < start:
        raise LeftToGnupg(Unusual.DAMAGED)
    plaintext = body[start:]
    if mode == _BINARY:
        return plaintext
    if mode not in _TEXT:
        raise LeftToGnupg(Unusual.UNKNOWN)
    # gpg drops every CR of a text (g10/plaintext.c); without any it is as it stands.
    if b"\r" in plaintext:
        raise LeftToGnupg(Unusual.LINE_ENDS)
    return plaintext
