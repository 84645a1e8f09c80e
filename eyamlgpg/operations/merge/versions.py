"""Three versions of a file, what git makes of them as text, and what comes of a merge."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Versions:
    """One file as git hands it to a driver: the common ancestor, which is empty for a file that both sides added."""

    base: bytes = field(repr=False)
    ours: bytes = field(repr=False)
    theirs: bytes = field(repr=False)
    width: int = 7
    """Characters of a conflict's marks."""


class TextMerge(Protocol):
    """Git's own merge of texts, in its user's conflict style."""

    def merge(self, versions: Versions, *, union: bool = False) -> bytes | None:
        """The merged text, with marks where both sides changed the same; None for what git does not take for text.

        `union`: the lines of both sides instead of marks.
        """
        ...


@dataclass(frozen=True, slots=True)
class Merged:
    """The new content, and what the user should know."""

    content: bytes = field(repr=False)
    is_clean: bool
    said: tuple[str, ...] = ()
    """What was decided, and what is to be done now."""
