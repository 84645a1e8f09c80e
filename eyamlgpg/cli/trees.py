"""The trees of a run: git's word for what is in them where there is git, else the disk's."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from eyamlgpg.host import paths
from eyamlgpg.host.lock import tree_lock
from eyamlgpg.host.named import tree_root
from eyamlgpg.operations.ports import Below
from eyamlgpg.trees import walk


class Trees:
    """`operations.ports.Folders`."""

    def __init__(self, environ: Mapping[str, str], say: Callable[[str], None] = lambda _sentence: None) -> None:
        """`say` is given a sentence while another run holds a lock."""
        self._environ = environ
        self._say = say
        self._roots: dict[Path, Path] = {}

    def real(self, path: Path) -> Path:
        """The absolute path, links resolved."""
        return paths.real(path)

    def root(self, path: Path) -> Path:
        """The root of the tree around a file or folder: git's, else what `tree_root` says."""
        real = self.real(path)
        folder = real if paths.is_folder(real) else real.parent
        if folder not in self._roots:
            from eyamlgpg.repo import worktree

            found = worktree.find(folder, self._environ)
            self._roots[folder] = found.root if found else tree_root(folder)
        return self._roots[folder]

    def below(self, path: Path) -> Below | None:
        """What counts as the files of a folder; None for a file."""
        from eyamlgpg.repo import worktree

        real = self.real(path)
        if not paths.is_folder(real):
            return None
        found = worktree.find(real, self._environ)
        listing: worktree.Listing | walk.Walked = found.listing(real) if found else walk.list_files(real)
        settled = walk.settle(listing.files, real, found.root if found else self.root(real))
        return Below(
            settled.files,
            settled.leaving,
            repositories=tuple(place.relative_to(real) for place in listing.repositories),
            unreadable=tuple((place.relative_to(real), reason) for place, reason in listing.unreadable),
        )

    def named(self, root: Path, name: str) -> list[Path]:
        """Every file of that name in a tree."""
        below = self.below(root)
        return [] if below is None else [root / place for place, _ in below.files if place.name == name]

    @contextmanager
    def locked(self, places: Sequence[Path]) -> Iterator[None]:
        """Hold the lock of every tree that the places stand in; raises LockError, and holds none then."""
        with ExitStack() as locks:
            for root in sorted({self.root(path) for path in places}):
                locks.enter_context(tree_lock(root, self._say))
            yield
