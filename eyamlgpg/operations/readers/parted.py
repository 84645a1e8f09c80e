"""A version of a file in parts, each read once: what it has in common with the version before is not looked at again.

A part begins at a line that begins a key of the outermost mapping. Parts that are YAML by themselves say together what
each says alone, so a file is the sum of its parts unless anything in it reaches from one part into another.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from eyamlgpg.operations.readers.common_text import common_prefix, common_suffix

_BEGINS_KEY = rb"[A-Za-z0-9_'\"]"
_COMMENTS = rb"(?:#[^\r\n]*\n|\n)*"
_PREAMBLE = re.compile(_COMMENTS + rb"(?:---[ \t]*(?:#[^\r\n]*)?\n" + _COMMENTS + rb")?(?=" + _BEGINS_KEY + rb")")
_BOUNDARY = re.compile(rb"\n(?=" + _BEGINS_KEY + rb")")

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Parted(Generic[Read]):
    """A version, where its parts begin, and what was read of each."""

    content: bytes
    preamble: bytes
    """What stands before the first part: comments, and the `---` of the only document."""
    starts: Sequence[int]
    read: Sequence[Read]


def part(content: bytes, before: Parted[Read] | None, read_part: Callable[[bytes], Read | None]) -> Parted[Read] | None:
    """Read a version by its parts; None where it, or one of its parts, is not to be read so.

    `before` is any other version: the parts at the beginning and at the end that it shares are taken from there.
    """
    head, tail, start, end = _shared(content, before)
    if before is None or not head:
        found = _PREAMBLE.match(content)
        if found is None:
            return None
        before, head, tail, start, end = None, 0, 0, found.end(), len(content) + 1
    if _is_odd(content, start, end):
        return None
    starts: list[int] = []
    read: list[Read] = []
    for piece in _BOUNDARY.split(content[start : end - 1]):
        told = read_part(piece)
        if told is None:
            return None
        starts.append(start)
        read.append(told)
        start += len(piece) + 1
    if before is None:
        return Parted(content, content[: starts[0]], starts, read)
    moved = len(content) - len(before.content)
    return Parted(
        content,
        before.preamble,
        [*before.starts[:head], *starts, *(one + moved for one in before.starts[tail:])],
        [*before.read[:head], *read, *before.read[tail:]],
    )


def _shared(content: bytes, before: Parted[Read] | None) -> tuple[int, int, int, int]:
    """How many parts at the beginning are shared, the first one of those at the end, and what lies between.

    Between: from the start of a part to that of a later one, or to one place behind the end. A part is shared where
    the line that begins the next one is the same as well.
    """
    if before is None:
        return 0, 0, 0, 0
    prefix = common_prefix(before.content, content)
    head = bisect_left(before.starts, prefix) - 1
    if head < 0:
        return 0, 0, 0, 0
    most = min(len(content), len(before.content)) - prefix
    suffix = common_suffix(before.content, content, most)
    tail = bisect_left(before.starts, len(before.content) - suffix + 1, lo=head + 1)
    is_last = tail == len(before.starts)
    end = len(content) + 1 if is_last else before.starts[tail] + len(content) - len(before.content)
    return head, tail, before.starts[head], end


def _is_odd(content: bytes, start: int, end: int) -> bool:
    """Whether the text has more documents, or line ends that only YAML or only a parser knows."""
    middle = content[max(start - 1, 0) : end]
    if b"\r" in middle and middle.count(b"\r") != middle.count(b"\r\n"):
        return True
    return (b"---" in middle and b"\n---" in middle) or (b"..." in middle and b"\n..." in middle)
