"""The values of every version of a file, each piece of text read once however many versions hold it.

A file of a thousand versions is the same text a thousand times but for a line or two. So a version is read by its parts
(see `parted`), each remembered by its digest. A version that does not fall into such parts (an alias to an anchor
elsewhere, quotes over several keys, a sequence, several documents) is read as a whole.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from eyamlgpg.formats.text import decode, encode
from eyamlgpg.formats.yaml.parse import locate
from eyamlgpg.formats.yaml.structure import Mapping as YamlMapping
from eyamlgpg.formats.yaml.structure import NotYaml, Structure
from eyamlgpg.model.keys import KeyId
from eyamlgpg.operations.readers.parted import Parted, part

MAY_BE_VALUE = b"ENC["
"""What a file without any value does not have."""
_GPG_VALUE = re.compile(r"(?:(>\n)( *))?(ENC\[[Gg][Pp][Gg],)([A-Za-z0-9+/=]+(?:\n *[A-Za-z0-9+/=]+)*)\]")
_MOST_PARTS = 20_000
"""Parts that are remembered beside those of the versions that were read last."""
_LINE_BREAK = re.compile(r"\n *")


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

_Placed = tuple[str, int | str]
"""A Hiera key path, and the base64 there or the number that stands for it."""

_Values = tuple[tuple[str, PastMessage], ...]

_NONE: Version = {}


@dataclass
class VersionReader:
    """Reads versions of files, in any order."""

    default: Method | None = None
    """The method of values that name none."""
    _before: dict[str, Parted[_Values]] = field(default_factory=dict)
    """Of each path the version that was read last."""
    _parts: dict[bytes, _Values | None] = field(default_factory=dict)
    _places: dict[bytes, tuple[_Placed, ...] | None] = field(default_factory=dict)
    _messages: dict[bytes, PastMessage] = field(default_factory=dict)

    def read(self, object_id: str, content: bytes, path: str) -> Version:
        """The values of a version, in order; nothing for most files, which hold none.

        What it shares with the version of the same path that was read before it costs next to nothing.
        """
        if MAY_BE_VALUE not in content:
            return _NONE
        values = self._in_parts(object_id, content, path)
        if values is None:
            text, taken = _shortened(decode(content))
            values = list(self._filled(object_id, self._placed(find_values(text)), taken))
        version: dict[Key, PastMessage] = {}
        numbers: dict[str, int] = {}
        for key, message in values:
            number = numbers.get(key, 0)
            numbers[key] = number + 1
            version[key, number] = message
        return version

    @property
    def messages(self) -> Iterator[PastMessage]:
        """Every message met so far, once."""
        return iter(self._messages.values())

    def _in_parts(self, object_id: str, content: bytes, path: str) -> list[tuple[str, PastMessage]] | None:
        def read_part(piece: bytes) -> _Values | None:
            digest = blake2b(piece, digest_size=16).digest()
            try:
                return self._parts[digest]
            except KeyError:
                if len(self._parts) >= _MOST_PARTS:
                    self._parts.clear()
                told = self._parts[digest] = self._alone(object_id, decode(piece) + "\n")
                return told

        parted = part(content, self._before.get(path), read_part)
        if parted is None or MAY_BE_VALUE in parted.preamble:
            return None
        self._before[path] = parted
        return [value for values in parted.read for value in values]

    def _alone(self, object_id: str, piece: str) -> _Values | None:
        """What a part says by itself; None where it cannot be read so.

        Where its values stand does not depend on their base64, which is nearly all of the text: with numbers in its
        place the parser has little to read, and a part in which values were only encrypted anew is known already.
        """
        if "ENC[" not in piece:
            return () if _stands_alone(locate(piece)) else None
        text, taken = _shortened(piece)
        digest = blake2b(encode(text), digest_size=16).digest()
        if digest not in self._places:
            scan = find_values(text)
            stands = scan.structure is not None and _stands_alone(scan.structure)
            self._places[digest] = tuple(self._placed(scan)) if stands else None
        places = self._places[digest]
        return None if places is None else tuple(self._filled(object_id, places, taken))

    def _placed(self, scan: Scan) -> Iterator[_Placed]:
        for value in scan.values:
            token = value.token
            if method_of(token, self.default) is Method.GPG:
                is_number = token.is_gpg and token.base64.isdecimal()
                yield intern(str(value.path or "")), int(token.base64) if is_number else token.base64

    def _filled(
        self, object_id: str, places: Iterable[_Placed], taken: Sequence[str]
    ) -> Iterator[tuple[str, PastMessage]]:
        for key, base64 in places:
            yield key, self._message(object_id, taken[base64] if isinstance(base64, int) else base64)

    def _message(self, object_id: str, base64: str) -> PastMessage:
        digest = token_digest(base64)
        known = self._messages.get(digest)
        if known is None:
            known = self._messages[digest] = _past_message(message_of(base64), digest, object_id)
        return known


def tokens_by_digest(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The digest of every token that a text may hold, and its message, to find a `PastMessage` again."""
    for match in TOKEN.finditer(decode(content)):
        yield token_digest(match[2]), message_of(match[2])


def message_of(base64: str) -> bytes:
    """The message that the base64 of a token stands for."""
    return Token(0, len(base64), None, base64).message()


def token_digest(base64: str) -> bytes:
    """What names a message however its token is laid out."""
    return blake2b("".join(base64.split()).encode("ascii"), digest_size=16).digest()


def _past_message(message: bytes, digest: bytes, object_id: str) -> PastMessage:
    try:
        told = packets.read(message)
        packet = data_packet(message)
    except FormatError:
        return PastMessage((), digest, digest, object_id, is_damaged=True)
    return PastMessage(_one(told.key_ids), blake2b(packet, digest_size=16).digest(), digest, object_id)


def _shortened(piece: str) -> tuple[str, list[str]]:
    """The text with a number in place of the base64 of its GPG values, and what each number stands for.

    Only of values on one line, and of blocks whose lines are all indented alike.
    """
    taken: list[str] = []

    def shorten(match: re.Match[str]) -> str:
        before, indent, opening, base64 = match.groups(default="")
        if set(_LINE_BREAK.findall(base64)) - ({f"\n{indent}"} if before else set()):
            return match.group()
        taken.append(base64)
        return f"{before}{indent}{opening}{len(taken) - 1}]"

    return _GPG_VALUE.sub(shorten, piece), taken


@lru_cache(maxsize=4096)
def _one(key_ids: tuple[KeyId, ...]) -> tuple[KeyId, ...]:
    """The same tuple for the same readers, whom most messages have in common."""
    return key_ids


def _stands_alone(structure: Structure | NotYaml) -> bool:
    if not isinstance(structure, Structure) or len(structure.documents) != 1:
        return False
    root = structure.documents[0].root
    return isinstance(root, YamlMapping) and not root.is_flow and root.node_start == 0
