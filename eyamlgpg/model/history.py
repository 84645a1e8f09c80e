"""A repository's past: its commits, and which files each one changed."""

from dataclasses import dataclass
from typing import NamedTuple


class FileChange(NamedTuple):
    """A file that a commit added, changed, renamed or removed, against its first parent.

    A tuple, since a history has tens of thousands.
    """

    path: str
    """From the root of the tree, with `/`."""
    object_id: str | None
    """Of the new content; None for a file that is gone, or that became a link or a submodule."""
    renamed_from: str | None = None
    """The old path of a rename."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit."""

    commit_id: str
    parents: tuple[int, ...]
    """Their places among the commits of the history. A parent that this clone does not have is left out."""
    date: str
    """The author's date, ISO 8601 with its offset."""
    author: str
    changes: tuple[FileChange, ...]
