"""Messages that anybody can make by the thousand: real packets, each with a data packet of its own.

As in an encrypted message, the data packet of a message made anew differs although its plaintext is the same, and
readers are added or removed in front of it. The "encryption" is a number that is put before the plaintext.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from eyamlgpg.errors import DecryptionError, NoSecretKey
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.formats.openpgp.data_packet import data_packet
from eyamlgpg.model.keys import KeyId
from eyamlgpg.model.messages import Decrypted


def _packet(tag: int, body: bytes) -> bytes:
    return bytes([0xC0 | tag, 0xFF]) + len(body).to_bytes(4, "big") + body


def sealed(plaintext: bytes, number: int) -> bytes:
    """The data packet of a plaintext; each number makes another one."""
    return _packet(18, b"\x01" + number.to_bytes(16, "big") + plaintext)


def addressed(data: bytes, key_ids: Iterable[str], *, size: int = 2) -> bytes:
    """A message of this data packet to these keys, each session key of so many bytes (244 at most)."""
    # In the old format, as gpg writes them (RFC 9580, 4.2.2).
    sessions = (bytes([0x84, 10 + size, 3]) + bytes.fromhex(key_id) + b"\x12" + bytes(size) for key_id in key_ids)
    return b"".join(sessions) + data


@dataclass
class Opener:
    """A decrypter with the secret keys of some key IDs, that keeps what it opens to be counted."""

    own: frozenset[KeyId]
    opened: list[bytes] = field(default_factory=list)
    keeps: bool = True
    """False where the memory of a run is measured, which all of these messages would be a large part of."""

    def decrypt(self, message: bytes) -> bytes:
        if self.own.isdisjoint(packets.read(message).key_ids):
            raise NoSecretKey("no secret key here opens it")
        if self.keeps:
            self.opened.append(message)
        return data_packet(message)[6 + 1 + 16 :]

    def decrypt_many(self, messages: Iterable[bytes]) -> Iterator[Decrypted]:
        for message in messages:
            try:
                yield Decrypted(self.decrypt(message))
            except DecryptionError as error:
                yield Decrypted(None, error)
