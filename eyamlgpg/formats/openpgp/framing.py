"""Packets, split exactly and written (RFC 9580, 4.2), and the numbers in them (3.2).

Other than `packets.read`, which tells what a message is for, this gives the bodies, and takes nothing for granted:
the last packet ends where the octets end, and a number has the size that it says.
"""

from collections.abc import Iterator

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.openpgp.packets import header
from eyamlgpg.formats.openpgp.unusual import LeftToGnupg, Unusual

COMPRESSED, LITERAL, MDC = 8, 11, 19
SIGNATURE, ONE_PASS_SIGNATURE = 2, 4


def split(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """The tag and the body of each packet; raises LeftToGnupg where the octets are not whole packets to their end."""
    place, end = 0, len(octets)
    while place < end:
        try:
            tag, body, length, is_partial = header(octets, place)
            place = body + length
            if not is_partial:
                if place > end:
                    raise LeftToGnupg(Unusual.DAMAGED)
                yield tag, octets[body:place]
                continue
            whole, place = _joined(octets, body, length)
        except (FormatError, IndexError):
            raise LeftToGnupg(Unusual.DAMAGED) from None
        yield tag, whole


def _joined(octets: bytes, body: int, length: int) -> tuple[bytes, int]:
    """The body of a packet that comes in parts, and where it ends (4.2.1.4)."""
    parts = []
    is_partial = True
    while True:
        end = body + length
        if end > len(octets):
            raise LeftToGnupg(Unusual.DAMAGED)
        parts.append(octets[body:end])
        if not is_partial:
            return b"".join(parts), end
        # A length of the new format behind a first octet that every packet of the new format may have.
        _, body, length, is_partial = header(b"\xc0" + octets[end : end + 5], 0)
        body += end - 1


def packet(tag: int, body: bytes) -> bytes:
    """One packet in the new format."""
    return bytes([0xC0 | tag]) + _length(len(body)) + body


def _length(size: int) -> bytes:
    if size < 192:
        return bytes([size])
    if size < 8384:
        return (size - 192 + (192 << 8)).to_bytes(2)
    return b"\xff" + size.to_bytes(4)


def number(octets: bytes, place: int = 0) -> tuple[bytes, int]:
    """The number at a place, without leading zeros, and where it ends; its bit count must be true."""
    bits = int.from_bytes(octets[place : place + 2])
    start = place + 2
    end = start + (bits + 7) // 8
    if end > len(octets) or start >= end or bits != (end - start - 1) * 8 + octets[start].bit_length():
        raise LeftToGnupg(Unusual.DAMAGED)
    return octets[start:end], end


def as_number(octets: bytes) -> bytes:
    """Octets, of which one is not zero, as a number in a packet."""
    octets = octets.lstrip(b"\0")
    return ((len(octets) - 1) * 8 + octets[0].bit_length()).to_bytes(2) + octets
