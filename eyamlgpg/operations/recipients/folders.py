"""Which folders changed lists govern, and which lists a tree has."""

from collections.abc import Sequence
from pathlib import Path

from eyamlgpg.errors import RecipientError
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.operations.paths import short_path
from eyamlgpg.operations.ports import Files
from eyamlgpg.operations.recipients.change import ListChange
from eyamlgpg.operations.recipients.target import TargetList, refuse_overruled, standing
from eyamlgpg.operations.tree.source import RecipientsRequest
from eyamlgpg.operations.tree_ports import Trees


def every_list(request: RecipientsRequest, here: Path, trees: Trees, files: Files) -> list[TargetList]:
    """Every list of the tree around a folder; one under several names counts once."""
    refuse_overruled(request)
    root = trees.root(here)
    found = trees.named(root, RECIPIENTS_FILE)
    if not found:
        raise RecipientError(f"{root}: there is no {RECIPIENTS_FILE} in it or below it")
    each_once: dict[Path, Path] = {}
    for path in found:
        target = trees.real(path)
        if target not in each_once or target == path:
            each_once[target] = path
    return [standing(path, path.parent, request.working, files) for path in each_once.values()]


def lists_apart(here: Path, trees: Trees, files: Files) -> list[Path]:
    """Lists that do not belong to the tree, since git ignores them, and yet govern a file of it."""
    root = trees.root(here)
    below = trees.below(root)
    if below is None:
        return []
    own = set(_lists(root, trees))
    folders = {(root / place).parent for place, _ in below.files}
    governing = {files.nearest_upwards(folder, RECIPIENTS_FILE) for folder in folders}
    return sorted(path for path in governing if path is not None and path.is_relative_to(root) and path not in own)


def governed_folders(changes: Sequence[ListChange], trees: Trees, files: Files, here: Path) -> list[Path]:
    """The folders that changed lists govern, as the user would write them, none inside of another.

    A list governs every folder that has it by a link, too; and the repository that one stands in, where the list is
    above of it.
    """
    own = [change.place.folder for change in changes if change.place.folder is not None]
    roots = dict.fromkeys(trees.root(folder) for folder in (*own, here))
    there = {path: trees.real(path) for root in roots for path in _lists(root, trees)}
    changed = {trees.real(change.place.path) for change in changes}
    linked = [path.parent for path, real in there.items() if real != path and real in changed]
    every = [*own, *linked, *(path.parent for path in changed & set(there))]
    around = trees.root(here)
    every += [around for folder in own if around.is_relative_to(folder)]
    return [Path(short_path(folder, here)) for folder in outermost(every, trees, files)]


def outermost(folders: Sequence[Path], trees: Trees, files: Files) -> list[Path]:
    """Those of the folders that no other one of them holds, each once."""
    every = list(dict.fromkeys(folders))
    return [folder for folder in every if not any(_holds(other, folder, trees, files) for other in every)]


def _lists(root: Path, trees: Trees) -> Sequence[Path]:
    """Those of a tree; a folder that cannot be read is named when its values are looked for."""
    below = trees.below(root)
    places = () if below is None else (*(place for place, _ in below.files), *below.leaving)
    return [root / place for place in places if place.name == RECIPIENTS_FILE]


def _holds(outer: Path, inner: Path, trees: Trees, files: Files) -> bool:
    """Whether whoever looks into the one folder comes to the other, which no repository in between prevents."""
    if outer == inner or not inner.is_relative_to(outer):
        return False
    root = trees.root(inner)
    return not files.exists(root / ".git") or outer.is_relative_to(root)
