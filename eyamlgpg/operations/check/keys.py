"""The keys of the repository as a check reads them: from the same tree as everything else, the index included."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from eyamlgpg.errors import FileProblem, GnupgError, raise_all
from eyamlgpg.operations.ports import Tree
from eyamlgpg.operations.tree.stored_keys import KEYS, read_all


@dataclass(frozen=True, slots=True)
class _TreeFiles:
    """`operations.ports.BoundedFiles` over a tree."""

    tree: Tree

    def names(self, folder: Path) -> Sequence[str]:
        """The names of the files in a folder, sorted."""
        paths = map(PurePosixPath, (*self.tree.every(), *self.tree.links()))
        return sorted(path.name for path in paths if path.parent == PurePosixPath(folder))

    def read_bounded(self, path: Path, limit: int, *, follow_link: bool) -> bytes:  # noqa: ARG002 - trees have no links
        """A file of at most `limit` bytes; FileProblem for a larger one."""
        content = self.tree.read(str(path))
        if len(content) > limit:
            raise FileProblem(f"{path}: is larger than {limit:,} bytes, which is more than any key needs")
        return content

    def make(self, folder: Path) -> None:
        """A check writes nothing, so nobody asks."""
        raise NotImplementedError(folder)


@dataclass(frozen=True, slots=True)
class RepositoryKeys:
    """The public keys of a tree, armored or binary, and what was passed over among them."""

    contents: tuple[bytes, ...]
    warnings: tuple[str, ...]


def repository_keys(tree: Tree) -> RepositoryKeys:
    """Every key of `.eyamlgpg/keys`; raises what is wrong with any of them, or GnupgError where there is none."""
    stored = read_all(Path(), _TreeFiles(tree))
    raise_all(stored.errors)
    if not stored.by_fingerprint:
        raise GnupgError(
            f"--keyring repo: there is no key in {KEYS}",
            "put the recipients' keys there: eyamlgpg keys export ID…",
        )
    return RepositoryKeys(tuple(key.content for key in stored.by_fingerprint.values()), stored.warnings)
