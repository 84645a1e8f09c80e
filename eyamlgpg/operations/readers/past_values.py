"""The values of every version of a file, each piece of text read once however many versions hold it.

A file of a thousand versions is the same text a thousand times but for a line or two. So the base64 of a version is
taken out first (see `shortened`), and what is left is read by its parts (see `parted`), each remembered by its digest.
A version that does not fall into such parts (an alias to an anchor elsewhere, quotes over several keys, a sequence,
several documents) is read as a whole.
"""

from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from sys import intern

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.eyaml.methods import Method, method_of
from eyamlgpg.formats.eyaml.tokens import TOKEN, Token
from eyamlgpg.formats.eyaml.values import Scan, find_values
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.formats.openpgp.data_packet import data_packet
from eyamlgpg.formats.text import decode
from eyamlgpg.formats.yaml.parse import locate
from eyamlgpg.formats.yaml.structure import Mapping as YamlMapping
from eyamlgpg.formats.yaml.structure import NotYaml, Structure
from eyamlgpg.model.keys import KeyId
from eyamlgpg.operations.readers.parted import Parted, part
from eyamlgpg.operations.readers.shortened import MARKED, Shortened, shorten

MAY_BE_VALUE = b"ENC["
"""What a file without any value does not have."""
_LOOKED_AT = 64
"""Bytes among which UTF-16 and UTF-32 have a zero, as hardly any other text has."""
_MOST_PARTS = 20_000
"""Parts that are remembered beside those of the version that was read last."""


@dataclass(frozen=True, slots=True, eq=False)
class PastMessage:
    """A message that stood somewhere at some time; the same one is the same object, so that millions cost little."""

    key_ids: tuple[KeyId, ...]
    """Whom it is for; none for a damaged one."""
    packet: bytes
    """The digest of its data packet."""
    digest: bytes
    """That of its base64, by which it is found again."""
    object_id: str
    """A file version that holds it."""
    is_damaged: bool = False


Key = tuple[str, int]
"""A Hiera key path, empty for none, and which one of those at the same path."""

Version = Mapping[Key, PastMessage]
"""The values of one version of a file."""

_Placed = tuple[str, int | PastMessage]
"""A Hiera key path, and the message there, or which one of those that were taken out of the part."""

_NONE: Version = {}


@dataclass(frozen=True, slots=True)
class _Part:
    """What one part of a shortened text says."""

    placed: tuple[_Placed, ...]
    marks: int
    """How many messages were taken out of it."""


@dataclass(frozen=True, slots=True)
class _Before:
    """The version that was read last."""

    path: str
    short: Shortened[PastMessage]
    parted: Parted[_Part] | None


@dataclass
class VersionReader:
    """Reads versions of files, in any order; those of one path one after the other cost least."""

    default: Method | None = None
    """The method of values that name none."""
    _before: _Before | None = None
    _parts: dict[bytes, _Part | None] = field(default_factory=dict)
    _messages: dict[bytes, PastMessage] = field(default_factory=dict)
    _keys: dict[str, Key] = field(default_factory=dict)

    def read(self, object_id: str, content: bytes, path: str) -> Version:
        """The values of a version, in order; nothing for most files, which hold none.

        What it shares with the version that was read before, where that is of the same path, costs next to nothing.
        """
        if MAY_BE_VALUE not in content:
            return _NONE
        before = self._before if self._before is not None and self._before.path == path else None

        def read_base64(base64: bytes) -> PastMessage:
            return self._message(object_id, base64)

        short = shorten(content, None if before is None else before.short, read_base64)
        parted = self._parted(object_id, short.text, None if before is None else before.parted)
        self._before = _Before(path, short, parted)
        read = [self._whole(object_id, decode(short.text))] if parted is None else parted.read
        version: dict[Key, PastMessage] = {}
        numbers: dict[str, int] = {}
        first = 0
        for one in read:
            for path_in_file, placed in one.placed:
                key = self._keys.get(path_in_file)
                if key is None:
                    key = self._keys[path_in_file] = (path_in_file, 0)
                if key in version:
                    numbers[path_in_file] = number = numbers.get(path_in_file, 0) + 1
                    key = (path_in_file, number)
                version[key] = short.taken[first + placed] if isinstance(placed, int) else placed
            first += one.marks
        return version

    @property
    def messages(self) -> Iterator[PastMessage]:
        """Every message met so far, once."""
        return iter(self._messages.values())

    def _parted(self, object_id: str, text: bytes, before: Parted[_Part] | None) -> Parted[_Part] | None:
        def read_part(piece: bytes) -> _Part | None:
            digest = blake2b(piece, digest_size=16).digest()
            try:
                return self._parts[digest]
            except KeyError:
                if len(self._parts) >= _MOST_PARTS:
                    self._parts.clear()
                told = self._parts[digest] = self._alone(object_id, decode(piece) + "\n")
                return told

        parted = part(text, before, read_part)
        return None if parted is None or MAY_BE_VALUE in parted.preamble else parted

    def _alone(self, object_id: str, piece: str) -> _Part | None:
        """What a part says by itself; None where it cannot be read so."""
        if "ENC[" not in piece:
            return _Part((), 0) if _stands_alone(locate(piece)) else None
        scan = find_values(piece)
        if scan.structure is None or not _stands_alone(scan.structure):
            return None
        return self._placed(object_id, piece, scan)

    def _whole(self, object_id: str, text: str) -> _Part:
        return self._placed(object_id, text, find_values(text))

    def _placed(self, object_id: str, text: str, scan: Scan) -> _Part:
        marks = {match.start(): number for number, match in enumerate(MARKED.finditer(text))}
        placed: list[_Placed] = []
        for value in scan.values:
            token = value.token
            if method_of(token, self.default) is Method.GPG:
                number = marks.get(token.start)
                message = self._message(object_id, token.base64.encode("ascii")) if number is None else number
                placed.append((intern(str(value.path or "")), message))
        return _Part(tuple(placed), len(marks))

    def _message(self, object_id: str, base64: bytes) -> PastMessage:
        digest = token_digest(base64)
        known = self._messages.get(digest)
        if known is None:
            known = self._messages[digest] = _past_message(_decoded(base64), digest, object_id)
        return known


def may_hold_values(content: bytes) -> bool:
    """Whether a content may hold values, be it in an encoding in which nobody finds them."""
    if MAY_BE_VALUE in content:
        return True
    return b"\0" in content[:_LOOKED_AT] and MAY_BE_VALUE in content.replace(b"\0", b"")


def tokens_by_digest(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The digest of every token that a text may hold, and its message, to find a `PastMessage` again."""
    for match in TOKEN.finditer(decode(content)):
        yield token_digest(match[2].encode("ascii")), message_of(match[2])


def message_of(base64: str) -> bytes:
    """The message that the base64 of a token stands for."""
    return Token(0, len(base64), None, base64).message()


def _decoded(base64: bytes) -> bytes:
    """The same for octets; nearly all are whole base64, of which `Token.message` would say no more."""
    if b"=" not in base64.rstrip(b"="):
        with suppress(Base64Error):
            return a2b_base64(base64)
    return message_of(base64.decode("ascii"))


def token_digest(base64: bytes) -> bytes:
    """What names a message however its token is laid out."""
    return blake2b(b"".join(base64.split()), digest_size=16).digest()


def _past_message(message: bytes, digest: bytes, object_id: str) -> PastMessage:
    try:
        told = packets.read(message)
        packet = data_packet(message, told.behind_first)
    except FormatError:
        return PastMessage((), digest, digest, object_id, is_damaged=True)
    return PastMessage(_one(told.key_ids), blake2b(packet, digest_size=16).digest(), digest, object_id)


@lru_cache(maxsize=4096)
def _one(key_ids: tuple[KeyId, ...]) -> tuple[KeyId, ...]:
    """The same tuple for the same readers, whom most messages have in common."""
    return key_ids


def _stands_alone(structure: Structure | NotYaml) -> bool:
    if not isinstance(structure, Structure) or len(structure.documents) != 1:
        return False
    root = structure.documents[0].root
    return isinstance(root, YamlMapping) and not root.is_flow and root.node_start == 0
