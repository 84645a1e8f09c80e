"""The user's files, each with the tree that it stands in."""

from pathlib import Path

from eyamlgpg.host import paths
from eyamlgpg.host.files import DiskFiles
from eyamlgpg.trees.root import tree_root


class TreeFiles(DiskFiles):
    """`operations.ports.Files` on the disk."""

    def leads_out(self, path: Path) -> bool:
        """True if the path is a link whose target is not a plain file inside the same tree."""
        return path.is_symlink() and paths.leads_out(path, tree_root(path.parent))
