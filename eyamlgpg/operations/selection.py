"""Which files the paths of a command line mean: those named, and in folders those that can hold values."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError, FileProblem
from eyamlgpg.operations.ports import Files, Folders

ALWAYS = ".eyaml"
IF_ENCRYPTED = (".yaml", ".yml")

SIGNS = re.compile(r"ENC\[|DEC(?:\(\d+\))?::\w+\[", re.ASCII)
"""What makes a file of IF_ENCRYPTED one of ours: a token or an edit marker."""


@dataclass(frozen=True, slots=True)
class TreeFile:
    """One file to be looked at."""

    path: Path
    """Where it really is, links resolved."""
    name: str
    """As the user would write it."""
    on_sight: bool = False
    """Whether it counts only if it holds a token or a marker, which whoever reads it must see to."""

    def counts(self, text: str) -> bool:
        """Whether a file with this text is to be looked at."""
        return not self.on_sight or SIGNS.search(text) is not None


@dataclass(frozen=True, slots=True)
class Selection:
    """The files of a run, each once, and what stood in the way."""

    files: tuple[TreeFile, ...]
    errors: tuple[EyamlgpgError, ...] = ()
    warnings: tuple[str, ...] = ()


def select(paths: Sequence[Path], folders: Folders, files: Files) -> Selection:
    """The files that the paths mean, in their order; a folder's are sorted.

    A path that was named is always taken, its links resolved. A file that is reached twice counts once, by the first
    name. A path that does not exist, or a folder that cannot be read, is an error, and the others go on.
    """
    chosen: dict[Path, TreeFile] = {}
    errors: list[EyamlgpgError] = []
    warnings: list[str] = []
    for path in paths:
        try:
            if not files.exists(path):
                raise FileProblem(f"{path}: there is no such file or folder")
            found = _found(path, folders, warnings)
        except EyamlgpgError as error:
            errors.append(error)
            continue
        for one in found:
            known = chosen.setdefault(one.path, one)
            if known.on_sight and not one.on_sight:
                chosen[one.path] = TreeFile(known.path, known.name)
    return Selection(tuple(chosen.values()), tuple(errors), tuple(warnings))


def _found(path: Path, folders: Folders, warnings: list[str]) -> list[TreeFile]:
    below = folders.below(path)
    if below is None:
        return [TreeFile(folders.real(path), str(path))]
    warnings += [
        f"{path / link}: leads out of the tree, or nowhere, and is left out"
        for link in below.leaving
        if link.suffix in (ALWAYS, *IF_ENCRYPTED)
    ]
    return list(_candidates(path, below.files))


def _candidates(folder: Path, files: Sequence[tuple[Path, Path]]) -> Iterator[TreeFile]:
    for place, real in files:
        if place.suffix == ALWAYS:
            yield TreeFile(real, str(folder / place))
        elif place.suffix in IF_ENCRYPTED:
            yield TreeFile(real, str(folder / place), on_sight=True)
