"""One file as the rules look at it: read once, whatever the number of rules."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from shlex import quote

from eyamlgpg.detectors.likeness import looks_like_password
from eyamlgpg.detectors.names import is_container, sounds_secret
from eyamlgpg.detectors.showable_keys import ShownKeys, keys_in_braces, looks_like_name
from eyamlgpg.errors import FormatError
from eyamlgpg.formats.eyaml.tokens import TOKEN, Token
from eyamlgpg.formats.eyaml.values import BINARY_TAGS, Scan, Value, find_values, unpacked
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.formats.openpgp.packets import Message
from eyamlgpg.formats.text import Lines
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.structure import Located, Scalar, Structure
from eyamlgpg.model.showable_names import HIDDEN
from eyamlgpg.rules.reading.aliases import handed_on, without_merges
from eyamlgpg.rules.reading.beside import Beside, names_beside
from eyamlgpg.rules.rule import Place, argument

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
"""What YAML reads as no value at all, where it is not quoted."""

STAND_IN = "%{ENC}"
"""Stands for an encrypted value in what is left of a text; it looks like an interpolation, which is no secret."""

MOST_OF_ALIAS = 4096
"""Characters that are judged by the name of an alias: no longer text is a password."""

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

    origin: Place | None = None
    """Where an alias takes it from: what it holds is looked at there, and its name where the alias stands."""

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
        return setting(self.place)


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
    keys: ShownKeys = field(default_factory=ShownKeys)
    """Which of its keys may be shown."""

    @classmethod
    def read(cls, path: str, text: str) -> "Subject":
        """Read a file's text; total, whatever the text."""
        scan = find_values(text)
        read = tuple((value, _message(value)) for value in scan.values if is_for_gpg(value))
        return cls(path, text, Lines(text), scan, read, ShownKeys.of(text, scan.structure))

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
        shown = None if path is None else self.keys.shown(path)
        key = None if shown is None else str(shown) or None
        about = None if shown is path else str(path)
        return Place(self.path, self.lines.line(offset), self.lines.column(offset), key, about)

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
                yield from self._key(scalar)
            elif not _is_null(scalar):
                path = _path_in_key(last) if scalar.path is None else without_merges(scalar.path)
                yield from _clear(self.place_of_node(scalar), path, scalar, beside.of(scalar))
            last = scalar
        for key in keys_in_braces(self.text, self.structure):
            yield from self._in_braces(key)
        if self.structure.anchored:
            yield from self._aliases(self.structure, beside)

    def _key(self, key: Scalar) -> Iterator[Clear]:
        """What does not look like a name may be a secret, which has no name then."""
        if not looks_like_name(key.value):
            yield from _clear(self.place_of_node(key), KeyPath(), key, ())

    def _in_braces(self, key: Scalar) -> Iterator[Clear]:
        """`password: {Kirschkuchen9}` was meant to be a value, `passwords: {alice, bob}` hardly."""
        above = KeyPath(() if key.path is None else key.path.segments[:-1])
        clear = Clear(self.place(key.start, above), above, key.value)
        if sounds_secret(clear.name) and (looks_like_password(key.value) or not is_container(clear.name)):
            yield clear

    def _lines(self) -> Iterator[Clear]:
        for number, line in enumerate(_left(self.text).split("\n"), 1):
            if line.strip() not in ("", STAND_IN):
                yield Clear(Place(self.path, number, about=line.strip()), KeyPath(), line)

    def _aliases(self, structure: Structure, beside: Beside) -> Iterator[Clear]:
        """A secret under an innocent key may be handed to `password: *it`."""
        of: dict[int, tuple[Clear, ...]] = {}
        for alias, path, scalar in handed_on(structure):
            if scalar.start not in of:
                found = () if _is_null(scalar) else _clear(self.place(scalar.start), path, scalar, ())
                of[scalar.start] = tuple(replace(one, text=one.text[:MOST_OF_ALIAS]) for one in found)
            names = beside.of(alias) if isinstance(structure.target(alias), Scalar) else ()
            for one in of[scalar.start]:
                yield replace(one, place=self.place(alias.start, path), path=path, beside=names, origin=one.place)


def setting(place: Place) -> str:
    """The command that sets the value of a place anew, but for where the value comes from."""
    key = "KEY" if place.key is None or HIDDEN in place.key else place.key
    return f"eyamlgpg set {place.argument} {quote(key)}"


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
    value = unpacked(scalar.value) if scalar.tag in BINARY_TAGS else scalar.value
    text = _left(value or _property(scalar))
    if text.strip() != STAND_IN:
        is_literal = scalar.style == "|" and value is scalar.value
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
