"""Role blocks written: every line outside of them stays byte for byte."""

from collections.abc import Sequence

from eyamlgpg.formats.eyaml.recipients_edits import Pinned, name_comment
from eyamlgpg.formats.eyaml.recipients_lines import BOM, ListLine, line_end, read
from eyamlgpg.formats.eyaml.role_blocks import END, RoleBlock, begin, find_blocks


def block_lines(text: str, block: RoleBlock) -> tuple[str, ...]:
    """What stands between the two comments of a block, without line ends."""
    return tuple(line.body for line in _lines(text) if block.holds(line.number))


def wanted_lines(people: Sequence[Pinned]) -> tuple[str, ...]:
    """What is to stand there for these people, in this order."""
    return tuple(line for one in people for line in (name_comment(one.name), one.fingerprint))


def rewrite(text: str, role: str, people: Sequence[Pinned]) -> str:
    """The text with the block of a role holding just these people; unchanged where it does so already."""
    lines = _lines(text)
    block = find_blocks(lines).of(role)
    if block is None or block_lines(text, block) == wanted_lines(people):
        return text
    end = line_end(lines)
    before = "".join(line.body + line.end for line in lines if line.number <= block.start)
    after = "".join(line.body + line.end for line in lines if line.number >= block.end)
    return text[: text.startswith(BOM)] + before + "".join(f"{line}{end}" for line in wanted_lines(people)) + after


def append(text: str, role: str, people: Sequence[Pinned]) -> str:
    """The text with a block for a role at its end, in its own line ends."""
    lines = _lines(text)
    end = line_end(lines)
    written = "".join(f"{line}{end}" for line in (begin(role), *wanted_lines(people), END))
    body = text.removeprefix(BOM)
    return f"{text}{written}" if not body or body.endswith("\n") else f"{text}{end}{written}"


def drop(text: str, role: str) -> str:
    """The text without the block of a role and its comments."""
    lines = _lines(text)
    block = find_blocks(lines).of(role)
    if block is None:
        return text
    kept = [line for line in lines if not block.start <= line.number <= block.end]
    return text[: text.startswith(BOM)] + "".join(line.body + line.end for line in kept)


def _lines(text: str) -> tuple[ListLine, ...]:
    return read(text.removeprefix(BOM))
