"""Links in a tree that others write: not followed out of it, and not at all where the tree speaks to this program."""

import os
import stat
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from eyamlgpg.errors import FileProblem
from eyamlgpg.model.limits import refuse_large

SETTINGS = ".eyamlgpg"
"""The folder whose files say how a tree is to be looked at."""

MOST_STEPS = 40
"""Links on the way to one file; what has more leads in a circle, as for Linux (path_resolution(7))."""


def is_there(root: Path, path: str) -> bool:
    """Whether a tree has a file, or a link in its place: one that is not followed is an error and not an absence.

    FileProblem where a folder on the way is closed to us.
    """
    try:
        mode = (root / path).lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return _linked(root, path) is not None
    except OSError as error:
        raise FileProblem(f"{path}: cannot be looked at: {error.strerror}") from None
    return stat.S_ISREG(mode) or stat.S_ISLNK(mode) or _linked(root, path) is not None


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


def content(root: Path, path: str) -> bytes:
    """What a file of a tree holds on the disk; FileProblem where it cannot be read, or is no plain file.

    Reading a pipe would wait for whoever writes into it.
    """
    place = real(root, path)
    try:
        status = place.stat()
        if not stat.S_ISREG(status.st_mode):
            raise FileProblem(f"{path}: is no plain file")
        refuse_large(path, status.st_size)
        return place.read_bytes()
    except OSError as error:
        raise FileProblem(f"{path}: cannot be read: {error.strerror}") from None


def destination(path: str, target: Callable[[str], str | None]) -> str | None:
    """Where a path leads, whether or not anything stands there; None for out of the tree, or in a circle.

    `target` tells what is written in a link, by its path from the root; None for what is no link.
    """
    way: list[str] = []
    ahead = path.split("/")[::-1]
    steps = 0
    while ahead:
        name = ahead.pop()
        if name in ("", "."):
            continue
        if name == "..":
            if not way:
                return None
            way.pop()
            continue
        way.append(name)
        written = target("/".join(way))
        if written is not None:
            steps += 1
            if written.startswith("/") or steps > MOST_STEPS:
                return None
            way.pop()
            ahead += reversed(written.split("/"))
    return "/".join(way)


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
