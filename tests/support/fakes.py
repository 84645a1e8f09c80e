"""Gateways for unit tests of operations; tests/contract holds them to the same claims as the real ones.

A fake message is packets all right (RFC 9580, 4.2): a session key packet for each key ID, then "encrypted" data that is
the plaintext itself. So `formats.openpgp.packets` reads whom it is for; nobody could take it for a well-kept secret.
"""

import posixpath
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eyamlgpg.errors import (
    DamagedMessage,
    DecryptionError,
    EyamlgpgError,
    FileProblem,
    FormatError,
    GnupgError,
    NoSecretKey,
)
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.formats.openpgp.data_packet import data_packet
from eyamlgpg.model.keys import Key, KeyId, Subkey
from eyamlgpg.model.messages import Decrypted, Order, Recrypted

_VERSION, _ALGORITHM = b"\x03", b"\x12"
_SEIPD_VERSION = b"\x01"


def _packet(tag: int, body: bytes) -> bytes:
    return bytes([0xC0 | tag, 0xFF]) + len(body).to_bytes(4, "big") + body


def fake_message(plaintext: bytes, key_ids: Iterable[str]) -> bytes:
    """What `FakeEncrypter` makes, for any key IDs."""
    sessions = (_packet(1, _VERSION + bytes.fromhex(key_id) + _ALGORITHM + b"\x00\x00") for key_id in key_ids)
    return b"".join(sessions) + _packet(18, _SEIPD_VERSION + plaintext)


_EMPTY = _packet(18, _SEIPD_VERSION)


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


@dataclass
class FakePkcs7:
    """Opens and makes `0x30` and the plaintext; without the private key it opens nothing."""

    opens: bool = False

    def decrypt(self, message: bytes) -> bytes:
        if not (self.opens and message[:1] == b"0"):
            raise NoSecretKey("this PKCS7 private key does not open it")
        return message[1:]

    def decrypt_many(self, messages: Iterable[bytes]) -> Iterator[Decrypted]:
        for message in messages:
            try:
                yield Decrypted(self.decrypt(message))
            except DecryptionError as error:
                yield Decrypted(None, error)

    def encrypt(self, plaintext: bytes) -> bytes:
        return b"0" + plaintext


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

    def for_file(self, path: Path, standing: Callable[[], Iterable[bytes]] = tuple) -> "FakeEncrypter":
        return self


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
                made = tuple(
                    _extended(order.message, added) if added else self.encrypter.encrypt(plaintext, readers)
                    for readers, added in order.wanted
                )
                yield Recrypted(made, extended=tuple(bool(added) for _, added in order.wanted))
            except EyamlgpgError as error:
                yield Recrypted((), error)


def _extended(message: bytes, added: Iterable[Subkey]) -> bytes:
    """A fake message with readers added behind those that it has."""
    data = data_packet(message)
    return message[: -len(data)] + fake_message(b"", [subkey.key_id for subkey in added])[: -len(_EMPTY)] + data


@dataclass
class FakeTree:
    """Files by their paths; `committed` is what the last commit has, and the others are the tree now.

    With `staged` it is what the next commit will hold, else the working tree.
    """

    content: Mapping[str, str]
    committed: Mapping[str, str] | None = None
    """None: the same."""
    written: Mapping[str, str] = field(default_factory=dict)
    """What is written in each link."""
    committed_links: Mapping[str, str] | None = None
    paths: Sequence[str] = ()
    staged: bool = False
    shut: Mapping[str, str] = field(default_factory=dict)
    """Folders that may not be looked into, and why."""
    unreadable: Sequence[str] = ()
    """Files that cannot be read."""
    loose: Mapping[str, str] = field(default_factory=dict)
    """Of a staged tree: what stands in the working tree alone."""
    root: Path = Path("/tree")

    @property
    def is_whole(self) -> bool:
        return not self.staged and (not self.paths or "." in self.paths)

    def chosen(self) -> tuple[str, ...]:
        there = (*sorted(self.content), *sorted(self.links()))
        if self.staged:
            changed = (path for path in there if self._is_changed(path) and self.covers(path))
            return (*changed, *(link for link in self.links() if self._is_turned(link)))
        named = [path for path in self.paths if path in self.content]
        return tuple(dict.fromkeys([*named, *(path for path in there if self.covers(path))]))

    def closed(self) -> dict[str, str]:
        return dict(self.shut)

    def repositories(self) -> tuple[str, ...]:
        return ()

    def is_named(self, path: str) -> bool:
        return path in self.paths

    def files(self) -> tuple[str, ...]:
        return tuple(sorted(self.content))

    def links(self) -> dict[str, str | None]:
        led = {link: self._place(link) for link in self.written}
        known = {*self.content, *self._committed}
        folders = {place for place in led.values() if any(path.startswith(f"{place}/") for path in self.content)}
        return {link: place if place in known else None for link, place in led.items() if place not in folders}

    def has(self, path: str) -> bool:
        return path in self.content or path in self.written or self.is_loose(path)

    def folder_links(self) -> dict[str, str]:
        led = {link: self._place(link) for link in self.written}
        return {
            link: place
            for link, place in led.items()
            if place is not None and any(path.startswith(f"{place}/") for path in self.files())
        }

    def was_at(self, path: str) -> str | None:
        place = self._led(path, self._committed_links)
        if place is None or place in self._committed:
            return place
        return f"{place}/" if any(one.startswith(f"{place}/") for one in self._committed) else None

    def is_loose(self, path: str) -> bool:
        return path in self.loose and not path.startswith(".eyamlgpg/")

    def uncounted(self) -> tuple[str, ...]:
        return tuple(path for path in self.loose if path.startswith(".eyamlgpg/"))

    def read(self, path: str, *, limit: int | None = None) -> bytes:
        content = self._read(path)
        if limit is not None and len(content) > limit:
            raise FileProblem(f"{path}: is larger than {limit:,} bytes")
        return content

    def _read(self, path: str) -> bytes:
        if self.is_loose(path):
            return self.loose[path].encode()
        place = self._place(path) if path in self.written else path
        if place is None:
            raise FileProblem(f"{path}: is a symbolic link that leads out of the tree, which is not followed")
        if place not in self.content or path in self.unreadable:
            raise FileProblem(f"{path}: cannot be read: it is not there")
        return self.content[place].encode("utf-8", "surrogateescape")

    def before(self, path: str) -> bytes | None:
        old = None
        if self._is_changed(path) or self._is_turned(path):
            place = self._led(path, self._committed_links) if path in self._committed_links else path
            old = self._committed.get(place or "")
        return None if old is None else old.encode("utf-8", "surrogateescape")

    def removed(self) -> tuple[str, ...]:
        return (
            *(path for path in self._committed if path not in self.content),
            *(link for link in self._committed_links if not self.has(link)),
        )

    def covers(self, path: str) -> bool:
        return (
            not self.paths or "." in self.paths or any(path == one or path.startswith(f"{one}/") for one in self.paths)
        )

    @property
    def _committed(self) -> Mapping[str, str]:
        return self.content if self.committed is None else self.committed

    @property
    def _committed_links(self) -> Mapping[str, str]:
        return self.written if self.committed_links is None else self.committed_links

    def _is_changed(self, path: str) -> bool:
        return (self.content.get(path), self.written.get(path)) != (
            self._committed.get(path),
            self._committed_links.get(path),
        )

    def _is_turned(self, link: str) -> bool:
        """Whether a link is as it was, and leads to something else or to something that changes."""
        if not self.staged or link not in self.links() or self._is_changed(link):
            return False
        changed = [one for one in self._way(link, self.written) if self._is_changed(one)]
        return any(self.covers(link) or (one in self.written and self.covers(one)) for one in changed)

    def _place(self, link: str) -> str | None:
        return self._led(link, self.written)

    def _led(self, link: str, written: Mapping[str, str]) -> str | None:
        place = self._way(link, written)[-1]
        return None if place.startswith(("../", "/")) or place in written else place

    def _way(self, link: str, written: Mapping[str, str]) -> list[str]:
        """A link, what it leads to, and on; it ends early in a circle."""
        way = [link]
        while way[-1] in written and len(way) < 9:
            way.append(posixpath.normpath(posixpath.join(posixpath.dirname(way[-1]), written[way[-1]])))
        return way
