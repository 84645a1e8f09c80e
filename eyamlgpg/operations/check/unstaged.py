"""What a check of the next commit has to say about files that are not in it."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from eyamlgpg.operations.check.hiera_data import SETTINGS
from eyamlgpg.operations.check.readers import Governors
from eyamlgpg.operations.ports import Tree


def unstaged(tree: Tree, governors: Governors) -> Iterator[str]:
    """Settings that somebody may rely on and that do not count, and untracked lists that readers were judged by."""
    for path in tree.uncounted():
        if path in SETTINGS or governors.judges_by(path):
            yield f"{path}: does not count, because it is not staged"
    for one in governors.governed():
        if one.paths and not PurePosixPath(one.path).is_absolute() and tree.is_loose(one.path):
            yield f"{one.path}: is not tracked by git, so others have another list of readers, or none"
