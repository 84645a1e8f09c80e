"""A file for git to compare and show, its values as plaintext or as what is known of them.

The same plaintext gives the same text, whoever encrypted it and when. Where a value cannot be opened, the same
encrypted data for the same readers does, so that a new value shows to everybody. Nothing fails and nobody is asked: git
would end its whole log.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from eyamlgpg.errors import EyamlgpgError, FormatError
from eyamlgpg.formats.eyaml import markers, tokens
from eyamlgpg.formats.eyaml.methods import Method, method_of
from eyamlgpg.formats.eyaml.tokens import Token
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.formats.openpgp.data_packet import data_packet
from eyamlgpg.formats.openpgp.packets import looks_like_openpgp
from eyamlgpg.formats.text import decode, encode
from eyamlgpg.model.access import HiddenReader, KeyIndex, UnknownReader, readers
from eyamlgpg.model.keys import Key
from eyamlgpg.model.limits import MEBIBYTE
from eyamlgpg.model.short_names import short_names

LARGEST = 16 * MEBIBYTE
"""Bytes of a file in which values are looked for."""
MOST_MESSAGES = 5000
"""Different messages of one file that are opened."""
MOST_OPENED = 16 * MEBIBYTE
"""Bytes of plaintext of one file; what comes after is not opened."""
LONGEST = 1 << 16
"""Bytes of a plaintext that is shown."""
MOST_READERS = 20
"""Readers of a value that are named."""
DIGEST = 8
"""Hexadecimal digits of the SHA-256 of the encrypted data of a value that is not opened."""

_LIKE_CLOSED = re.compile(r"ENC(\\*+)(?=\[GPG, [0-9,]++ bytes #)")

_LOOKED_AT = 8000
"""Bytes in which git looks for a zero byte, by which it knows a binary file."""


class Opener(Protocol):
    """Opens messages without asking anybody."""

    def open(self, message: bytes) -> bytes | None:
        """The plaintext; None for a message that does not open."""
        ...


@dataclass(frozen=True, slots=True)
class Converted:
    """What git is given."""

    content: bytes = field(repr=False)
    closed: int = 0
    """Values that are shown encrypted."""


def convert(content: bytes, opener: Callable[[], Opener | None], keys: Callable[[], Sequence[Key]]) -> Converted:
    """The text of a file for git. `opener` and `keys` are asked only where a value makes it necessary."""
    if b"\0" in content[:_LOOKED_AT]:
        return Converted(summary(len(content), sha256(content).hexdigest()))
    text = decode(content)
    run = _Run(opener, keys)
    pieces: list[str] = []
    place = 0
    for token in sorted(_ours(text), key=lambda token: token.start):
        pieces += [_as_text(text[place : token.start]), run.shown(text, token)]
        place = token.end
    return Converted(encode("".join([*pieces, _as_text(text[place:])])), run.closed)


def _as_text(text: str) -> str:
    """What is no value, so that it is never shown as one is: else nobody would see that a value is in clear now."""
    return _LIKE_CLOSED.sub(r"ENC\1\\", markers.INNER_OPENER.sub(r"DEC\1\\", text))


def summary(size: int, digest: str) -> bytes:
    """What stands for a file that is not looked into: two of them differ where the files do."""
    return f"not shown as text: {size:,} bytes, SHA-256 {digest}\n".encode()


def _ours(text: str) -> Iterator[Token]:
    yield from (token for token in tokens.find(text) if method_of(token) is Method.GPG)
    yield from (token for token in tokens.find_wider(text) if looks_like_openpgp(token.message()))


class _Run:
    """One file."""

    def __init__(self, opener: Callable[[], Opener | None], keys: Callable[[], Sequence[Key]]) -> None:
        self._made_opener = opener
        self._opener: Opener | None = None
        self._keys = keys
        self._index: KeyIndex | None = None
        self._shown: dict[bytes, str | None] = {}
        self._left = MOST_OPENED
        self.closed = 0

    def shown(self, text: str, token: Token) -> str:
        message = token.message()
        if message not in self._shown:
            self._shown[message] = self._opened(message)
        marker = self._shown[message]
        if marker is not None:
            return marker
        self.closed += 1
        return self._closed(message) or text[token.start : token.end]

    def _opened(self, message: bytes) -> str | None:
        """The marker; None where there is none."""
        if not self._shown:
            self._opener = self._made_opener()
        if self._opener is None or self._left <= 0 or len(self._shown) >= MOST_MESSAGES:
            return None
        plaintext = self._opener.open(message)
        if plaintext is None:
            return None
        self._left -= len(plaintext)
        if len(plaintext) > LONGEST or not markers.is_showable(plaintext):
            return None
        return markers.render(None, Method.GPG, plaintext.decode())

    def _closed(self, message: bytes) -> str | None:
        """What is known of a message that is not opened; None where it is damaged."""
        try:
            told = packets.read(message)
            # Without the session keys, the length of which varies, for the same readers, by chance.
            data = data_packet(message)
        except FormatError:
            return None
        if self._index is None:
            self._index = KeyIndex(_listed(self._keys))
        user_ids: dict[str, str] = {}
        others: set[str] = set()
        for reader in readers(told.key_ids, self._index):
            match reader:
                case HiddenReader():
                    others.add("a hidden reader")
                case UnknownReader(key_id):
                    others.add(f"key {key_id}")
                case _:
                    user_ids[reader.key.fingerprint] = _printable(reader.key.user_id)
        named = [
            *sorted(short_names(user_ids).values()),
            *sorted(others),
            *(["a passphrase"] if told.symmetric else []),
        ]
        more = [f"{len(named) - MOST_READERS} more"] if len(named) > MOST_READERS else []
        # So that a new value shows to everybody, also where it is as long as the old one: a reviewer sees each change.
        digest = sha256(data).hexdigest()[:DIGEST]
        return f"ENC[GPG, {len(data):,} bytes #{digest}, to {', '.join([*named[:MOST_READERS], *more])}]"


def _listed(keys: Callable[[], Sequence[Key]]) -> Sequence[Key]:
    try:
        return keys()
    except EyamlgpgError:
        return ()


def _printable(user_id: str) -> str:
    """A stranger's name within one token on one line."""
    return "".join(char if char.isprintable() and char not in "[]," else "?" for char in user_id)[:80]
