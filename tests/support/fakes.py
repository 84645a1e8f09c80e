"""Gateways for unit tests of operations; tests/contract holds them to the same claims as the real ones.

A fake message is packets all right (RFC 9580, 4.2): a session key packet for each key ID, then "encrypted" data that is
the plaintext itself. So `formats.packets` reads whom it is for, and nobody could take it for a secret well kept.
"""

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from eyamlgpg.errors import DamagedMessage, DecryptionError, EyamlgpgError, FormatError, GnupgError, NoSecretKey
from eyamlgpg.formats import packets
from eyamlgpg.model.decrypted import Decrypted
from eyamlgpg.model.keys import Key, KeyId, Subkey
from eyamlgpg.model.recrypted import Order, Recrypted

_VERSION, _ALGORITHM = b"\x03", b"\x12"
_SEIPD_VERSION = b"\x01"


def _packet(tag: int, body: bytes) -> bytes:
    return bytes([0xC0 | tag, 0xFF]) + len(body).to_bytes(4, "big") + body


def fake_message(plaintext: bytes, key_ids: Iterable[str]) -> bytes:
    """What `FakeEncrypter` makes, for any key IDs."""
    sessions = (_packet(1, _VERSION + bytes.fromhex(key_id) + _ALGORITHM + b"\x00\x00") for key_id in key_ids)
    return b"".join(sessions) + _packet(18, _SEIPD_VERSION + plaintext)


@dataclass
class FakeKeyring:
    """A listing that was made by hand."""

    listed: tuple[Key, ...] = ()

    def keys(self) -> tuple[Key, ...]:
        return self.listed


@dataclass
class FakeDecrypter:
    """Opens fake messages to these key IDs, and counts."""

    own: frozenset[KeyId]
    count: int = 0

    def decrypt(self, message: bytes) -> bytes:
        self.count += 1
        try:
            told = packets.read(message)
        except FormatError as error:
            raise DamagedMessage(f"not a whole OpenPGP message: {error.sentence}") from None
        if not self.own & set(told.key_ids):
            raise NoSecretKey(f"no secret key here opens it; it is encrypted to {', '.join(told.key_ids)}")
        return message[message.index(_packet(18, _SEIPD_VERSION)[:2], -_end(message)) + 7 :]

    def decrypt_many(self, messages: Iterable[bytes]) -> Iterator[Decrypted]:
        for message in messages:
            try:
                yield Decrypted(self.decrypt(message))
            except DecryptionError as error:
                yield Decrypted(None, error)


def _end(message: bytes) -> int:
    """How long the last packet is; fake messages have five octets of length in each packet."""
    place = 0
    while True:
        length = int.from_bytes(message[place + 2 : place + 6], "big")
        if message[place] & 0x3F == 18:
            return len(message) - place
        place += 6 + length


@dataclass
class FakeEncrypter:
    """Makes fake messages, and counts."""

    made: list[tuple[KeyId, ...]] = field(default_factory=list)

    def encrypt(self, plaintext: bytes, subkeys: Sequence[Subkey]) -> bytes:
        if not subkeys:
            raise GnupgError("there is nobody to encrypt to")
        key_ids = tuple(dict.fromkeys(subkey.key_id for subkey in subkeys))
        self.made.append(key_ids)
        return fake_message(plaintext, key_ids)


@dataclass
class FakeRecrypter:
    """Opens and makes fake messages, one order after another, and remembers the orders."""

    decrypter: FakeDecrypter
    encrypter: FakeEncrypter
    ordered: list[Order] = field(default_factory=list)

    def recrypt_many(self, orders: Iterable[Order]) -> Generator[Recrypted, None, None]:
        for order in orders:
            self.ordered.append(order)
            try:
                plaintext = self.decrypter.decrypt(order.message)
                yield Recrypted(tuple(self.encrypter.encrypt(plaintext, readers) for readers in order.audiences))
            except EyamlgpgError as error:
                yield Recrypted((), error)
