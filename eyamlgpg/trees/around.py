"""The trees of a run: their roots, what stands in them, and their locks.

Git says what belongs to a tree where there is git: tracked files, and untracked ones that are not ignored. Else
everything on the disk belongs to it. What is ignored counts where its own folder is named.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from eyamlgpg.errors import FileProblem
from eyamlgpg.host import paths
from eyamlgpg.host.lock import tree_lock
from eyamlgpg.model.tree import Below
from eyamlgpg.trees import walk
from eyamlgpg.trees.root import tree_root

if TYPE_CHECKING:
    from eyamlgpg.repo.worktree import GitWorktree


class Trees:
    """`operations.ports.Trees`. Each folder is listed once, until a lock is taken."""

    def __init__(self, environ: Mapping[str, str], say: Callable[[str], None] = lambda _sentence: None) -> None:
        """`say` is given a sentence while another run holds a lock."""
        self._environ = environ
        self._say = say
        self._roots: dict[Path, Path] = {}
        self._worktrees: dict[Path, GitWorktree | None] = {}
        self._listed: dict[Path, Below] = {}

    def real(self, path: Path) -> Path:
        """The absolute path, links resolved."""
        return paths.real(path)

    def root(self, path: Path) -> Path:
        """The root of the tree around a file or folder: git's, else what `tree_root` says."""
        real = self.real(path)
        folder = real if paths.is_folder(real) else real.parent
        if folder not in self._roots:
            found = self._worktree(folder) if paths.is_folder(folder) else None
            self._roots[folder] = found.root if found else tree_root(folder)
        return self._roots[folder]

    def below(self, path: Path) -> Below | None:
        """What counts as the files of a folder; None for a file."""
        real = self.real(path)
        if not paths.is_folder(real):
            return None
        if real not in self._listed:
            self._listed[real] = self._below(real)
        return self._listed[real]

    def named(self, folder: Path, name: str) -> tuple[Path, ...]:
        """Every file of that name at and below a folder, and every link, nearest to the folder first.

        FileProblem for a folder that cannot be read, since what stands in it would be missed without a word.
        """
        below, real = self.below(folder), self.real(folder)
        if below is None:
            return ()
        for place, reason in below.unreadable:
            raise FileProblem(f"{real / place}: cannot be read: {reason}")
        return named(below, real, name)

    @contextmanager
    def locked(self, places: Sequence[Path]) -> Iterator[None]:
        """Hold the lock of every tree that the places stand in; raises LockError, and holds none then."""
        with ExitStack() as locks:
            for root in sorted({self.root(path) for path in places}):
                locks.enter_context(tree_lock(root, self._say))
            self._listed.clear()  # whoever held the lock may have made files
            yield

    def _below(self, real: Path) -> Below:
        found = self._worktree(real)
        listing = found.listing(real) if found else walk.list_files(real)
        settled = walk.settle(listing.files, real, found.root if found else self.root(real))
        return Below(
            settled.files,
            settled.leaving,
            repositories=tuple(place.relative_to(real) for place in listing.repositories),
            unreadable=tuple((place.relative_to(real), reason) for place, reason in listing.unreadable),
        )

    def _worktree(self, folder: Path) -> "GitWorktree | None":
        """Git's word on a folder, asked for once."""
        if folder not in self._worktrees:
            from eyamlgpg.repo import worktree

            self._worktrees[folder] = worktree.find(folder, self._environ)
        return self._worktrees[folder]


def named(below: Below, folder: Path, name: str) -> tuple[Path, ...]:
    """The files and links of that name among what stands below a folder, nearest to the folder first."""
    places = [*(place for place, _ in below.files), *below.leaving]
    found = (folder / place for place in places if place.name == name)
    return tuple(sorted(found, key=lambda path: (len(path.parts), path)))
