"""Replacing spans of a text and leaving every other character alone, and the proof that it was so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to stand in place of the span from `start` up to `end`, in code points; it may hold a secret."""

    start: int
    end: int
    replacement: str = field(repr=False)


def splice(text: str, edits: Iterable[Edit]) -> str:
    """The text with each span replaced.

    ValueError, which is a bug of the caller, where the edits are not in order, overlap or reach outside of the text.
    """
    pieces, position = [], 0
    for edit in edits:
        if not position <= edit.start <= edit.end <= len(text):
            raise ValueError(f"{edit} does not follow offset {position} in a text of {len(text)} characters")
        pieces += [text[position : edit.start], edit.replacement]
        position = edit.end
    pieces.append(text[position:])
    return "".join(pieces)


def differs_only_inside(original: str, new: str, edits: Sequence[Edit]) -> bool:
    """Whether every character outside of the planned spans is the same in both texts, and nothing came or went.

    What stands inside a span is not compared, only how long it is: the replacement's length. This is asked before a
    file is written, so anything doubtful (edits that overlap or reach outside) is a no.
    """
    old_place = new_place = 0
    for edit in edits:
        if not old_place <= edit.start <= edit.end <= len(original):
            return False
        kept = original[old_place : edit.start]
        if not new.startswith(kept, new_place):
            return False
        old_place, new_place = edit.end, new_place + len(kept) + len(edit.replacement)
    return new_place <= len(new) and new[new_place:] == original[old_place:]
