"""The values of one version of a file, and whether two of them hold the same plaintext."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Protocol

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.eyaml import tokens
from eyamlgpg.formats.eyaml.methods import Method, method_of
from eyamlgpg.formats.eyaml.tokens import Layout, Token
from eyamlgpg.formats.eyaml.values import find_values
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.formats.openpgp.data_packet import data_packet
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.model.key_ids import KeyId


class Opener(Protocol):
    """Opens messages without asking anybody."""

    def open(self, message: bytes) -> bytes | None:
        """The plaintext; None for a message that does not open."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """One value of one version."""

    token: Token
    written: str = field(repr=False)
    """The token as it stands in the file."""
    message: bytes = field(repr=False)
    packet: bytes = field(repr=False)
    """The data packet, which is the same for every reader; the whole message where it is not OpenPGP."""
    key_ids: frozenset[KeyId]
    """Of those who can read it; none where that cannot be told."""
    can_open: bool
    path: KeyPath | None
    count: int
    """How many values before it have the same path: two in one text, or in two documents."""

    def laid_out(self, layout: Layout | None) -> str:
        """The token as it is written in a place of this layout."""
        if layout == self.token.layout:
            return self.written
        return tokens.render(self.message, layout=layout, scheme=self.token.scheme or Method.GPG)


def held_in(text: str) -> tuple[Held, ...]:
    """All values of a text, of every method, in order."""
    seen: Counter[KeyPath | None] = Counter()
    found = []
    for value in find_values(text).values:
        token = value.token
        message = token.message()
        is_gpg = method_of(token) is Method.GPG
        packet, key_ids = _told(message) if is_gpg else (message, frozenset())
        written = text[token.start : token.end]
        found.append(Held(token, written, message, packet, key_ids, is_gpg, value.path, seen[value.path]))
        seen[value.path] += 1
    return tuple(found)


def _told(message: bytes) -> tuple[bytes, frozenset[KeyId]]:
    try:
        told = packets.read(message)
        return data_packet(message), frozenset(told.key_ids)
    except FormatError:
        return message, frozenset()


class Comparison:
    """Whether values hold the same plaintext. Each message is opened once; only a keyed hash of it is kept."""

    def __init__(self, opener: Callable[[], Opener | None], run_key: bytes) -> None:
        """`opener` is asked when the first message has to be opened; it gives None where nothing can be."""
        self._opener = opener
        self._made: Opener | None = None
        self._run_key = run_key
        self._hashes: dict[bytes, bytes | None] = {}
        self.closed = False
        """Whether something was asked that could not be told."""

    def same(self, one: Held, other: Held) -> bool | None:
        """None where that cannot be told."""
        if one.packet == other.packet:
            return True
        if not (one.can_open and other.can_open):
            return False if one.can_open == other.can_open else None
        first, second = self._hash(one), self._hash(other)
        if first is None or second is None:
            self.closed = True
            return None
        return first == second

    def kind(self, held: Held) -> bytes:
        """The same for values that are known to be the same."""
        return (self._hash(held) if held.can_open else None) or held.packet

    def _hash(self, held: Held) -> bytes | None:
        if held.message not in self._hashes:
            if not self._hashes:
                self._made = self._opener()
            plaintext = None if self._made is None else self._made.open(held.message)
            digest = None if plaintext is None else blake2b(plaintext, key=self._run_key, digest_size=32).digest()
            self._hashes[held.message] = digest
        return self._hashes[held.message]
