"""One file as the rules look at it, and its places: read once, whatever the number of rules."""

from dataclasses import dataclass, field

from eyamlgpg.detectors.showable_keys import ShownKeys
from eyamlgpg.errors import FormatError
from eyamlgpg.formats.eyaml.values import Scan, Value, find_values
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.formats.openpgp.packets import Message
from eyamlgpg.formats.text import Lines
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.structure import Located, Structure
from eyamlgpg.rules.rule import Place, argument


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
