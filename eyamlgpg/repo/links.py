"""Links in a tree that others write: not followed out of it, and not at all where the tree speaks to this program."""

import os
from pathlib import Path, PurePosixPath

from eyamlgpg.errors import FileProblem

SETTINGS = ".eyamlgpg"
"""The folder whose files say how a tree is to be looked at."""


def is_there(root: Path, path: str) -> bool:
    """Whether a tree has a file, or a link in its place: one that is not followed is an error and not an absence."""
    return (root / path).is_file() or (root / path).is_symlink() or _linked(root, path) is not None


def real(root: Path, path: str) -> Path:
    """Where a file of a tree lies on the disk; FileProblem where a link leads out of the tree.

    In `.eyamlgpg` no link is followed, since its files decide what a check passes over.
    """
    link = _linked(root, path)
    if link is not None:
        raise FileProblem(f"{link}: is a symbolic link, which is not followed here", "put the file itself there")
    place = root / path
    # What is no link needs no look at the whole path, and a tree has many files.
    if place.is_symlink() and not Path(os.path.realpath(place)).is_relative_to(os.path.realpath(root)):
        raise leads_out(path)
    return place


def leads_out(path: str) -> FileProblem:
    """The error about a link that leads out of its tree."""
    return FileProblem(f"{path}: is a symbolic link that leads out of the tree, which is not followed")


def _linked(root: Path, path: str) -> str | None:
    """The first link on the way to a file of `.eyamlgpg`."""
    parts = PurePosixPath(path).parts
    if parts[:1] != (SETTINGS,):
        return None
    ways = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
    return next((way for way in ways if (root / way).is_symlink()), None)
