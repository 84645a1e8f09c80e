"""One file as the rules look at it: read once, whatever the number of rules."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from shlex import quote

from eyamlgpg.errors import FormatError
from eyamlgpg.formats import packets
from eyamlgpg.formats.key_path import KeyPath
from eyamlgpg.formats.locate import Alias, Collection, Located, Node, Scalar, Structure
from eyamlgpg.formats.markers import OPENER
from eyamlgpg.formats.packets import Message
from eyamlgpg.formats.text import Lines
from eyamlgpg.formats.values import Scan, Value, find_values
from eyamlgpg.rules.rule import Place

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
"""What YAML reads as no value at all, where it is not quoted."""


@dataclass(frozen=True, slots=True)
class Clear:
    """A value that stands in clear text: a scalar without any token, or an alias of one."""

    place: Place
    path: KeyPath
    """Empty in a text that is not YAML, where each line is taken by itself."""
    text: str = field(repr=False)
    is_quoted: bool = False

    @property
    def name(self) -> str:
        """The nearest name above, without the namespace of a Puppet class: `password` of `a::b.password.0`."""
        names = [segment for segment in self.path.segments if isinstance(segment, str)]
        return names[-1].rpartition("::")[2] if names else ""

    @property
    def setting(self) -> str:
        """The command that encrypts a value in its place, but for where the value comes from."""
        return f"eyamlgpg set {quote(self.place.path)} {quote(str(self.path) or 'KEY')}"


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
    def structure(self) -> Structure | None:
        """None where the text is not YAML."""
        return self.scan.structure

    def place(self, offset: int, path: KeyPath | None = None) -> Place:
        """The place of a character."""
        key = None if path is None else str(path) or None
        if key is not None and (OPENER.search(key) or "ENC[" in key):
            key = None  # a marker that was left in a key shows its plaintext there, and a ciphertext says nothing
        return Place(self.path, self.lines.line(offset), self.lines.column(offset), key)

    def place_of(self, value: Value) -> Place:
        """The place of an encrypted value."""
        return self.place(value.token.start, value.path)

    def place_of_node(self, node: Located) -> Place:
        """The place of a scalar or another node."""
        return self.place(node.start, node.path)

    def has_token(self, scalar: Scalar) -> bool:
        """Whether any encrypted value stands in a scalar."""
        values = self.scan.values
        first = bisect_left(values, scalar.start, key=lambda value: value.token.start)
        return first < len(values) and values[first].token.start < scalar.end

    def clear(self) -> Iterator[Clear]:
        """Every value in clear text, in order; keys and empty values are none."""
        if self.structure is None:
            yield from self._lines()
            return
        for scalar in self.structure.scalars:
            if not (scalar.is_key or scalar.path is None or _is_null(scalar) or self.has_token(scalar)):
                yield _clear(self.place_of_node(scalar), scalar.path, scalar)
        if self.structure.anchored:
            yield from self._aliases(self.structure)

    def _lines(self) -> Iterator[Clear]:
        for number, line in enumerate(self.text.split("\n"), 1):
            if "ENC[" not in line:
                yield Clear(Place(self.path, number), KeyPath(), line)

    def _aliases(self, structure: Structure) -> Iterator[Clear]:
        """A secret under an innocent key may be handed to `password: *it`."""
        waiting: list[Node] = [document.root for document in structure.documents]
        while waiting:
            node = waiting.pop()
            if isinstance(node, Collection):
                waiting.extend(node.nodes)
            elif isinstance(node, Alias) and node.path is not None:
                target = structure.target(node)
                if isinstance(target, Scalar) and not (_is_null(target) or self.has_token(target)):
                    yield _clear(self.place_of_node(node), node.path, target)


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
    return not scalar.style and scalar.value in NULLS


def _clear(place: Place, path: KeyPath, scalar: Scalar) -> Clear:
    return Clear(place, path, scalar.value, is_quoted=bool(scalar.style))
