"""What a check of the next commit has to say about files that are not in it."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from eyamlgpg.operations.check.hiera_data import SETTINGS
from eyamlgpg.operations.tree.governance import Governance
from eyamlgpg.operations.tree_ports import CheckedTree


def unstaged(tree: CheckedTree, governance: Governance) -> Iterator[str]:
    """Settings that somebody may rely on and that do not count, and untracked lists that readers were judged by."""
    for path in tree.uncounted():
        if path in SETTINGS or governance.judges_by(path):
            yield f"{path}: does not count, because it is not staged"
    for governed, paths in governance.asked():
        path = governed.source
        if paths and not PurePosixPath(path).is_absolute() and tree.is_loose(path):
            yield f"{path}: is not tracked by git, so others have another list of readers, or none"
