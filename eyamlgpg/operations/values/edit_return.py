"""The way back from the editor: the saved text as spans, nothing of which is encrypted or written here.

They are text as typed, tokens that come back byte for byte, and plaintexts to be encrypted.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from eyamlgpg.errors import EyamlgpgError, FormatError, raise_all
from eyamlgpg.formats.eyaml import markers, near_markers, tokens
from eyamlgpg.formats.eyaml.markers import Marker
from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.formats.eyaml.near_markers import NearMarker
from eyamlgpg.formats.eyaml.tokens import Layout
from eyamlgpg.formats.splice import Edit, splice
from eyamlgpg.formats.text import encode
from eyamlgpg.operations.values.edit_buffer import BOM, Buffer, Shown, indent_before
from eyamlgpg.operations.values.encrypt import find_markers, method_of_marker, new_layout
from eyamlgpg.operations.values.preamble import line_left, without_preamble

ITEMS = re.compile(r" *(?:- +)*")


@dataclass(frozen=True, slots=True)
class Kept:
    """A token that goes back as it was, or in the layout of the place that it was moved to."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class New:
    """A plaintext to be encrypted, and how its token is to be laid out."""

    start: int
    end: int
    plaintext: bytes = field(repr=False)
    layout: Layout | None
    method: Method = Method.GPG


@dataclass(frozen=True, slots=True)
class ReadBack:
    """The saved text, without preamble, and what is to be put in place of each of its markers."""

    text: str = field(repr=False)
    parts: tuple[Kept | New, ...]
    lines_above: int = 0
    """Of the preamble, which the editor counts, too."""

    @property
    def new(self) -> tuple[New, ...]:
        """Those that need the encrypter."""
        return tuple(part for part in self.parts if isinstance(part, New))

    def with_messages(self, messages: Sequence[bytes]) -> str:
        """The file's new text, given the message of each new value, in order."""
        return splice(self.text, self._edits(messages))

    def line_in_editor(self, line: int, messages: Sequence[bytes]) -> int:
        """The line of the editor's text that a line of the file's new text came from, both from 1."""
        place, ours, theirs = 0, 1, 1
        for edit in self._edits(messages):
            between = self.text.count("\n", place, edit.start)
            if ours + between >= line:
                break
            ours, theirs, place = ours + between, theirs + between, edit.end
            if ours + edit.replacement.count("\n") >= line:
                return theirs + self.lines_above
            ours += edit.replacement.count("\n")
            theirs += self.text.count("\n", edit.start, edit.end)
        return theirs + line - ours + self.lines_above

    def _edits(self, messages: Sequence[bytes]) -> list[Edit]:
        made = iter(messages)
        return [
            Edit(
                part.start,
                part.end,
                part.text if isinstance(part, Kept) else _rendered(next(made), part),
            )
            for part in self.parts
        ]


def _rendered(message: bytes, new: New) -> str:
    return tokens.render(message, layout=new.layout, scheme=new.method)


def read_back(buffer: Buffer, saved: str) -> ReadBack | None:
    """What the saved text asks for; None where nothing was changed.

    Raises FormatError, or all of them, each with its line in the editor: half-open markers, numbers that were
    invented or stand twice, methods that we cannot encrypt with, and a text that is empty.
    """
    text, skipped = without_preamble(saved.removeprefix(BOM), buffer.preamble)
    text = _without_added_newline(text, buffer)
    if text == buffer.body:
        return None
    dashes = line_left(text, buffer.preamble)
    if dashes is not None:
        raise FormatError(
            f"{buffer.name}:{skipped + dashes}: the lines that explain the markers no longer stand at the top",
            "delete them, down to the dashes; --no-preamble leaves them out",
        )
    if not text.strip():
        raise FormatError(f"{buffer.name}: nothing is left in the editor", "to delete the file, use rm or git rm")
    bom = BOM if buffer.original is not None and buffer.original.startswith(BOM) else ""
    body = bom + text
    found = find_markers("\n" * skipped + text, buffer.name)
    shift = len(bom) - skipped
    raise_all([*_number_errors(found, buffer)])
    return ReadBack(body, tuple(_part(marker, buffer, body, shift) for marker in found), skipped)


def near_added(buffer: Buffer, saved: str) -> tuple[NearMarker, ...]:
    """What only looks like a marker and came with the edit, by its lines in the editor."""
    text, skipped = without_preamble(saved.removeprefix(BOM), buffer.preamble)
    return near_markers.added(buffer.body, "\n" * skipped + text)


def _without_added_newline(text: str, buffer: Buffer) -> str:
    """Editors end a text with a newline; one that the file did not have is taken off again."""
    if buffer.original is None or not buffer.body or buffer.body.endswith("\n"):
        return text
    return text.removesuffix("\n").removesuffix("\r") if text.endswith("\n") else text


def _number_errors(found: Sequence[Marker], buffer: Buffer) -> Iterator[EyamlgpgError]:
    lines: dict[int, list[int]] = {}
    standing = markers.numbers(buffer.original or "")
    for marker in found:
        if marker.number is not None:
            lines.setdefault(marker.number, []).append(marker.line)
    for number, at in lines.items():
        if number in buffer.shown and len(at) > 1:
            yield FormatError(
                f"{buffer.name}: the number {number} stands {len(at)} times, in lines {_listed(at)} of the editor",
                "copies are written without a number: DEC::GPG[…]!",
            )
        elif number not in buffer.shown and number not in standing:
            yield FormatError(
                f"{buffer.name}:{at[0]}: no value of this file has the number {number}",
                "a new value is written without a number: DEC::GPG[…]!",
            )


def _listed(lines: Sequence[int]) -> str:
    return ", ".join(str(line) for line in lines[:-1]) + f" and {lines[-1]}"


def _part(marker: Marker, buffer: Buffer, body: str, shift: int) -> Kept | New:
    start, end = marker.start + shift, marker.end + shift
    shown = None if marker.number is None else buffer.shown.get(marker.number)
    method = method_of_marker(marker)
    if shown is None:
        return New(start, end, encode(marker.content), new_layout(marker), method)
    indent = indent_before(body, start)
    if method is shown.method and _same_lines(marker.content, shown.content):
        return _kept(marker, start, shown, body)
    layout = shown.token.layout if indent == shown.indent else new_layout(marker)
    return New(start, end, encode(marker.content), layout, method)


def _kept(marker: Marker, start: int, shown: Shown, body: str) -> Kept:
    """The token as it was. Where it lies over several lines and was moved, with what YAML needs of it to be read."""
    end = start + marker.end - marker.start
    indent = indent_before(body, start)
    if shown.token.layout is None or indent == shown.indent:
        return Kept(start, end, shown.text)
    block = shown.token.folded
    if marker.folded is not None and block is not None:
        before = start - len(marker.folded)
        if len(block.rpartition("\n")[2]) > _indent_of_parent(body, before):
            return Kept(before, end, block + shown.text)
    layout = _moved_layout(shown.token.layout, indent)
    scheme = shown.token.scheme or shown.method
    return Kept(start, end, tokens.render(shown.token.message(), layout=layout, scheme=scheme))


def _indent_of_parent(body: str, offset: int) -> int:
    """The column of the key, or of the `-`, whose block scalar's header ends right before this offset."""
    line = body[body.rfind("\n", 0, offset - 1) + 1 : offset]
    opening = ITEMS.match(line)
    dashes = opening.group() if opening else ""
    return len(dashes.rstrip(" ")) - 1 if line[len(dashes) :].startswith(">") and "-" in dashes else len(dashes)


def _moved_layout(layout: Layout | None, indent: str | None) -> Layout | None:
    if layout is None or indent is None:
        return None
    return Layout(layout.width, indent, layout.newline)


def _same_lines(one: str, other: str) -> bool:
    """Whether two contents are the same but for CR/LF line ends, which an editor may have changed for all."""
    return one == other or one.replace("\r\n", "\n") == other.replace("\r\n", "\n")
