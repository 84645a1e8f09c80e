"""Which files stand below a folder, and what its links lead to."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.model.tree import Listing

GIT = ".git"
"""Git's own folder; in a submodule it is a file."""

NO_DATA = frozenset({GIT, ".eyamlgpg"})
"""Folders that hold no data of the user's, in whatever folder they stand."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Candidates with their links resolved."""

    files: tuple[tuple[Path, Path], ...]
    """Each plain file: where it stands below the folder, and its absolute path, links resolved."""
    leaving: tuple[Path, ...]
    """Links that lead out of the tree or nowhere, below the folder."""


def list_files(folder: Path) -> Listing:
    """Every file and link below a folder, sorted, as `folder / …`; for a tree without git.

    Folders with a `.git` of their own are repositories inside of this one and passed over; linked folders are named and
    not looked into. A folder that may not be read is named, and the others go on.
    """
    files: list[Path] = []
    repositories: list[Path] = []
    unreadable: dict[Path, str] = {}

    def take_note(error: OSError) -> None:
        unreadable[Path(error.filename)] = error.strerror or "?"

    for place, folders, names in os.walk(folder, onerror=take_note):
        here = Path(place)
        inside = sorted(name for name in folders if name != GIT)
        folders[:] = [name for name in inside if not os.path.lexists(here / name / GIT)]
        repositories += (here / name for name in inside if name not in folders and not (here / name).is_symlink())
        try:
            linked = (name for name in inside if (here / name).is_symlink())
            files += [here / name for name in sorted((*names, *linked)) if _is_file(here / name)]
        except OSError as error:  # a folder may be listed, and nothing in it looked at
            unreadable[here] = error.strerror or "?"
    return Listing(tuple(files), tuple(repositories), tuple(unreadable.items()))


def settle(candidates: Iterable[Path], folder: Path, root: Path) -> Settled:
    """Of the candidates below a folder the plain files, links to files of the tree under `root` included.

    Folder, root and candidates have their own links resolved; what is left to resolve is the last name of each
    candidate. Linked folders are left out: their files are reached at their own place, or are none of this tree's.
    """
    files: list[tuple[Path, Path]] = []
    leaving: list[Path] = []
    for path in candidates:
        place = path.relative_to(folder)
        if NO_DATA.intersection(place.parts):
            continue
        if not path.is_symlink():
            files.append((place, path))
            continue
        real = Path(os.path.realpath(path))
        # These are plain questions, answered with no where a folder on the way is closed to us.
        if os.path.isdir(real):  # noqa: PTH112
            continue
        if os.path.isfile(real) and real.is_relative_to(root):  # noqa: PTH113
            files.append((place, real))
        else:
            leaving.append(place)
    return Settled(tuple(files), tuple(leaving))


def _is_file(path: Path) -> bool:
    """A plain file or a link; a pipe or a socket holds nothing to read."""
    return path.name != GIT and (path.is_symlink() or path.is_file())
