"""A recipients file edited line by line, so that every other byte stays."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eyamlgpg.formats.eyaml.recipients_lines import BOM, ListLine, identity, line_end, read
from eyamlgpg.formats.eyaml.role_blocks import is_mark
from eyamlgpg.model.matching import Form, Identifier, folded
from eyamlgpg.model.recipients import Recipient

_ADDRESS_AT_END = re.compile(r"<([^<>@\s]+@[^<>@\s]+)>\Z")


@dataclass(frozen=True, slots=True)
class Pinned:
    """What is written for a recipient: `# Name <email>` over a full fingerprint."""

    fingerprint: str
    """With a `!` behind it where exactly this subkey is meant."""
    name: str
    """A user ID, as its owner wrote it."""


def add(text: str, entries: Iterable[Pinned]) -> str:
    """The text with new entries at its end, in its own line ends; a fingerprint that stands there already is left out.

    A text without a final newline keeps doing without.
    """
    body = text.removeprefix(BOM)
    lines = read(body)
    present = {identity(name) for line in lines for name in line.names}
    written: list[str] = []
    for entry in entries:
        if identity(entry.fingerprint) not in present:
            present.add(identity(entry.fingerprint))
            written += [name_comment(entry.name), entry.fingerprint]
    if not written:
        return text
    end = line_end(lines)
    added = end.join(written)
    return f"{text}{added}{end}" if not body or body.endswith("\n") else f"{text}{end}{added}"


def remove(text: str, recipients: Iterable[Recipient]) -> str:
    """The text without these recipients, each found by its line and name.

    The comment above a full fingerprint goes with it where it is the name of that one line, as `add` writes it. A
    heading over several lines stays.
    """
    gone = {(recipient.line, recipient.name) for recipient in recipients}
    lines = read(text.removeprefix(BOM))
    kept: list[str] = []
    for place, line in enumerate(lines):
        left = [name for name in line.names if (line.number, name) not in gone]
        if len(left) == len(line.names):
            kept.append(line.body + line.end)
        elif left:
            remark = "" if line.remark is None else f" # {line.remark}"
            kept.append(f"{','.join(left)}{remark}{line.end}")
        elif _has_own_comment(lines, place):
            kept.pop()
    remaining = "".join(kept)
    if remaining.endswith("\n") and not text.endswith("\n"):
        remaining = remaining[:-1].removesuffix("\r")
    return text[: text.startswith(BOM)] + remaining


def pin(text: str, pins: Mapping[Recipient, Pinned]) -> str:
    """The text with each of these recipients, found by line and name, as a full fingerprint under its name.

    A comma list becomes one line a recipient; a comment behind a name becomes a line above it.
    """
    by_place = {(recipient.line, recipient.name): entry for recipient, entry in pins.items()}
    lines = read(text.removeprefix(BOM))
    end = line_end(lines)
    pinned: list[str] = []
    above: str | None = None
    for line in lines:
        if any((line.number, name) in by_place for name in line.names):
            meant = [by_place[line.number, name].name for name in line.names if (line.number, name) in by_place]
            is_comment = line.remark is not None and line.whole not in meant
            rewritten = [f"# {line.remark}"] if is_comment else []
            for name in line.names:
                rewritten += _pinned(by_place.get((line.number, name)), name, rewritten[-1] if rewritten else above)
            pinned.append(end.join(rewritten) + line.end)
        else:
            pinned.append(line.body + line.end)
        above = line.body
    return text[: text.startswith(BOM)] + "".join(pinned)


def _pinned(entry: Pinned | None, name: str, above: str | None) -> list[str]:
    """The lines of one recipient under the line above it; the name is not written twice."""
    if entry is None:
        return [name]
    comment = name_comment(entry.name)
    if above is not None and above.startswith("#") and _said(above) == _said(comment):
        return [entry.fingerprint]
    return [comment, entry.fingerprint]


def _said(comment: str) -> str:
    """The address at a name comment's end, else the whole comment: what makes two of them the same."""
    address = _ADDRESS_AT_END.search(comment.strip())
    return folded(address[1] if address else comment.removeprefix("#").strip())


def name_comment(name: str) -> str:
    """A user ID as a comment line; what could end the line or play with a terminal is written out."""
    shown = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in name)
    # Anybody can write on their own key what would begin or end a role block here.
    return f"# ({shown})" if is_mark(shown.strip()) else f"# {shown}"


def _has_own_comment(lines: Sequence[ListLine], place: int) -> bool:
    """Whether the line above is the name of this one alone.

    It is where it ends with an address, or where it stands single over a single entry: a heading over one entry cannot
    be told from a name without an address, and a name left behind would stand over somebody else.
    """
    line, above = lines[place], lines[place - 1] if place else None
    if (
        above is None
        or above.comment is None
        or is_mark(above.comment)
        or above.is_indented
        or not _is_fingerprint(line.names)
    ):
        return False
    if _ADDRESS_AT_END.search(above.comment):
        return True
    is_single_comment = place < 2 or lines[place - 2].comment is None or is_mark(lines[place - 2].comment)
    is_single_entry = place + 1 == len(lines) or not lines[place + 1].names
    return is_single_comment and is_single_entry


def _is_fingerprint(names: Sequence[str]) -> bool:
    identifier = Identifier.read(names[0]) if len(names) == 1 else None
    return identifier is not None and identifier.form is Form.FINGERPRINT
