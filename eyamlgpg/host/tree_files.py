"""The files of a tree that may hold values or name recipients."""

import os
from collections.abc import Iterator
from pathlib import Path

SKIPPED = frozenset({".git", ".eyamlgpg"})
SUFFIXES = (".eyaml", ".yaml", ".yml")


def tree_files(root: Path, *names: str) -> Iterator[Path]:
    """Every `*.eyaml`, `*.yaml`, `*.yml` and every file of these names, links left out, in a stable order."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(set(folders) - SKIPPED)
        for name in sorted(files):
            path = Path(folder, name)
            if (name in names or name.endswith(SUFFIXES)) and not path.is_symlink():
                yield path
