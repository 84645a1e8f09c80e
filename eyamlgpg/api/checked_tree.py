"""The tree that `check` looks at, from the paths that its user names."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from eyamlgpg.api.run import Run
from eyamlgpg.errors import FileProblem, UsageError
from eyamlgpg.host.paths import exists, is_folder, real
from eyamlgpg.repo.git import find_repository, require_repository
from eyamlgpg.trees.index import IndexTree
from eyamlgpg.trees.root import tree_root
from eyamlgpg.trees.working import WorkingTree


@contextmanager
def opened(paths: Sequence[Path], *, staged: bool, run: Run) -> Iterator[IndexTree | WorkingTree]:
    """The tree that the paths stand in, which is the working directory's if none is given."""
    folders = [_folder(path) for path in paths] or [run.working]
    tree: IndexTree | WorkingTree
    if staged:
        git = require_repository(folders[0], run.environ)
        tree = IndexTree(git, _within(git.root, paths))
    else:
        found = find_repository(folders[0], run.environ)
        root = tree_root(Path(os.path.commonpath(folders))) if found is None else found.root
        tree = WorkingTree(root, found, _within(root, paths))
    try:
        for path in paths:
            _require(path, tree)
        yield tree
    finally:
        tree.close()


def _folder(path: Path) -> Path:
    """The nearest folder that is there, since what is staged may be gone from the working tree."""
    if is_folder(path):  # asked by the user's own name, so that what is told of a closed one names it so
        return real(path)
    return next(folder for folder in _unfollowed(path).parents if is_folder(folder))


def _within(root: Path, paths: Sequence[Path]) -> list[str]:
    return [name for path in paths for name in _names(root, path)]


def _names(root: Path, path: Path) -> list[str]:
    """A path from the root: the place that it leads to, and for a link to a file also the link, whose name counts."""
    place, link = real(path), _unfollowed(path)
    leads_away = not place.is_relative_to(root) or not exists(place)
    if path.is_symlink() and leads_away and link.is_relative_to(root):
        return [link.relative_to(root).as_posix()]  # it is told among those that lead out, and hides nothing else
    if not place.is_relative_to(root):
        raise UsageError(f"{path}: stands outside of {root}; one tree is checked at a time")
    names = [place, link] if link.is_relative_to(root) and not is_folder(place) else [place]
    return list(dict.fromkeys(name.relative_to(root).as_posix() for name in names))


def _unfollowed(path: Path) -> Path:
    """The absolute path, links resolved but for the last one."""
    return real(path) if path.name in ("", "..") else real(path.parent) / path.name


def _require(path: Path, tree: IndexTree | WorkingTree) -> None:
    """That something stands at the path, or is staged there."""
    if (
        exists(path)
        or path.is_symlink()
        or (isinstance(tree, IndexTree) and any(map(tree.knows, _names(tree.root, path))))
    ):
        return
    raise FileProblem(f"{path}: there is no such file or folder")
