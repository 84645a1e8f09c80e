"""One file as the rules look at it: read once, whatever the number of rules."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from shlex import quote

from eyamlgpg.errors import FormatError
from eyamlgpg.formats import packets
from eyamlgpg.formats.key_path import KeyPath
from eyamlgpg.formats.markers import OPENER
from eyamlgpg.formats.packets import Message
from eyamlgpg.formats.structure import Alias, Collection, Located, Node, Scalar, Structure
from eyamlgpg.formats.text import Lines
from eyamlgpg.formats.tokens import TOKEN, Token
from eyamlgpg.formats.values import Scan, Value, find_values
from eyamlgpg.rules.beside import Beside, names_beside
from eyamlgpg.rules.forms import is_secret_key, shown
from eyamlgpg.rules.rule import Place, argument

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
"""What YAML reads as no value at all, where it is not quoted."""

STAND_IN = "%{ENC}"
"""Stands for an encrypted value in what is left of a text; it looks like an interpolation, which is no secret."""

_DER = b"\x30"
"""Begins a PKCS#7 message (X.690: a sequence)."""


@dataclass(frozen=True, slots=True)
class Clear:
    """What stands in clear text: a scalar without its tokens, a line of a text that is no YAML, or an alias."""

    place: Place
    path: KeyPath
    """Empty in a text that is not YAML, where each line is taken by itself."""
    text: str = field(repr=False)
    """With `STAND_IN` for each encrypted value."""
    is_quoted: bool = False
    is_literal: bool = False
    """Whether its lines are lines of the file, the first of them below `place`: a block of `|`."""
    beside: tuple[str, ...] = ()
    """What stands beside a `value` as its name: `DB_PASSWORD` of `{name: DB_PASSWORD, value: …}`; none as a rule."""
    arguments: tuple[str, ...] = field(default=(), repr=False)
    """What stands before an item of a list that is a command: its first words, and the item right before."""

    @property
    def is_partial(self) -> bool:
        """Whether a part of it is encrypted, so that its key says little about the rest."""
        return STAND_IN in self.text

    @property
    def name(self) -> str:
        """The nearest name above, without the namespace of a Puppet class: `password` of `a::b.password.0`."""
        names = [segment for segment in self.path.segments if isinstance(segment, str)]
        return names[-1].rpartition("::")[2] if names else ""

    @property
    def parent(self) -> str:
        """The name above `name`, likewise; empty where there is none."""
        names = [segment for segment in self.path.segments if isinstance(segment, str)]
        above = "::".join(names[-2:]).split("::")  # `profile::passwords::root` stands below `passwords`, too
        return above[-2] if len(above) > 1 else ""

    @property
    def setting(self) -> str:
        """The command that encrypts a value in its place, but for where the value comes from."""
        return setting(self.place.path, None if self.place.key is None else self.path)


@dataclass(frozen=True, slots=True)
class Subject:
    """A file of a tree: its text, its values, and what OpenPGP message each one holds."""

    path: str
    """As findings name it: from the root of the tree."""
    text: str = field(repr=False)
    lines: Lines = field(repr=False)
    scan: Scan
    messages: tuple[tuple[Value, Message | FormatError], ...]
    """Of each GPG value, in order."""

    @classmethod
    def read(cls, path: str, text: str) -> "Subject":
        """Read a file's text; total, whatever the text."""
        scan = find_values(text)
        read = tuple((value, _message(value)) for value in scan.values if is_for_gpg(value))
        return cls(path, text, Lines(text), scan, read)

    @classmethod
    def skim(cls, path: str, text: str) -> "Subject":
        """The same without the messages, for what only asks where values stand."""
        return cls(path, text, Lines(text), find_values(text), ())

    @classmethod
    def read_lines(cls, path: str, text: str) -> "Subject":
        """A text that is no YAML and holds no values: a recipients file."""
        return cls(path, text, Lines(text), Scan((), (), None), ())

    @property
    def argument(self) -> str:
        """The path as a word of a command."""
        return argument(self.path)

    @property
    def structure(self) -> Structure | None:
        """None where the text is not YAML."""
        return self.scan.structure

    def place(self, offset: int, path: KeyPath | None = None) -> Place:
        """The place of a character."""
        key = None if path is None else str(shown(path)) or None
        if key is not None and (OPENER.search(key) or "ENC[" in key):
            key = None  # a marker that was left in a key shows its plaintext there, and a ciphertext says nothing
        return Place(self.path, self.lines.line(offset), self.lines.column(offset), key)

    def place_of(self, value: Value) -> Place:
        """The place of an encrypted value."""
        return self.place(value.token.start, value.path)

    def place_of_node(self, node: Located) -> Place:
        """The place of a scalar or another node."""
        return self.place(node.start, node.path)

    def place_of_line(self, number: int, path: KeyPath | None) -> Place:
        """The place of the first letter of a line."""
        start = self.lines.start(number)
        line = self.text[start:].partition("\n")[0]
        return self.place(start + len(line) - len(line.lstrip()), path)

    def clear(self) -> Iterator[Clear]:
        """Every value in clear text, in order; empty ones are none, nor are keys but those that are secrets."""
        if self.structure is None:
            yield from self._lines()
            return
        beside = names_beside(self.structure)
        last = None
        for scalar in self.structure.scalars:
            if scalar.is_key:
                if is_secret_key(scalar.value):
                    yield Clear(self.place_of_node(scalar), KeyPath(), scalar.value)
            elif not _is_null(scalar):
                path = _path_in_key(last) if scalar.path is None else scalar.path
                yield from _clear(self.place_of_node(scalar), path, scalar, beside.of(scalar))
            last = scalar
        if self.structure.anchored:
            yield from self._aliases(self.structure, beside)

    def _lines(self) -> Iterator[Clear]:
        for number, line in enumerate(_left(self.text).split("\n"), 1):
            if line.strip() not in ("", STAND_IN):
                yield Clear(Place(self.path, number), KeyPath(), line)

    def _aliases(self, structure: Structure, beside: Beside) -> Iterator[Clear]:
        """A secret under an innocent key may be handed to `password: *it`."""
        waiting: list[Node] = [document.root for document in structure.documents]
        while waiting:
            node = waiting.pop()
            if isinstance(node, Collection):
                waiting.extend(node.nodes)
            elif isinstance(node, Alias) and node.path is not None:
                target = structure.target(node)
                if isinstance(target, Scalar) and not _is_null(target):
                    yield from _clear(self.place_of_node(node), node.path, target, beside.of(node))


def setting(path: str, key: KeyPath | None) -> str:
    """The command that sets a value anew, but for where the value comes from."""
    name = "" if key is None else str(shown(key))
    return f"eyamlgpg set {argument(path)} {quote(name or 'KEY')}"


def is_for_gpg(value: Value) -> bool:
    """Whether a value is GPG's: by its scheme, or without one by what it holds."""
    if value.token.scheme is None:
        return packets.looks_like_openpgp(value.token.message())
    return value.token.is_gpg


def _message(value: Value) -> Message | FormatError:
    try:
        return packets.read(value.token.message())
    except FormatError as error:
        return error


def _is_null(scalar: Scalar) -> bool:
    return not scalar.style and scalar.value in NULLS and not _property(scalar)


def _property(scalar: Scalar) -> str:
    """The tag or anchor of a value with nothing behind it: `!Kirschkuchen9` was meant to be a password."""
    if scalar.value or scalar.style:
        return ""
    return scalar.tag.lstrip("!") if scalar.tag and scalar.tag.startswith("!") else scalar.anchor or ""


def _path_in_key(last: Scalar | None) -> KeyPath:
    """Of a value inside a key that is itself a mapping, `? {password: x}`: it has no path, but a name before it."""
    return KeyPath(("?", last.value)) if last is not None and last.is_key else KeyPath(("?",))


def _clear(place: Place, path: KeyPath, scalar: Scalar, beside: tuple[str, ...]) -> Iterator[Clear]:
    text = _left(scalar.value or _property(scalar))
    if text.strip() != STAND_IN:
        is_literal = scalar.style == "|" and place.line == scalar.line  # an alias stands elsewhere
        yield Clear(place, path, text, is_quoted=bool(scalar.style), is_literal=is_literal, beside=beside)


def _left(text: str) -> str:
    """What is left of a text without what is encrypted in it; its lines keep their numbers."""
    if "ENC[" not in text:
        return text
    return TOKEN.sub(_stand_in, text)


def _stand_in(match: re.Match[str]) -> str:
    token = Token(match.start(), match.end(), *match.groups())
    return STAND_IN + "\n" * match[0].count("\n") if is_encrypted(token) else match[0]


def is_encrypted(token: Token) -> bool:
    """Whether anything is encrypted in a token: `ENC[Kirschkuchen9]` is a word in brackets.

    What names a method that is not PKCS7, and holds no message of it, is told by the rules on the format.
    """
    if token.scheme is not None and token.scheme.upper() != "PKCS7":
        return True
    message = token.message()
    return message.startswith(_DER) or packets.looks_like_openpgp(message)
