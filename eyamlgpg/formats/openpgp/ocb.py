"""gpg's own encrypted data packet, tag 20 (the LibrePGP draft, "OCB Encrypted Data Packet").

version 1, cipher, AEAD algorithm, chunk size, starting octets (15), chunks with a tag behind each, a last tag
"""

from collections.abc import Iterator
from dataclasses import dataclass

from eyamlgpg.formats.openpgp.unusual import LeftToGnupg, Unusual

TAG_SIZE = 16
_HEADER = 4
_STARTING = 15
_OCB = 2
_PACKET = 0xD4
"""The tag octet of such a packet, which is authenticated with each chunk."""

_LARGEST_CHUNK = 16
"""4 MiB: the largest chunk that gpg 2.4 makes, and RFC 9580 allows for its own kind (5.13.2)."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """What an OCB decryption is fed with."""

    nonce: bytes
    associated: bytes
    sealed: bytes
    """Ciphertext and tag."""


@dataclass(frozen=True, slots=True)
class OcbData:
    """The encrypted data of a message."""

    cipher: int
    header: bytes
    """The four octets of the header that are authenticated."""
    starting: bytes
    sealed: bytes

    @property
    def chunk_size(self) -> int:
        """Octets of content in each chunk but the last one."""
        return 1 << (self.header[3] + 6)

    def chunks(self) -> Iterator[Chunk]:
        """Every chunk in order, then the empty one that authenticates their number and the size of all together."""
        step = self.chunk_size + TAG_SIZE
        end = len(self.sealed) - TAG_SIZE
        count = 0
        for count, place in enumerate(range(0, end, step), 1):
            sealed = self.sealed[place : min(place + step, end)]
            if len(sealed) <= TAG_SIZE:
                raise LeftToGnupg(Unusual.DAMAGED)
            yield Chunk(self._nonce(count - 1), self._associated(count - 1), sealed)
        size = (end - count * TAG_SIZE).to_bytes(8)
        yield Chunk(self._nonce(count), self._associated(count) + size, self.sealed[end:])

    def _nonce(self, index: int) -> bytes:
        return self.starting[:-8] + (int.from_bytes(self.starting[-8:]) ^ index).to_bytes(8)

    def _associated(self, index: int) -> bytes:
        return bytes([_PACKET]) + self.header + index.to_bytes(8)


def read(body: bytes) -> OcbData:
    """The parts of such a packet's body; raises LeftToGnupg."""
    header, starting = body[:_HEADER], body[_HEADER : _HEADER + _STARTING]
    sealed = body[_HEADER + _STARTING :]
    if len(sealed) < 2 * TAG_SIZE:
        raise LeftToGnupg(Unusual.DAMAGED)
    version, cipher, algorithm, chunk = header
    if version != 1 or algorithm != _OCB or chunk > _LARGEST_CHUNK:
        raise LeftToGnupg(Unusual.UNKNOWN)
    return OcbData(cipher, header, starting, sealed)
