"""Files of one name in a tree, and where the tree begins."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from eyamlgpg.errors import FileProblem
from eyamlgpg.host.paths import exists

_MARKS = (".git", ".eyamlgpg")
"""What marks the root of a tree, the first of them before the second, wherever they stand."""

_NOT_OURS = {".git", ".eyamlgpg"}


def tree_root(folder: Path) -> Path:
    """The root of the tree around a folder, links resolved: the same one for every command.

    It is git's (the nearest folder upwards with `.git`, be it a folder or a file), else the nearest folder upwards with
    `.eyamlgpg`, else the folder itself. FileProblem where one cannot look.
    """
    real = Path(os.path.realpath(folder))
    upwards = (real, *real.parents)
    return next((place for mark in _MARKS for place in upwards if exists(place / mark)), real)


def find_named(root: Path, name: str, unreadable: Callable[[OSError], None] | None = None) -> tuple[Path, ...]:
    """Every file of that name in a folder and below, nearest to the root first.

    Linked folders are not followed, submodules and git's own folder are passed over. FileProblem for a folder that
    cannot be read, since what stands in it would be missed without a word; unless `unreadable` is to hear of it.
    """
    return tuple(sorted(_found(root, name, unreadable or _refuse), key=lambda path: (len(path.parts), path)))


def _found(root: Path, name: str, unreadable: Callable[[OSError], None]) -> Iterator[Path]:
    for place, folders, files in os.walk(root, onerror=unreadable):
        folders[:] = [folder for folder in folders if folder not in _NOT_OURS and not _is_submodule(place, folder)]
        if name in files:
            yield Path(place, name)


def _is_submodule(place: str, folder: str) -> bool:
    return os.path.lexists(os.path.join(place, folder, ".git"))  # noqa: PTH118 - a Path for each folder is slow


def _refuse(error: OSError) -> None:
    raise FileProblem(f"{error.filename}: cannot be read: {error.strerror}") from None
