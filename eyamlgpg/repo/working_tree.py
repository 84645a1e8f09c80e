"""The tree as it lies in the working directory: with git its tracked and its not ignored files, else all."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from eyamlgpg.errors import FileProblem, UsageError
from eyamlgpg.repo import links
from eyamlgpg.repo.blobs import Blobs
from eyamlgpg.repo.changes import Change, changed, has_commit, removed
from eyamlgpg.repo.git import Git, find_repository
from eyamlgpg.repo.worktree import Worktree

_NOT_OURS = frozenset({".git"})


@dataclass(frozen=True, slots=True)
class _Listed:
    """What stands in a folder; paths are from the root of the tree."""

    files: tuple[str, ...]
    links: tuple[str, ...]
    """Those that lead to no folder."""
    closed: tuple[tuple[str, str], ...]
    """Folders that may not be looked into, each with the system's reason."""


class WorkingTree:
    """`operations.ports.Tree` on the disk; `close` ends the process that it asks git through."""

    def __init__(self, root: Path, git: Git | None, paths: Sequence[str] = ()) -> None:
        """`paths`, files and folders from the root, are what to look at; none, or the root, means the whole tree."""
        self.root = root
        self._git = git
        self._paths = tuple(paths) if "." not in paths else ()
        self._blobs = None if git is None else Blobs(git)

    @property
    def is_whole(self) -> bool:
        """Whether all of the tree is to be looked at."""
        return not self._paths

    def chosen(self) -> tuple[str, ...]:
        """The files that were named, and the files and links of the folders that were named."""
        named = [path for path in self._paths if not (self.root / path).is_dir()]
        below = [path for listed in self._asked for path in (*listed.files, *listed.links)]
        return tuple(dict.fromkeys([*named, *below]))

    def closed(self) -> Mapping[str, str]:
        """The folders among what was asked for that may not be looked into, each with the system's reason."""
        return {folder: reason for listed in self._asked for folder, reason in listed.closed}

    def is_named(self, path: str) -> bool:
        """Whether the user named this very file."""
        return path in self._paths

    def every(self) -> tuple[str, ...]:
        """Every file of the tree; links and submodules are passed over."""
        return self._all.files

    def links(self) -> Mapping[str, str | None]:
        """Every link that leads to no folder, and the file that it leads to, or led to in the last commit."""
        return self._led

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
        return None if old is None or self._blobs is None else self._blobs.find(old)

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
    def _led(self) -> dict[str, str | None]:
        led = ((link, Path(os.path.realpath(self.root / link))) for link in self._all.links)
        return {link: self._place(end) for link, end in led}

    def _place(self, end: Path) -> str | None:
        root = os.path.realpath(self.root)
        if not end.is_relative_to(root):
            return None
        place = end.relative_to(root).as_posix()
        return place if os.path.isfile(end) or place in self._removed else None  # noqa: PTH113

    @cached_property
    def _asked(self) -> tuple[_Listed, ...]:
        """The folders that were named."""
        if self.is_whole:
            return (self._all,)
        return tuple(self._below(path) for path in self._paths if (self.root / path).is_dir())

    @cached_property
    def _all(self) -> _Listed:
        return self._below(".")

    def _below(self, folder: str) -> _Listed:
        """What stands in a folder; also in one that git ignores, which somebody must have named on purpose."""
        if self._git is None:
            closed: dict[Path, str] = {}
            return self._listed(sorted(_walk(self.root / folder, closed)), closed)
        if folder != "." and find_repository(self.root / folder, self._git.environ) != self._git:
            raise UsageError(f"{folder}: is a repository of its own; one tree is checked at a time")
        listing = Worktree(self.root, self._git.environ).listing(self.root / folder)
        return self._listed(listing.files, dict(listing.unreadable))

    def _listed(self, found: Sequence[Path], closed: Mapping[Path, str]) -> _Listed:
        files: list[str] = []
        linked: list[str] = []
        for path in found:
            if not path.is_symlink():
                files.append(path.relative_to(self.root).as_posix())
            elif not os.path.isdir(path):  # noqa: PTH112 - answered with no behind a folder that is closed to us
                linked.append(path.relative_to(self.root).as_posix())
        reasons = ((folder.relative_to(self.root).as_posix(), reason) for folder, reason in closed.items())
        return _Listed(tuple(files), tuple(linked), tuple(reasons))


def _walk(root: Path, closed: dict[Path, str]) -> Iterator[Path]:
    """Every file and link below a folder; what may not be looked into is added to `closed`."""

    def take_note(error: OSError) -> None:
        closed[Path(error.filename)] = error.strerror or "?"

    for place, folders, files in os.walk(root, onerror=take_note):
        folders[:] = [name for name in folders if name not in _NOT_OURS]
        for name in files:
            path = Path(place, name)
            if path.is_symlink() or path.is_file():
                yield path
