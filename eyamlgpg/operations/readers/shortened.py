"""A version of a file with a mark in place of the base64 of each GPG value: its structure, and what was taken out.

Nearly all of a file of secrets is base64, and where values stand does not depend on it. So the text that is left has
little in it to parse, and it stays the same where values were only encrypted anew. What a version shares at its
beginning and at its end with the one before is not looked at again.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from eyamlgpg.operations.readers.common_text import common_prefix, common_suffix

MARK = b"0"
"""What stands for the base64; a value whose base64 is just this is taken out like every other."""
MARKED = re.compile(r"ENC\[[Gg][Pp][Gg],0\]")

_GPG_VALUE = re.compile(rb"(?:(>\n)( *))?ENC\[[Gg][Pp][Gg],([A-Za-z0-9+/=]+(?:\n *[A-Za-z0-9+/=]+)*)\]")
_LINE_BREAK = re.compile(rb"\n *")

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Shortened(Generic[Read]):
    """A version, the text that is left of it, and what was read of each base64, in order."""

    content: bytes
    text: bytes
    starts: Sequence[int]
    """Where each value begins in the content, the `>` of a block included."""
    ends: Sequence[int]
    text_starts: Sequence[int]
    """The same in the text."""
    text_ends: Sequence[int]
    taken: Sequence[Read]


def shorten(content: bytes, before: Shortened[Read] | None, read_base64: Callable[[bytes], Read]) -> Shortened[Read]:
    """Take the base64 out of values on one line, and of blocks whose lines are all indented alike.

    `before` is any other version. A search goes on alike from the end of the same value, so the values that end within
    the shared beginning are taken from there, and from the first one on that begins within the shared end all others.
    """
    head, shared = _shared(content, before)
    made = _Making(content, before, head)
    resumed = None
    for match in _GPG_VALUE.finditer(content, made.place):
        if before is not None and match.start() >= shared:
            resumed = _found(before.starts, match.start() - len(content) + len(before.content))
            if resumed is not None:
                break
        block, indent, base64 = match.groups(default=b"")
        if b"\n" not in base64 or (block and set(_LINE_BREAK.findall(base64)) == {b"\n" + indent}):
            made.take(match, read_base64(base64))
    return made.whole(resumed)


class _Making(Generic[Read]):
    """A shortened version under way."""

    def __init__(self, content: bytes, before: Shortened[Read] | None, head: int) -> None:
        self._content = content
        self._before = before
        self.place = 0
        """Up to here the content is in the pieces."""
        self._pieces: list[bytes] = []
        self._length = 0
        if before is None or not head:
            self._starts, self._ends = list[int](), list[int]()
            self._text_starts, self._text_ends = list[int](), list[int]()
            self._taken = list[Read]()
            return
        self.place = before.ends[head - 1]
        self._starts, self._ends = list(before.starts[:head]), list(before.ends[:head])
        self._text_starts, self._text_ends = list(before.text_starts[:head]), list(before.text_ends[:head])
        self._taken = list(before.taken[:head])
        self._add(before.text[: before.text_ends[head - 1]])

    def take(self, match: re.Match[bytes], read: Read) -> None:
        """Go on to the end of one value."""
        self._add(self._content[self.place : match.start()])
        self._starts.append(match.start())
        self._ends.append(match.end())
        self._text_starts.append(self._length)
        self._taken.append(read)
        self._add(self._content[match.start() : match.start(3)] + MARK + b"]")
        self._text_ends.append(self._length)
        self.place = match.end()

    def whole(self, resumed: int | None) -> Shortened[Read]:
        """The version; `resumed`: from which value on all is as it was before."""
        before = self._before
        if before is None or resumed is None:
            self._add(self._content[self.place :])
        else:
            start = before.starts[resumed] + len(self._content) - len(before.content)
            self._add(self._content[self.place : start])
            moved, text_moved = start - before.starts[resumed], self._length - before.text_starts[resumed]
            self._starts += [one + moved for one in before.starts[resumed:]]
            self._ends += [one + moved for one in before.ends[resumed:]]
            self._text_starts += [one + text_moved for one in before.text_starts[resumed:]]
            self._text_ends += [one + text_moved for one in before.text_ends[resumed:]]
            self._taken += before.taken[resumed:]
            self._add(before.text[before.text_starts[resumed] :])
        return Shortened(
            self._content,
            b"".join(self._pieces),
            self._starts,
            self._ends,
            self._text_starts,
            self._text_ends,
            self._taken,
        )

    def _add(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._length += len(piece)


def _shared(content: bytes, before: Shortened[Read] | None) -> tuple[int, int]:
    """How many values lie within the shared beginning, and where the shared end begins."""
    if before is None:
        return 0, len(content)
    prefix = common_prefix(before.content, content)
    most = min(len(content), len(before.content)) - prefix
    return bisect_right(before.ends, prefix), len(content) - common_suffix(before.content, content, most)


def _found(places: Sequence[int], place: int) -> int | None:
    at = bisect_left(places, place)
    return at if at < len(places) and places[at] == place else None
