"""Texts in which a word stands for each value, the same for the same value in all versions, so that git can merge them.

Git sees then neither what is in a value nor how its token is laid out, only where it stands and what is around it.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import Enum

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.eyaml.tokens import LINE_END
from eyamlgpg.formats.splice import Edit, splice
from eyamlgpg.operations.merge.held import Held

WIDEST = 1000
"""Signs at the beginning of a line that git's marks may have to outdo."""
_WORD = re.compile(r"EyamlgpgValue(X*+)")
_RUN = re.compile(r"^(?:<+|=+|>+|\|+)", re.MULTILINE)


class Side(Enum):
    """Where a part of the merged text comes from."""

    MERGED = "merged"
    OURS = "ours"
    BASE = "base"
    THEIRS = "theirs"


LABELS = {Side.OURS: "ours", Side.BASE: "base", Side.THEIRS: "theirs"}
_NEXT = {"<": Side.OURS, "|": Side.BASE, "=": Side.THEIRS, ">": Side.MERGED}


@dataclass(frozen=True, slots=True)
class Words:
    """The words for values, which stand in none of the texts."""

    beginning: str

    @classmethod
    def absent_from(cls, texts: Collection[str]) -> "Words":
        """Words that none of the texts holds."""
        runs = [run for text in texts for run in _WORD.findall(text)]
        return cls(f"EyamlgpgValue{'X' * (1 + max(map(len, runs)))}" if runs else "EyamlgpgValue")

    def put_in(self, text: str, values: Sequence[Held], slots: Sequence[int], changed: Collection[int]) -> str:
        """The text with a word for each value; `changed`: slots that are to differ from the other versions'."""
        edits = [
            Edit(held.token.start, held.token.end, f"{self.beginning}{slot}{'c' if slot in changed else 'v'}")
            for held, slot in zip(values, slots, strict=True)
        ]
        return splice(text, edits)

    def replace(self, text: str, written: Callable[[int], str]) -> tuple[str, Sequence[tuple[int, int]]]:
        """The text with a token for each word, and the slot and place of each one."""
        pieces: list[str] = []
        placed: list[tuple[int, int]] = []
        length = position = 0
        for word in re.finditer(rf"{self.beginning}(\d+)[cv]", text):
            for piece in (text[position : word.start()], written(int(word[1]))):
                pieces.append(piece)
                length += len(piece)
            placed.append((int(word[1]), length - len(pieces[-1])))
            position = word.end()
        return "".join([*pieces, text[position:]]), placed


def rare_width(texts: Collection[str], width: int) -> int:
    """A width for git's marks that no line of the texts begins with, so that its conflicts are told from content.

    FormatError where a line begins with so many signs that the marks would be larger than the file.
    """
    longest = max((len(run.group()) for text in texts for run in _RUN.finditer(text)), default=0)
    if longest > WIDEST:
        raise FormatError(f"a line begins with {longest:,} signs of a conflict's mark")
    return max(width, longest) + 1


def parts(merged: str, marked: int, width: int) -> Sequence[tuple[Side | None, str]]:
    """What git gave, in parts; a mark of a conflict, with None, is made as wide as git wants it."""
    run = "|".join(f"{re.escape(sign)}{{{marked}}}" for sign in _NEXT)
    found: list[tuple[Side | None, str]] = []
    side, begin = Side.MERGED, 0
    for mark in re.finditer(rf"^({run})[^\n]*\n?", merged, re.MULTILINE):
        if begin < mark.start():
            found.append((side, merged[begin : mark.start()]))
        found.append((None, mark[1][:1] * width + mark[0][marked:]))
        side, begin = _NEXT[mark[1][:1]], mark.end()
    return [*found, (side, merged[begin:])]


def newline_of(text: str) -> str:
    """CR LF where the first line ends so, else LF."""
    found = LINE_END.search(text)
    return found.group() if found and found.group() != "\r" else "\n"
