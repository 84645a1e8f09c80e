"""The values of every version of a file, each piece of text read once however many versions hold it.

A file of a thousand versions is the same text a thousand times but for a line or two. So a version is parted at the
lines that begin a key of the outermost mapping, and each part that is YAML by itself, a mapping whose keys stand at the
left margin, is read once and remembered by its digest: what such parts say together is what each says alone. A
version with any other part (an alias to an anchor elsewhere, quotes over several keys, a sequence, several documents)
is read as a whole.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from sys import intern

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.data_packet import data_packet
from eyamlgpg.formats.eyaml.methods import Method, method_of
from eyamlgpg.formats.eyaml.tokens import TOKEN, Token
from eyamlgpg.formats.eyaml.values import Scan, find_values
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.formats.text import decode
from eyamlgpg.formats.yaml.parse import locate
from eyamlgpg.formats.yaml.structure import Mapping as YamlMapping
from eyamlgpg.formats.yaml.structure import NotYaml, Structure
from eyamlgpg.model.keys import KeyId

_BEGINS_KEY = rb"[A-Za-z0-9_'\"]"
_PREAMBLE = re.compile(
    rb"(?:#[^\r\n]*\n|\n)*(?:---[ \t]*(?:#[^\r\n]*)?\n(?:#[^\r\n]*\n|\n)*)?(?=" + _BEGINS_KEY + rb")"
)
_PARTS = re.compile(rb"\n(?=" + _BEGINS_KEY + rb")")
_MAY_BE_VALUE = b"ENC["
_GPG_VALUE = re.compile(r"(?:(>\n)( *))?(ENC\[[Gg][Pp][Gg],)([A-Za-z0-9+/=]+(?:\n *[A-Za-z0-9+/=]+)*)\]")
_LINE_BREAK = re.compile(r"\n *")
_SHORT = 2000
"""Characters of a part whose reading is remembered."""


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

_NONE: Version = {}


@dataclass
class VersionReader:
    """Reads versions of files, in any order."""

    default: Method | None = None
    """The method of values that name none."""
    _parts: dict[bytes, tuple[tuple[str, PastMessage], ...] | None] = field(default_factory=dict)
    _scans: dict[str, Scan] = field(default_factory=dict)
    _messages: dict[bytes, PastMessage] = field(default_factory=dict)

    def read(self, object_id: str, content: bytes) -> Version:
        """The values of a version, in order; nothing for most files, which hold none."""
        if _MAY_BE_VALUE not in content:
            return _NONE
        values = self._in_parts(object_id, content)
        if values is None:
            text, taken = _shortened(decode(content))
            values = list(self._found(object_id, find_values(text), taken))
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

    def _in_parts(self, object_id: str, content: bytes) -> list[tuple[str, PastMessage]] | None:
        preamble = _PREAMBLE.match(content)
        if preamble is None or _is_odd(content, preamble.end()):
            return None
        values: list[tuple[str, PastMessage]] = []
        for part in _PARTS.split(content[preamble.end() :]):
            digest = blake2b(part, digest_size=16).digest()
            try:
                found = self._parts[digest]
            except KeyError:
                found = self._parts[digest] = self._alone(object_id, decode(part) + "\n")
            if found is None:
                return None
            values += found
        return values

    def _alone(self, object_id: str, part: str) -> tuple[tuple[str, PastMessage], ...] | None:
        """What a part says by itself; None where it cannot be read so.

        Where its values stand does not depend on their base64, which is nearly all of the text: with numbers in its
        place the parser has little to read, and a part in which values were only encrypted anew is known already.
        """
        if "ENC[" not in part:
            return () if _stands_alone(locate(part)) else None
        text, taken = _shortened(part)
        scan = self._scans.get(text) or find_values(text)
        if len(text) <= _SHORT:
            self._scans[text] = scan
        if scan.structure is None or not _stands_alone(scan.structure):
            return None
        return tuple(self._found(object_id, scan, taken))

    def _found(self, object_id: str, scan: Scan, taken: Sequence[str] = ()) -> Iterator[tuple[str, PastMessage]]:
        for value in scan.values:
            token = value.token
            if method_of(token, self.default) is Method.GPG:
                base64 = taken[int(token.base64)] if taken and token.base64.isdecimal() else token.base64
                yield intern(str(value.path or "")), self._message(object_id, base64)

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
    return PastMessage(told.key_ids, blake2b(packet, digest_size=16).digest(), digest, object_id)


def _shortened(part: str) -> tuple[str, list[str]]:
    """The part with a number in place of the base64 of its GPG values, and what each number stands for.

    Only of values on one line, and of blocks whose lines are all indented alike.
    """
    taken: list[str] = []

    def shorten(match: re.Match[str]) -> str:
        before, indent, opening, base64 = match.groups(default="")
        if set(_LINE_BREAK.findall(base64)) - ({f"\n{indent}"} if before else set()):
            return match.group()
        taken.append(base64)
        return f"{before}{indent}{opening}{len(taken) - 1}]"

    return _GPG_VALUE.sub(shorten, part), taken


def _is_odd(content: bytes, start: int) -> bool:
    """Whether the text has line ends, documents or values that are not to be parted."""
    return (
        content.find(b"\n---", max(start - 1, 0)) >= 0
        or b"\n..." in content
        or _MAY_BE_VALUE in content[:start]
        or (b"\r" in content and content.count(b"\r") != content.count(b"\r\n"))
    )


def _stands_alone(structure: Structure | NotYaml) -> bool:
    if not isinstance(structure, Structure) or len(structure.documents) != 1:
        return False
    root = structure.documents[0].root
    return isinstance(root, YamlMapping) and not root.is_flow and root.node_start == 0
