"""Which files the paths of a command line mean: those named, and in folders those that can hold values."""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError, FileProblem
from eyamlgpg.formats.text import holds, other_encoding
from eyamlgpg.model.tree import Below
from eyamlgpg.operations.ports import Files
from eyamlgpg.operations.tree_ports import Trees

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
        return not self.on_sight or SIGNS.search(text) is not None or is_unreadable(text)


def is_unreadable(text: str) -> bool:
    """Whether a text holds a token in another encoding than UTF-8, where nobody finds it."""
    return other_encoding(text) is not None and holds(text, "ENC[")


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A repository inside of a folder, which is looked at only where it is named itself."""

    path: Path
    """Where it really is, links resolved."""
    name: str
    """As the user would write it."""

    def warning(self, command: str) -> str:
        """A sentence; `command` is what looks at it."""
        return f"{self.name}: is a repository of its own, and passed over; for it: {command} {shlex.quote(self.name)}"


@dataclass(frozen=True, slots=True)
class Selection:
    """The files of a run, each once, and what stood in the way."""

    files: tuple[TreeFile, ...]
    errors: tuple[EyamlgpgError, ...] = ()
    warnings: tuple[str, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    linked: tuple[Path, ...] = ()
    """Links among what the folders hold, as the user would write them."""


def select_files(paths: Sequence[Path], trees: Trees, files: Files) -> Selection:
    """The files that the paths mean, in their order; a folder's are sorted.

    A path that was named is always taken, its links resolved. A file that is reached twice counts once, by the first
    name. A path that does not exist, or a folder that cannot be read, is an error, and the others go on.
    """
    chosen: dict[Path, TreeFile] = {}
    errors: list[EyamlgpgError] = []
    warnings: list[str] = []
    passed_over: list[PassedOver] = []
    linked: list[Path] = []
    looked_at: set[Path] = set()
    for path in paths:
        try:
            if not files.exists(path):
                raise FileProblem(f"{path}: there is no such file or folder")
            below = trees.below(path)
            real = trees.real(path)
        except EyamlgpgError as error:
            errors.append(error)
            continue
        looked_at.add(real)
        found = [TreeFile(real, str(path))]
        if below is not None:
            found = list(_candidates(path, below.files))
            linked += [path / place for place, at in below.files if at != real / place and _can_hold(place)]
            warnings += _left_out(path, below)
            errors += [FileProblem(f"{path / place}: cannot be read: {reason}") for place, reason in below.unreadable]
            passed_over += [PassedOver(real / place, str(path / place)) for place in below.repositories]
        for one in found:
            known = chosen.setdefault(one.path, one)
            if known.on_sight and not one.on_sight:
                chosen[one.path] = TreeFile(known.path, known.name)
    left = {one.path: one for one in passed_over if one.path not in looked_at}
    return Selection(tuple(chosen.values()), tuple(errors), tuple(warnings), tuple(left.values()), tuple(linked))


def _left_out(folder: Path, below: Below) -> Iterator[str]:
    for link in below.leaving:
        if _can_hold(link):
            yield f"{folder / link}: leads out of the tree, or nowhere, and is left out"


def _can_hold(place: Path) -> bool:
    return place.suffix.lower() in (ALWAYS, *IF_ENCRYPTED)


def _candidates(folder: Path, files: Sequence[tuple[Path, Path]]) -> Iterator[TreeFile]:
    for place, real in files:
        if place.suffix.lower() == ALWAYS:
            yield TreeFile(real, str(folder / place))
        elif place.suffix.lower() in IF_ENCRYPTED:
            yield TreeFile(real, str(folder / place), on_sight=True)
