"""What operations need of trees, as Protocols; `trees` fulfils them, over `repo` and `host`."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from eyamlgpg.model.tree import Below


class Tree(Protocol):
    """A tree of files at one moment: the working directory, or what the next commit will hold.

    Paths are from its root, with `/`.
    """

    @property
    def root(self) -> Path:
        """Where it stands on the disk, links resolved."""
        ...

    def files(self) -> Sequence[str]:
        """Every file, and no link. What git ignores is no file of the tree."""
        ...

    def links(self) -> Mapping[str, str | None]:
        """Every link that leads to no folder, and the file of the tree that it leads to, or led to in the last commit.

        None for one that leads out of the tree, or nowhere.
        """
        ...

    def folder_links(self) -> Mapping[str, str]:
        """Every link to a folder of the tree, and that folder."""
        ...

    def was_at(self, path: str) -> str | None:
        """Where a path led in the last commit, links followed, with `/` behind a folder; None where it led nowhere."""
        ...

    def has(self, path: str) -> bool:
        """Whether there is such a file, tracked or not, or a link in its place."""
        ...

    def read(self, path: str, *, limit: int | None = None) -> bytes:
        """The content of a file, links followed inside of the tree.

        Raises FileProblem that names it, also for one of more than `limit` bytes.
        """
        ...


class Scope(Protocol):
    """What of a tree its user asks about."""

    @property
    def is_whole(self) -> bool:
        """Whether that is all of it."""
        ...

    def chosen(self) -> Sequence[str]:
        """The files to look at, and the links among them; raises what stands in the way of telling that."""
        ...

    def covers(self, path: str) -> bool:
        """Whether a path is among what was asked for, or in a folder that was, whether or not it exists."""
        ...

    def is_named(self, path: str) -> bool:
        """Whether the user named this very file, and not a folder around it."""
        ...

    def closed(self) -> Mapping[str, str]:
        """The folders among what was asked for that may not be looked into, each with the system's reason."""
        ...

    def repositories(self) -> Sequence[str]:
        """Submodules and other repositories in the folders that were asked for; none of their files is looked at."""
        ...


class Past(Protocol):
    """What the last commit has where a tree differs from it; nothing without git."""

    def before(self, path: str) -> bytes | None:
        """What the last commit has in its place, links followed; None for what is new or unchanged, or without git."""
        ...

    def removed(self) -> Sequence[str]:
        """The files and links of the last commit that are gone from their places; `before` tells what they held."""
        ...


class Staging(Protocol):
    """What stands beside the next commit; nothing where the working directory is looked at."""

    def is_loose(self, path: str) -> bool:
        """Whether `has` is true of a file only because it stands in the working tree, and git does not track it."""
        ...

    def uncounted(self) -> Sequence[str]:
        """Files of `.eyamlgpg` that stand in the working tree, and do not count since they are not staged."""
        ...


class CheckedTree(Tree, Scope, Past, Staging, Protocol):
    """A tree as a check looks at it."""


class Trees(Protocol):
    """The trees of a run, inside git or not."""

    def real(self, path: Path) -> Path:
        """The absolute path, links resolved."""
        ...

    def root(self, path: Path) -> Path:
        """The root of the tree around a file or folder, links resolved.

        Git's, else the nearest folder upwards with `.eyamlgpg`, else the folder, or the file's own.
        """
        ...

    def below(self, path: Path) -> Below | None:
        """Every file at and below a folder that counts as its own; None for what is no folder. Raises FileProblem."""
        ...

    def named(self, folder: Path, name: str) -> Sequence[Path]:
        """Every file and link of that name at and below a folder, links not resolved, the nearest first.

        Raises FileProblem for a folder that cannot be read.
        """
        ...

    def locked(self, places: Sequence[Path]) -> AbstractContextManager[None]:
        """Hold the lock of every tree that the places stand in; raises LockError, and holds none then."""
        ...
