"""The tree as it lies in the working directory: with git its tracked and its not ignored files, else all."""

import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from eyamlgpg.errors import FileProblem, UsageError
from eyamlgpg.repo import links
from eyamlgpg.repo.blobs import Blobs
from eyamlgpg.repo.changes import Change, changed, has_commit, removed
from eyamlgpg.repo.git import Git, find_repository
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
        below = [path for folder in self._paths if folder not in named for path in self._below(folder)]
        return tuple(dict.fromkeys([*named, *below]))

    def is_named(self, path: str) -> bool:
        """Whether the user named this very file."""
        return path in self._paths

    def every(self) -> tuple[str, ...]:
        """Every file of the tree; links and submodules are passed over."""
        return self._every

    def has(self, path: str) -> bool:
        """Whether there is such a file, or a link in its place."""
        return links.is_there(self.root, path)

    def read(self, path: str) -> bytes:
        """The content now; FileProblem where it cannot be read, or is a link that is not followed."""
        try:
            return links.real(self.root, path).read_bytes()
        except OSError as error:
            raise FileProblem(f"{path}: cannot be read: {error.strerror}") from None

    def before(self, path: str) -> bytes | None:
        """What the last commit has in this file's place; None for an unchanged or untracked file, or without git."""
        change = self._changes.get(path)
        old = self._removed.get(path) if change is None else change.old
        return None if old is None or self._blobs is None else self._blobs.read(old)

    def removed(self) -> tuple[str, ...]:
        """The files of the last commit that are gone; none without git."""
        return tuple(self._removed)

    def covers(self, path: str) -> bool:
        """Whether a path is among what was asked for, or in a folder that was."""
        return not self._paths or any(one == "." or path == one or path.startswith(f"{one}/") for one in self._paths)

    def close(self) -> None:
        """End the process behind."""
        if self._blobs is not None:
            self._blobs.close()

    @cached_property
    def _changes(self) -> dict[str, Change]:
        return {} if self._git is None else {change.path: change for change in changed(self._git)}

    @cached_property
    def _removed(self) -> dict[str, str]:
        if self._git is None or not has_commit(self._git):
            return {}
        return removed(self._git, "HEAD")

    @cached_property
    def _every(self) -> tuple[str, ...]:
        return self._below(".")

    def _below(self, folder: str) -> tuple[str, ...]:
        """The files of a folder; also those of one that git ignores, which somebody must have named on purpose."""
        if self._git is None:
            return tuple(sorted(path.relative_to(self.root).as_posix() for path in _walk(self.root / folder)))
        if folder != "." and find_repository(self.root / folder, self._git.environ) != self._git:
            raise UsageError(f"{folder}: is a repository of its own; one tree is checked at a time")
        listing = Worktree(self.root, self._git.environ).listing(self.root / folder)
        for closed, reason in listing.unreadable:
            raise FileProblem(f"{closed}: cannot be read: {reason}")
        return tuple(path.relative_to(self.root).as_posix() for path in listing.files if not path.is_symlink())


def _walk(root: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(root, onerror=_refuse):
        folders[:] = [name for name in folders if name not in _NOT_OURS]
        for name in files:
            path = Path(place, name)
            if _is_plain(path):
                yield path


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _refuse(error: OSError) -> None:
    raise FileProblem(f"{error.filename}: cannot be read: {error.strerror}") from None
