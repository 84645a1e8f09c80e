"""The bytes of a file as text and back without loss, and where in it a place is.

Everything in `formats` works on such text: UTF-8 where the bytes are UTF-8, and a lone surrogate for each byte that
is not (PEP 383), so that a file of any encoding survives. Offsets count code points.
"""

from bisect import bisect_right
from dataclasses import InitVar, dataclass, field
from itertools import accumulate

WHITE = " \t\n\v\f\r"
r"""What `\s` matches in Ruby, whatever the encoding: ASCII only."""


_LOOKED_AT = 4096
"""Characters, by which an encoding is told."""


def decode(content: bytes) -> str:
    """The text of a file; `encode` gives the same bytes back, whatever they are."""
    return content.decode("utf-8", "surrogateescape")


def other_encoding(text: str) -> str | None:
    """`UTF-16` or `UTF-32` where the bytes of a text that `decode` gave are that rather than UTF-8; else None.

    ASCII has a zero byte beside each letter there, with or without a byte order mark, and nowhere else.
    """
    if "\0" not in text[:_LOOKED_AT]:
        return None
    beginning = text[:_LOOKED_AT].replace("\udcff\udcfe", "").replace("\udcfe\udcff", "")
    zeros = beginning.count("\0")
    if 5 * zeros < 2 * len(beginning):
        return None
    return "UTF-32" if 5 * zeros > 3 * len(beginning) else "UTF-16"


def holds(text: str, sign: str) -> bool:
    """Whether an ASCII sign stands in a text of this or another encoding."""
    return sign in text or (other_encoding(text) is not None and sign in text.replace("\0", ""))


def encode(text: str) -> bytes:
    """The bytes of a text that `decode` gave, or of any text that is Unicode."""
    return text.encode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the lines of a text begin, for many look-ups; only LF ends a line, as in every editor and in git."""

    text: InitVar[str]
    _starts: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self, text: str) -> None:
        """Count once."""
        *whole, _ = text.split("\n")
        starts = accumulate((len(line) + 1 for line in whole), initial=0)
        object.__setattr__(self, "_starts", tuple(starts))

    def line(self, offset: int) -> int:
        """The line of an offset, counted from 1; an LF belongs to the line that it ends."""
        return bisect_right(self._starts, offset)

    @property
    def count(self) -> int:
        """How many lines there are; behind a last LF is an empty one."""
        return len(self._starts)

    def start(self, line: int) -> int:
        """The offset of a line's first character; lines count from 1."""
        return self._starts[line - 1]

    def column(self, offset: int) -> int:
        """The place of an offset in its line, in code points, counted from 1."""
        return offset - self._starts[self.line(offset) - 1] + 1


def line_of(text: str, offset: int) -> int:
    """The line of one offset, counted from 1; for many offsets of one text there is `Lines`."""
    return text.count("\n", 0, offset) + 1


def folded_indent(text: str, start: int) -> str | None:
    r"""The white space between `>` LF and `start`, where the gems see a block (`>\n(\s*)`) begin there; else None.

    It may span blank lines. The `>` need not be a YAML header, and `>-`, `> ` or `>` CR LF are none.
    """
    place = start
    while place and text[place - 1] in WHITE:
        place -= 1
    return text[place + 1 : start] if place and text.startswith(">\n", place - 1) else None
