"""The files that levels may read, by absolute paths: those of the tree, and those of data folders outside of it."""

import posixpath
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from eyamlgpg.formats.puppet.patterns import without_interpolations
from eyamlgpg.operations.puppet.ports import Elsewhere
from eyamlgpg.operations.tree_ports import Tree

_ENVIRONMENT = re.compile(r"(?:^|/)environments/[^/]+(?:/(.*))?$", re.DOTALL)
LARGEST = 16 * 1024 * 1024
"""Bytes of a file of Hiera data."""


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Where a level's data stand."""

    path: str
    """Absolute, with its interpolations as they are written."""
    taken_for: str | None = None
    """The folder of the tree that is looked at in its place; None where it is the very one."""
    is_here: bool = True


class DataFiles:
    """The files of one run."""

    def __init__(self, tree: Tree, elsewhere: Elsewhere) -> None:
        self._tree = tree
        self._elsewhere = elsewhere
        self._root = tree.root.as_posix()
        self._outside: dict[str, Path] = {}
        self._asked: set[str] = set()

    @cached_property
    def _inside(self) -> dict[str, str]:
        """The files of the tree, those behind links included, by absolute paths."""
        files = [*self._tree.files(), *(link for link, target in self._tree.links().items() if target is not None)]
        for link, folder in self._tree.folder_links().items():
            files += [f"{link}{file.removeprefix(folder)}" for file in tuple(files) if file.startswith(f"{folder}/")]
        return {f"{self._root}/{file}": file for file in files}

    @cached_property
    def _folders(self) -> frozenset[str]:
        return frozenset(str(folder) for file in self._inside.values() for folder in PurePosixPath(file).parents)

    def paths(self) -> tuple[str, ...]:
        """Every file, sorted."""
        return tuple(sorted({*self._inside, *self._outside}))

    def in_tree(self) -> tuple[str, ...]:
        """The files of the tree."""
        return tuple(sorted(self._inside))

    def shown(self, path: str) -> str:
        """As messages name it: from the root of the tree."""
        return self._inside.get(path, path)

    def read(self, path: str) -> bytes:
        """The content; raises FileProblem."""
        if path in self._inside:
            return self._tree.read(self._inside[path], limit=LARGEST)
        return self._elsewhere.read(self._outside[path])

    def folder(self, datadir: str, config_folder: str) -> DataFolder:
        """Where the data of a level stand, whose hiera.yaml stands in a folder of the tree."""
        absolute = posixpath.normpath(posixpath.join(self._root, config_folder, datadir))
        plain = without_interpolations(absolute, by="*")
        if self._exists(absolute):
            return DataFolder(absolute)
        taken = self._taken_for(datadir)
        if taken is not None:
            return DataFolder(posixpath.normpath(f"{self._root}/{taken}"), taken_for=taken)
        return DataFolder(absolute, is_here=self._in_tree_of(plain) and "*" in plain)

    def _exists(self, absolute: str) -> bool:
        if self._in_tree_of(absolute):
            return absolute.removeprefix(self._root).strip("/") in self._folders or absolute == self._root
        if absolute not in self._asked:
            self._asked.add(absolute)
            self._outside |= {path.as_posix(): path for path in self._elsewhere.below(Path(absolute))}
        return any(path.startswith(f"{absolute}/") for path in self._outside)

    def _in_tree_of(self, absolute: str) -> bool:
        return absolute == self._root or absolute.startswith(f"{self._root}/")

    def _taken_for(self, datadir: str) -> str | None:
        """The folder of the tree that stands at this place of a master, or none.

        A control repository is an environment there: `…/environments/%{environment}/hieradata` is its `hieradata`.
        """
        found = _ENVIRONMENT.search(datadir)
        if found is not None:
            rest = posixpath.normpath(found[1] or ".")
            return rest if rest in self._folders else None
        if not posixpath.isabs(datadir):
            return None
        parts = PurePosixPath(datadir).parts[1:]
        ends = ("/".join(parts[start:]) for start in range(len(parts)))
        return next((end for end in ends if end in self._folders), None)
