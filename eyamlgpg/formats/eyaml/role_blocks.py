"""Role blocks of a recipients file: the lines between two comments, which `recipients sync` writes.

    # eyamlgpg: role dba
    # Alice Anders <alice@example.com>
    51F4BC395EEF5EFE3C19D9ECA006732DF5CE8A4F
    # eyamlgpg: end

hiera-eyaml-gpg sees comments and fingerprints.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from eyamlgpg.formats.eyaml.recipients_lines import ListLine

MARK = "eyamlgpg:"
"""Begins a comment that is meant for us; a name never does."""

_ROLE = re.compile(r"role[ \t]+(\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RoleBlock:
    """A block that is whole; lines count from 1."""

    role: str
    start: int
    """The line of `# eyamlgpg: role ROLE`."""
    end: int
    """The line of `# eyamlgpg: end`."""

    def holds(self, line: int | None) -> bool:
        """True for a line between the two comments."""
        return line is not None and self.start < line < self.end


@dataclass(frozen=True, slots=True)
class BrokenBlock:
    """A comment of ours that makes no block."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class RoleBlocks:
    """All blocks of a file."""

    blocks: tuple[RoleBlock, ...] = ()
    broken: tuple[BrokenBlock, ...] = ()

    def around(self, line: int | None) -> RoleBlock | None:
        """The block that a line stands in."""
        return next((block for block in self.blocks if block.holds(line)), None)

    def of(self, role: str) -> RoleBlock | None:
        """The block of a role."""
        return next((block for block in self.blocks if block.role == role), None)


def is_mark(comment: str | None) -> bool:
    """True if the text of a comment is meant for us, well written or not."""
    return comment is not None and comment.lower().startswith(MARK)


def begin(role: str) -> str:
    """The line over a block."""
    return f"# {MARK} role {role}"


END = f"# {MARK} end"
"""The line below a block."""


def find_blocks(lines: Sequence[ListLine]) -> RoleBlocks:
    """The blocks of a file, and every comment of ours that is not a part of one."""
    blocks: dict[str, RoleBlock] = {}
    broken: list[BrokenBlock] = []
    opened: tuple[str, int] | None = None
    for line in lines:
        if not is_mark(line.comment):
            continue
        said = (line.comment or "")[len(MARK) :].strip()
        begins = _ROLE.fullmatch(said)
        if begins is not None:
            if opened is not None:
                broken.append(_without_end(*opened))
            opened = begins[1], line.number
        elif said.lower() != "end":
            reason = f"means nothing: known are `{begin('ROLE')}` and `{END}`"
            broken.append(BrokenBlock(line.number, reason))
        elif opened is None:
            broken.append(
                BrokenBlock(line.number, f"ends a role block that does not begin: `{begin('ROLE')}` is missing")
            )
        else:
            role, start = opened
            if (first := blocks.get(role)) is not None:
                broken.append(BrokenBlock(start, f"the role {role} has a block already, in line {first.start}"))
            blocks.setdefault(role, RoleBlock(role, start, line.number))
            opened = None
    if opened is not None:
        broken.append(_without_end(*opened))
    return RoleBlocks(tuple(blocks.values()), tuple(sorted(broken, key=lambda one: one.line)))


def _without_end(role: str, line: int) -> BrokenBlock:
    return BrokenBlock(line, f"the block of the role {role} has no end: `{END}` is missing")
