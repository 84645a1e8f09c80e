"""The merge of a recipients file: whom a side added is in it, and whom a side removed is not, wherever they stand.

Comments and the order of lines are merged as text. A removal wins over everything: where one side removed somebody whom
the other gave a new key or another name, and a comment says so, they are removed.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.eyaml.recipients_lines import BOM, ListLine, identity, line_end, read
from eyamlgpg.formats.eyaml.role_blocks import RoleBlock, find_blocks, is_mark
from eyamlgpg.formats.text import decode, encode
from eyamlgpg.model.recipients import Recipient
from eyamlgpg.operations.merge.signing import to_be_signed
from eyamlgpg.operations.merge.versions import Merged, TextMerge, Versions
from eyamlgpg.rules.rule import argument

_OF_YAML = re.compile(r":(?:\s|\Z)|ENC\[")
_AROUND_ADDRESSES = re.compile(r"[<>\s]+")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with what is known of the people in it."""

    line: ListLine
    names: tuple[str, ...]
    """The same for two ways of writing the same name."""
    aliases: frozenset[str]
    """Addresses in the comment above and behind."""
    above: str | None
    """The comment above."""
    block: RoleBlock | None

    @property
    def known_as(self) -> frozenset[str]:
        return self.aliases | {*self.names}


class _Side:
    """One version of the list."""

    def __init__(self, lines: Sequence[_Line]) -> None:
        self.lines = lines
        self.names = frozenset(name for line in lines for name in line.names)
        self.known_as = frozenset(name for line in lines for name in line.known_as)
        self.comments = frozenset(line.line.comment for line in lines)

    def shown(self) -> dict[str, str]:
        """How messages call each name."""
        return {
            name: Recipient(written, "", line.line.number, comment=line.above).described
            for line in self.lines
            for name, written in zip(line.names, line.line.names, strict=True)
        }


def merge_recipients(
    versions: Versions, name: str, text_merge: TextMerge, approvers: Callable[[], str | None] = lambda: None
) -> Merged | None:
    """Merge a list that is called `name`; None for what git does not take for text.

    `approvers`: who may sign it, asked only where a list comes out that nobody has signed; None where nobody must.
    """
    texts = [decode(content) for content in (versions.base, versions.ours, versions.theirs)]
    base, ours, theirs = sides = [_read(text) for text in texts]
    if any(_OF_YAML.search(one) for side in sides for line in side.lines for one in line.line.names):
        raise FormatError(f"{name}: is not a recipients file")  # whatever an attribute that somebody pushed says
    gone = _Gone.of(base, ours, theirs)
    left = [encode("".join(gone.without(side))) for side in sides]
    union = text_merge.merge(Versions(left[0], left[1], left[2], versions.width), union=True)
    if union is None:
        return None
    merged = _read(decode(union))
    text = "".join(_once(merged))
    after = _read(text)
    if texts[1].startswith(BOM):
        text = BOM + text
    text = text.replace("\n", line_end(read(texts[1].removeprefix(BOM))))
    expected = gone.left(ours.names | theirs.names, sides)
    wrong = _wrong(after, expected, ours, theirs)
    content = encode(text)
    who = None if content in (versions.ours, versions.theirs) else approvers()
    unsigned = [] if who is None else [to_be_signed(name, who)]
    said = (*_said(name, base, ours, theirs, after), *unsigned, *([f"{name}: {wrong}"] if wrong else []))
    return Merged(content, not wrong, said)


def _read(text: str) -> _Side:
    """The lines, each with an LF at its end."""
    whole = text.removeprefix(BOM).replace("\r\n", "\n")
    lines = read(whole if not whole or whole.endswith("\n") else whole + "\n")
    blocks = find_blocks(lines)
    found, above = [], None
    for line in lines:
        told = " ".join(filter(None, (above, line.remark)))
        addresses = [word for word in _AROUND_ADDRESSES.split(told) if "@" in word[1:-1]] if line.names else []
        aliases = frozenset(map(identity, addresses))
        names = tuple(identity(one) for one in line.names)
        found.append(_Line(line, names, aliases, above, blocks.around(line.number)))
        above = None if is_mark(line.comment) else line.comment
    return _Side(found)


@dataclass(frozen=True, slots=True)
class _Gone:
    """Who was removed by either side."""

    names: frozenset[str]
    people: frozenset[str]
    """By every name of somebody whom a side removed and did not put in again under another one."""
    comments: frozenset[str | None]
    """Comments that both sides still have; one above a removed line goes with it unless it is one of these."""

    @classmethod
    def of(cls, base: _Side, ours: _Side, theirs: _Side) -> "_Gone":
        names: set[str] = set()
        people: set[str] = set()
        for side in (ours, theirs):
            for line in base.lines:
                removed = {*line.names} - side.names
                names |= removed
                if line.names and removed == {*line.names} and line.known_as.isdisjoint(side.known_as):
                    people |= line.known_as
        return cls(frozenset(names), frozenset(people), ours.comments & theirs.comments)

    def takes(self, line: _Line) -> bool:
        """Whether nobody of a line is left."""
        if not line.names:
            return False
        return not {*line.names} - self.names or not line.known_as.isdisjoint(self.people)

    def without(self, side: _Side) -> Iterator[str]:
        """The text of a side without whoever is gone."""
        held: str | None = None
        for line in side.lines:
            written = line.line.body + "\n"
            if held is not None and not (self.takes(line)):
                yield held
            held = None
            if self.takes(line):
                continue
            if line.line.comment is not None and not is_mark(line.line.comment):
                if line.line.comment in self.comments:
                    yield written
                else:
                    held = written
            elif self.names.intersection(line.names):
                kept = zip(line.names, line.line.names, strict=True)
                yield ", ".join(one for key, one in kept if key not in self.names) + "\n"
            else:
                yield written
        if held is not None:
            yield held

    def left(self, names: Collection[str], sides: Sequence[_Side]) -> frozenset[str]:
        """Of names those that stay."""
        taken = {name for side in sides for line in side.lines if self.takes(line) for name in line.names}
        return frozenset(names) - self.names - taken


def _once(side: _Side) -> Iterator[str]:
    """Each line but those that name again who stands above, with their comment. Role blocks count by themselves."""
    seen: set[tuple[str | None, str]] = set()
    held = ""
    for line in side.lines:
        role = None if line.block is None else line.block.role
        here = {(role, name) for name in line.names}
        written = line.line.body + "\n"
        if here and here <= seen:
            held = ""
        elif line.line.comment is not None and not is_mark(line.line.comment):
            yield held
            held = written
        else:
            seen |= here
            yield held + written
            held = ""
    yield held


def _wrong(after: _Side, expected: frozenset[str], ours: _Side, theirs: _Side) -> str | None:
    if after.names != expected:
        return "the merged list does not name exactly those whom it should; look at it before you go on"
    if not after.names:
        return "the merged list names nobody"
    broken = [len(find_blocks([line.line for line in side.lines]).broken) for side in (ours, theirs)]
    if len(find_blocks([line.line for line in after.lines]).broken) > max(broken):
        return "role blocks of both sides ran into each other; look at the list, or run: eyamlgpg recipients sync"
    return None


def _said(name: str, base: _Side, ours: _Side, theirs: _Side, after: _Side) -> Iterator[str]:
    shown = {**theirs.shown(), **ours.shown(), **base.shown()}
    changes: dict[str, list[str]] = {}
    for one in sorted(shown, key=shown.__getitem__):
        sides = [word for word, side in (("ours", ours), ("theirs", theirs)) if one in side.names]
        if one not in base.names:
            changes.setdefault(f"{_who(sides)} added", []).append(shown[one])
            if one not in after.names:
                changes.setdefault("left out, since the other side removed the same person:", []).append(shown[one])
        elif one not in after.names:
            gone = [word for word in ("ours", "theirs") if word not in sides]
            changes.setdefault(f"{_who(gone)} removed", []).append(shown[one])
    for what, people in changes.items():
        yield f"{name}: {what} {', '.join(people)}"
    if changes:
        yield f"after the merge, bring the values in line: eyamlgpg recrypt {argument(str(PurePosixPath(name).parent))}"


def _who(sides: Sequence[str]) -> str:
    return "both sides" if len(sides) > 1 else sides[0]
