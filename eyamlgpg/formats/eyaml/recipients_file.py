"""The recipients file, `hiera-eyaml-gpg.recipients`: read, and edited so that every other byte stays.

One recipient a line; a line that starts with `#` is a comment, blank lines are nothing. hiera-eyaml-gpg looks for the
`#` before it strips the line, and knows neither trailing comments nor comma lists nor byte order marks in a file. Where
we are kinder, an oddity says so, since the gem would take the whole line for a name.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from eyamlgpg.errors import RecipientError
from eyamlgpg.formats.eyaml.recipients_lines import BOM, ListLine, identity, is_one_user_id, read, split
from eyamlgpg.model.matching import Form, Identifier, folded
from eyamlgpg.model.recipients import Recipient

RECIPIENTS_FILE = "hiera-eyaml-gpg.recipients"
"""The name that the gem looks for, from a file's folder upwards."""

_ADDRESS_AT_END = re.compile(r"<([^<>@\s]+@[^<>@\s]+)>\Z")


class Oddity(StrEnum):
    """What hiera-eyaml-gpg reads otherwise, or what somebody may not have meant."""

    BYTE_ORDER_MARK = "byte-order-mark"
    INDENTED_COMMENT = "indented-comment"
    TRAILING_COMMENT = "trailing-comment"
    COMMA_LIST = "comma-list"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class OddLine:
    """A line that had better be written otherwise; lines count from 1."""

    line: int
    oddity: Oddity
    message: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A recipient in a file."""

    recipient: Recipient
    comment: str | None = None
    """The comment directly above, without its `#`; often the name that belongs to a fingerprint."""
    remark: str | None = None
    """The comment behind it."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """What is written for a recipient: `# Name <email>` over a full fingerprint."""

    fingerprint: str
    """With a `!` behind it where exactly this subkey is meant."""
    name: str
    """A user ID, as its owner wrote it."""


@dataclass(frozen=True, slots=True)
class RecipientsFile:
    """A recipients file as read."""

    source: str
    entries: tuple[Entry, ...]
    oddities: tuple[OddLine, ...]

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """Every recipient, in the file's order."""
        return tuple(entry.recipient for entry in self.entries)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Each oddity as `FILE:LINE: sentence`."""
        return tuple(f"{self.source}:{odd.line}: {odd.message}" for odd in self.oddities)


def parse(text: str, source: str) -> RecipientsFile:
    """The recipients of a file with their lines, and all that is doubtful; nothing here is an error by itself.

    A comment is cut off, and a list split, only where fingerprints, key IDs or whole addresses are left; the whole line
    goes with them, for only the keyring knows whether it is one user ID.
    """
    entries: list[Entry] = []
    oddities: list[OddLine] = []
    if text.startswith(BOM):
        oddities.append(OddLine(1, Oddity.BYTE_ORDER_MARK, "hiera-eyaml-gpg takes the byte order mark for a letter"))
    first_line: dict[str, int] = {}
    comment: str | None = None
    for line in read(text.removeprefix(BOM)):
        oddities += _oddities(line)
        for name in line.names:
            is_repaired = line.number == 1 and text.startswith(BOM)
            recipient = Recipient(name, source, line.number, line.whole, is_repaired, comment)
            entries.append(Entry(recipient, comment, line.remark))
            if (first := first_line.get(identity(name))) is not None:
                message = f"{recipient.shown} stands in line {first} already"
                oddities.append(OddLine(line.number, Oddity.DUPLICATE, message))
            first_line.setdefault(identity(name), line.number)
        comment = line.comment
    return RecipientsFile(source, tuple(entries), tuple(oddities))


def _oddities(line: ListLine) -> Iterator[OddLine]:
    if line.comment is not None and line.is_indented:
        message = "hiera-eyaml-gpg takes an indented comment for a name"
        yield OddLine(line.number, Oddity.INDENTED_COMMENT, message)
    if line.remark is not None:
        message = "hiera-eyaml-gpg takes a comment behind a name for a part of it"
        yield OddLine(line.number, Oddity.TRAILING_COMMENT, message)
    if line.is_list:
        message = "hiera-eyaml-gpg takes names with commas between them for one name"
        yield OddLine(line.number, Oddity.COMMA_LIST, message)


def parse_option(text: str, source: str, line: int | None = None) -> tuple[Recipient, ...]:
    """The recipients of a comma list, as `--gpg-recipients` takes it.

    Commas at its end count for nothing, as in Ruby. An empty name before the end stays one, for its resolution to
    refuse it: in the gem it silently means the first key of the keyring. A list that may be one user ID is one name:
    `Doe, John <john@example.com>` never means another Doe.
    """
    if is_one_user_id(text):
        return (Recipient(text.strip(), source, line),)
    names = split(text)
    whole = text.strip() if len(names) > 1 else None
    return tuple(Recipient(name, source, line, whole) for name in names)


def require_any(recipients: Collection[Recipient], source: str) -> None:
    """Raise RecipientError where a source names nobody; no other source is asked then, as in the gem."""
    if not recipients:
        raise RecipientError(
            f"{source}: names no recipient, so there is nobody to encrypt to",
            "write a full fingerprint or an address a line, or: eyamlgpg recipients add ID",
        )


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
            written += [_name_comment(entry.name), entry.fingerprint]
    if not written:
        return text
    end = _line_end(lines)
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
    end = _line_end(lines)
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
    comment = _name_comment(entry.name)
    if above is not None and above.startswith("#") and _said(above) == _said(comment):
        return [entry.fingerprint]
    return [comment, entry.fingerprint]


def _said(comment: str) -> str:
    """The address at a name comment's end, else the whole comment: what makes two of them the same."""
    address = _ADDRESS_AT_END.search(comment.strip())
    return folded(address[1] if address else comment.removeprefix("#").strip())


def _name_comment(name: str) -> str:
    """A user ID as a comment line; what could end the line or play with a terminal is written out."""
    shown = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in name)
    return f"# {shown}"


def _line_end(lines: Sequence[ListLine]) -> str:
    """CR LF where the last whole line ends so, else LF."""
    return next((line.end for line in reversed(lines) if line.end), "\n")


def _has_own_comment(lines: Sequence[ListLine], place: int) -> bool:
    """Whether the line above is the name of this one alone.

    It is where it ends with an address, or where it stands single over a single entry: a heading over one entry cannot
    be told from a name without an address, and a name left behind would stand over somebody else.
    """
    line, above = lines[place], lines[place - 1] if place else None
    if above is None or above.comment is None or above.is_indented or not _is_fingerprint(line.names):
        return False
    if _ADDRESS_AT_END.search(above.comment):
        return True
    is_single_comment = place < 2 or lines[place - 2].comment is None
    is_single_entry = place + 1 == len(lines) or not lines[place + 1].names
    return is_single_comment and is_single_entry


def _is_fingerprint(names: Sequence[str]) -> bool:
    identifier = Identifier.read(names[0]) if len(names) == 1 else None
    return identifier is not None and identifier.form is Form.FINGERPRINT
