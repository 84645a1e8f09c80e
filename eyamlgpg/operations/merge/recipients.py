"""The merge of a recipients file: whom a side added is in it, and whom a side removed is not, wherever they stand.

Comments and the order of lines are merged as text. A removal wins over everything: where one side removed somebody whom
the other gave a new key or another name, and a comment says so, they are removed.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from eyamlgpg.formats.eyaml.recipients_lines import BOM, ListLine, identity, line_end, read
from eyamlgpg.formats.eyaml.role_blocks import RoleBlock, find_blocks, is_mark
from eyamlgpg.formats.text import decode, encode
from eyamlgpg.model.recipients import Recipient
from eyamlgpg.operations.merge.versions import Merged, TextMerge, Versions

_ADDRESS = re.compile(r"[^<>\s]+@[^<>\s]+")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with what is known of the people in it."""

    line: ListLine
    names: tuple[str, ...]
    """The same for two ways of writing the same name."""
    aliases: frozenset[str]
    """Addresses in the comment above and behind."""
    block: RoleBlock | None

    @property
    def known_as(self) -> frozenset[str]:
        return self.aliases | {*self.names}


@dataclass(frozen=True, slots=True)
class _Side:
    lines: Sequence[_Line]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for line in self.lines for name in line.names)

    @property
    def known_as(self) -> frozenset[str]:
        return frozenset().union(*(line.known_as for line in self.lines))

    @property
    def comments(self) -> frozenset[str | None]:
        return frozenset(line.line.comment for line in self.lines)

    def shown(self) -> dict[str, str]:
        """How messages call each name."""
        return {
            name: Recipient(written, "", line.line.number, None, is_repaired=False, comment=None).shown
            for line in self.lines
            for name, written in zip(line.names, line.line.names, strict=True)
        }


def merge_recipients(versions: Versions, name: str, text_merge: TextMerge) -> Merged | None:
    """Merge a list that is called `name`; None for what git does not take for text."""
    texts = [decode(content) for content in (versions.base, versions.ours, versions.theirs)]
    base, ours, theirs = sides = [_read(text) for text in texts]
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
    said = (*_said(name, base, ours, theirs, after), *([f"{name}: {wrong}"] if wrong else []))
    return Merged(encode(text), not wrong, said)


def _read(text: str) -> _Side:
    """The lines, each with an LF at its end."""
    whole = text.removeprefix(BOM).replace("\r\n", "\n")
    lines = read(whole if not whole or whole.endswith("\n") else whole + "\n")
    blocks = find_blocks(lines)
    found, above = [], None
    for line in lines:
        told = " ".join(filter(None, (above, line.remark)))
        aliases = frozenset(identity(address) for address in _ADDRESS.findall(told)) if line.names else frozenset()
        names = tuple(identity(one) for one in line.names)
        found.append(_Line(line, names, aliases, blocks.around(line.number)))
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
    """Each line but those that name again who stands above; role blocks have people of their own."""
    seen: set[tuple[str | None, str]] = set()
    for line in side.lines:
        role = None if line.block is None else line.block.role
        here = {(role, name) for name in line.names}
        if here and here <= seen:
            continue
        seen |= here
        yield line.line.body + "\n"


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

    def listed(names: Collection[str]) -> str:
        return ", ".join(sorted(shown[one] for one in names))

    words = []
    for what, side in (("ours", ours), ("theirs", theirs)):
        added, removed = side.names - base.names, base.names - side.names
        if added & after.names:
            words.append(f"{what} added {listed(added & after.names)}")
        if removed - after.names:
            words.append(f"{what} removed {listed(removed - after.names)}")
        if lost := (side.names - after.names) - base.names:
            words.append(f"{listed(lost)}, added by {what}, is left out: the other side removed the same person")
    if words:
        yield f"{name}: {'; '.join(words)}"
        folder = str(PurePosixPath(name).parent)
        yield f"after the merge, bring the values in line: eyamlgpg recrypt {folder}"
