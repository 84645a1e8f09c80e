"""A path that leads by a link to where another recipients file governs: its values are for the readers there."""

import os
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.operations.paths import short_path
from eyamlgpg.operations.ports import Files


def warning(path: Path, working: Path, real: Callable[[Path], Path], files: Files) -> str | None:
    """A sentence that says whose list governs the real file or folder, and whose the link's place; None for the same.

    Looked at are the links that stand in the path as it was written, its folders included. A link that stands where no
    list governs takes nobody's place, as the one to a whole tree in somebody's home.
    """
    links = tuple(_links(working / path, real))
    if not links:
        return None
    target = real(path)
    governing = _governing(target, files)
    for link in links:
        there = files.nearest_upwards(real(link.parent), RECIPIENTS_FILE)
        if there is None or governing is None or real(there) == real(governing):
            continue
        name, list_there, list_here = (short_path(one, working) for one in (target, governing, there))
        return (
            f"{short_path(link, working)}: is a link; {list_there} says who may read {name}, "
            f"not {list_here}, which governs the place of the link; see: eyamlgpg who {shlex.quote(name)}"
        )
    return None


def _governing(target: Path, files: Files) -> Path | None:
    """The list that governs a file, or the files of a folder, which may hold it itself."""
    own = target / RECIPIENTS_FILE
    return own if files.exists(own) else files.nearest_upwards(target.parent, RECIPIENTS_FILE)


def _links(path: Path, real: Callable[[Path], Path]) -> Iterator[Path]:
    """The links in a path, from the root on."""
    so_far = Path(path.anchor)
    for part in path.parts[1:]:
        so_far /= part
        if part != os.pardir and real(so_far) != real(so_far.parent) / part:
            yield so_far
