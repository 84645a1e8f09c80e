"""Which files stand below a folder, and what its links lead to."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.errors import FileProblem

SKIPPED = frozenset({".git", ".eyamlgpg"})
"""Folders (`.git` of a submodule is a file) that hold no data of the user's."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Candidates with their links resolved."""

    files: tuple[tuple[Path, Path], ...]
    """Each plain file: where it stands below the folder, and its absolute path, links resolved."""
    leaving: tuple[Path, ...]
    """Links that lead out of the tree or nowhere, below the folder."""


def every_file(folder: Path) -> Iterator[Path]:
    """Every file and link to one below a folder, sorted, as `folder / …`; for a tree without git.

    Folders with a `.git` of their own are repositories inside of this one and left out, like linked folders. Raises
    FileProblem for a folder that may not be read.
    """
    for place, folders, names in os.walk(folder, onerror=_unreadable):
        here = Path(place)
        folders[:] = sorted(
            name for name in folders if name not in SKIPPED and not os.path.lexists(here / name / ".git")
        )
        yield from (here / name for name in sorted(names) if _is_file(here / name))


def settle(candidates: Iterable[Path], folder: Path, root: Path) -> Settled:
    """Of the candidates below a folder the plain files, links to files of the tree under `root` included.

    Folder, root and candidates have their own links resolved; what is left to resolve is the last name of each
    candidate. Linked folders are left out: their files are reached at their own place, or are none of this tree's.
    """
    files: list[tuple[Path, Path]] = []
    leaving: list[Path] = []
    for path in candidates:
        place = path.relative_to(folder)
        if SKIPPED.intersection(place.parts):
            continue
        if not path.is_symlink():
            files.append((place, path))
            continue
        real = Path(os.path.realpath(path))
        if real.is_dir():
            continue
        if real.is_file() and real.is_relative_to(root):
            files.append((place, real))
        else:
            leaving.append(place)
    return Settled(tuple(files), tuple(leaving))


def _unreadable(error: OSError) -> None:
    raise FileProblem(f"{error.filename}: cannot be read: {error.strerror}") from None


def _is_file(path: Path) -> bool:
    """A plain file or a link; a pipe or a socket holds nothing to read."""
    return path.name not in SKIPPED and (path.is_symlink() or path.is_file())
