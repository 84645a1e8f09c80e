"""What stands in the editor: the file with numbered markers under a preamble; `edit_return` is the way back."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from eyamlgpg.formats.eyaml import markers
from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.formats.eyaml.tokens import Token
from eyamlgpg.formats.splice import Edit, splice
from eyamlgpg.operations.values.opened_text import OpenedText
from eyamlgpg.operations.values.preamble import preamble_for

BOM = "\ufeff"
NEW_FILE = "---\n"


@dataclass(frozen=True, slots=True)
class Shown:
    """A value that the buffer shows as a marker: the token it came from, and what was shown."""

    token: Token
    text: str
    """The token as it stands in the file."""
    content: str = field(repr=False)
    indent: str | None
    """The white space before it, where it is the first on its line."""
    method: Method = Method.GPG


@dataclass(frozen=True, slots=True)
class Buffer:
    """What the editor gets."""

    name: str
    preamble: str
    body: str = field(repr=False)
    """Without preamble and BOM."""
    original: str | None = field(repr=False)
    """The file's text; None for a new file."""
    shown: dict[int, Shown]

    @property
    def text(self) -> str:
        """Preamble and body."""
        return self.preamble + self.body


def open_buffer(opened: OpenedText | None, name: str, *, preamble: bool) -> Buffer:
    """The buffer of a file whose values were opened (none of them for `--no-decrypt`); of a new file for None."""
    if opened is None:
        head = preamble_for("", numbered=False, binary=0, left_alone=0) if preamble else ""
        return Buffer(name, head, NEW_FILE, None, {})
    text = opened.text
    shown: dict[int, Shown] = {}
    edits = []
    numbers = _free_numbers(text)
    binary = 0
    for one in opened.values:
        if one.plaintext is None:
            continue
        if not markers.is_showable(one.plaintext):
            binary += 1
            continue
        number, token, content = next(numbers), one.value.token, one.plaintext.decode()
        written = text[token.start : token.end]
        shown[number] = Shown(token, written, content, indent_before(text, token.start), one.method)
        edits.append(Edit(token.start, token.end, markers.render(number, one.method, content)))
    body = splice(text, edits).removeprefix(BOM)
    head = ""
    if preamble:
        left_alone, closed = len(opened.left_alone), opened.kept_closed
        head = preamble_for(text, numbered=bool(shown), binary=binary, left_alone=left_alone, kept_closed=closed)
    return Buffer(name, head, body, text, shown)


def _free_numbers(text: str) -> Iterator[int]:
    taken = markers.numbers(text)
    number = 0
    while True:
        number += 1
        if number not in taken:
            yield number


def indent_before(text: str, offset: int) -> str | None:
    """The white space before a place; None where anything else stands before it on its line."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line if not line.strip(" \t") else None
