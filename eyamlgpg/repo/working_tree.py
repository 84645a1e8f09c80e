"""The tree as it lies in the working directory: with git its tracked and its not ignored files, else all."""

import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo.blobs import Blobs
from eyamlgpg.repo.changes import Change, changed
from eyamlgpg.repo.git import Git
from eyamlgpg.repo.worktree import Worktree

_NOT_OURS = frozenset({".git"})


class WorkingTree:
    """`operations.ports.Tree` on the disk; `close` ends the process that it asks git through."""

    def __init__(self, root: Path, git: Git | None, paths: Sequence[str] = ()) -> None:
        """`paths`, files and folders from the root, are what to look at; none means the whole tree."""
        self.root = root
        self._git = git
        self._paths = tuple(paths)
        self._blobs = None if git is None else Blobs(git)

    def chosen(self) -> tuple[str, ...]:
        """The files that were named, and those of the folders that were named."""
        if not self._paths:
            return self.every()
        named = [path for path in self._paths if not (self.root / path).is_dir()]
        folders = tuple("" if path == "." else f"{path}/" for path in self._paths if path not in named)
        below = [path for path in self.every() if path.startswith(folders)] if folders else []
        return tuple(dict.fromkeys([*named, *below]))

    def is_named(self, path: str) -> bool:
        """Whether the user named this very file."""
        return path in self._paths

    def every(self) -> tuple[str, ...]:
        """Every file of the tree; links and submodules are passed over."""
        return self._every

    def has(self, path: str) -> bool:
        """Whether there is such a file."""
        return (self.root / path).is_file()

    def read(self, path: str) -> bytes:
        """The content now; FileProblem where it cannot be read."""
        try:
            return (self.root / path).read_bytes()
        except OSError as error:
            raise FileProblem(f"{path}: cannot be read: {error.strerror}") from None

    def before(self, path: str) -> bytes | None:
        """What the last commit has in this file's place; None for an unchanged or untracked file, or without git."""
        change = self._changes.get(path)
        if change is None or change.old is None or self._blobs is None:
            return None
        return self._blobs.read(change.old)

    def close(self) -> None:
        """End the process behind."""
        if self._blobs is not None:
            self._blobs.close()

    @cached_property
    def _changes(self) -> dict[str, Change]:
        return {} if self._git is None else {change.path: change for change in changed(self._git)}

    @cached_property
    def _every(self) -> tuple[str, ...]:
        if self._git is None:
            return tuple(sorted(_walk(self.root)))
        listing = Worktree(self.root, self._git.environ).listing(self.root)
        for folder, reason in listing.unreadable:
            raise FileProblem(f"{folder}: cannot be read: {reason}")
        return tuple(path.relative_to(self.root).as_posix() for path in listing.files if not path.is_symlink())


def _walk(root: Path) -> Iterator[str]:
    for place, folders, files in os.walk(root, onerror=_refuse):
        folders[:] = [name for name in folders if name not in _NOT_OURS]
        for name in files:
            path = Path(place, name)
            if _is_plain(path):
                yield path.relative_to(root).as_posix()


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _refuse(error: OSError) -> None:
    raise FileProblem(f"{error.filename}: cannot be read: {error.strerror}") from None
