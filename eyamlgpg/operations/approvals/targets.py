"""Which files of a tree approvers sign: its recipients files, its policy and its people."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from eyamlgpg.errors import FileProblem
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.operations.ports import Files
from eyamlgpg.operations.tree.settings import PEOPLE, POLICY
from eyamlgpg.operations.tree_ports import Trees

SETTINGS = (POLICY, PEOPLE)


def targets(paths: Iterable[Path], root: Path, trees: Trees, files: Files) -> tuple[Path, ...]:
    """The files that are meant, each once: of a folder all below it, without any path all of the tree.

    Absolute, with links resolved but for a file's own. FileProblem for what is not there, is not signed, or stands in
    another tree.
    """
    named = tuple(paths)
    found = (
        [one for path in named for one in _of(path, root, trees, files)] if named else list(_all(root, trees, files))
    )
    return tuple(dict.fromkeys(found))


def _all(folder: Path, trees: Trees, files: Files) -> Iterator[Path]:
    yield from (folder / one for one in SETTINGS if files.exists(folder / one))
    yield from trees.named(folder, RECIPIENTS_FILE)


def _of(path: Path, root: Path, trees: Trees, files: Files) -> Iterator[Path]:
    place = trees.real(path.parent) / path.name if path.name not in ("", "..") else trees.real(path)
    if not files.exists(place):
        raise FileProblem(f"{path}: there is no such file or folder")
    if trees.below(place) is not None:
        folder = trees.real(place)
        _require_inside(path, folder, root)
        yield from _all(folder, trees, files)
        return
    _require_inside(path, place, root)
    if (
        place.name != RECIPIENTS_FILE
        and place not in [root / one for one in SETTINGS]
        and place.suffix != ".recipients"
    ):
        raise FileProblem(
            f"{path}: is neither a recipients file nor the policy or the people of {root}, and needs no signature",
            f"name a {RECIPIENTS_FILE}, {POLICY}, {PEOPLE}, or a folder",
        )
    yield place


def _require_inside(path: Path, place: Path, root: Path) -> None:
    if not place.is_relative_to(root):
        raise FileProblem(f"{path}: stands outside of {root}; go into its own tree")
