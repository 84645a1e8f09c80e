"""Where a tree begins."""

import os
from pathlib import Path

from eyamlgpg.host.paths import exists

_MARKS = (".git", ".eyamlgpg")
"""What marks the root of a tree, the first of them before the second, wherever they stand."""


def tree_root(folder: Path) -> Path:
    """The root of the tree around a folder, links resolved: the same one for every command.

    It is git's (the nearest folder upwards with `.git`, be it a folder or a file), else the nearest folder upwards with
    `.eyamlgpg`, else the folder itself. FileProblem where one cannot look.
    """
    real = Path(os.path.realpath(folder))
    upwards = (real, *real.parents)
    return next((place for mark in _MARKS for place in upwards if exists(place / mark)), real)
