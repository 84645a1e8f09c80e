"""The recipients file, `hiera-eyaml-gpg.recipients`: read.

One recipient a line; a line that starts with `#` is a comment, blank lines are nothing. hiera-eyaml-gpg looks for the
`#` before it strips the line, and knows neither trailing comments nor comma lists nor byte order marks in a file. Where
we are kinder, an oddity says so, since the gem would take the whole line for a name.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from eyamlgpg.errors import RecipientError
from eyamlgpg.formats.eyaml.recipients_lines import BOM, ListLine, identity, is_one_user_id, read, split
from eyamlgpg.formats.eyaml.role_blocks import RoleBlock, RoleBlocks, find_blocks, is_mark
from eyamlgpg.model.recipients import Recipient

RECIPIENTS_FILE = "hiera-eyaml-gpg.recipients"
"""The name that the gem looks for, from a file's folder upwards."""


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
    block: RoleBlock | None = None
    """The role block that it stands in."""


@dataclass(frozen=True, slots=True)
class RecipientsFile:
    """A recipients file as read."""

    source: str
    entries: tuple[Entry, ...]
    oddities: tuple[OddLine, ...]
    roles: RoleBlocks = field(default_factory=RoleBlocks)

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
    lines = read(text.removeprefix(BOM))
    roles = find_blocks(lines)
    first: dict[str, Entry] = {}
    comment: str | None = None
    for line in lines:
        block = roles.around(line.number)
        oddities += _oddities(line)
        for name in line.names:
            is_repaired = line.number == 1 and text.startswith(BOM)
            recipient = Recipient(name, source, line.number, line.whole, is_repaired, comment)
            entries.append(entry := Entry(recipient, comment, line.remark, block))
            earlier = first.setdefault(identity(name), entry)
            if earlier is not entry and not is_by_roles(earlier, entry):
                message = f"{recipient.shown} stands in line {earlier.recipient.line} already"
                oddities.append(OddLine(line.number, Oddity.DUPLICATE, message))
        comment = None if is_mark(line.comment) else line.comment
    return RecipientsFile(source, tuple(entries), tuple(oddities), roles)


def is_by_roles(one: Entry, other: Entry) -> bool:
    """True if two lines stand in the blocks of two roles: whoever has both roles stands in both, as they should."""
    return one.block is not None and other.block is not None and one.block != other.block


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
