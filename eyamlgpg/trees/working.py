"""The tree as it lies in the working directory: with git its tracked and its not ignored files, else all."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from eyamlgpg.errors import UsageError
from eyamlgpg.model.tree import Listing
from eyamlgpg.repo import links
from eyamlgpg.repo.blobs import Blobs
from eyamlgpg.repo.changes import REGULAR, SUBMODULE, FileChange, changed, removed
from eyamlgpg.repo.git import Git, find_repository
from eyamlgpg.repo.last_commit import LastCommit
from eyamlgpg.repo.worktree import GitWorktree
from eyamlgpg.trees.limits import bounded, bounded_size
from eyamlgpg.trees.walk import list_files


@dataclass(frozen=True, slots=True)
class _Listed:
    """What stands in a folder; paths are from the root of the tree."""

    files: tuple[str, ...]
    links: tuple[str, ...]
    """Those that lead to no folder."""
    folders: tuple[str, ...]
    """Those that lead to a folder, or seem to where one is closed to us."""
    closed: tuple[tuple[str, str], ...]
    """Folders that may not be looked into, each with the system's reason."""
    repositories: tuple[str, ...] = ()
    """Submodules and other repositories inside."""


class WorkingTree:
    """`operations.ports.Tree` on the disk; `close` ends the process that it asks git through."""

    def __init__(self, root: Path, git: Git | None, paths: Sequence[str] = ()) -> None:
        """`paths`, files and folders from the root, are what to look at; none, or the root, means the whole tree."""
        self.root = root
        self._git = git
        self._paths = tuple(paths) if "." not in paths else ()
        self._blobs = None if git is None else Blobs(git)
        self._last = None if git is None or self._blobs is None else LastCommit(git, self._blobs)

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

    def repositories(self) -> tuple[str, ...]:
        """Submodules, checked out or not, and other repositories in the folders that were asked for."""
        there = (place for listed in self._asked for place in listed.repositories)
        return tuple(dict.fromkeys((*there, *filter(self.covers, self._submodules))))

    def is_named(self, path: str) -> bool:
        """Whether the user named this very file."""
        return path in self._paths

    def files(self) -> tuple[str, ...]:
        """Every file of the tree; links and submodules are passed over, and what a sparse checkout leaves out.

        Except for `.eyamlgpg`, which says how to look at all the others.
        """
        ours = (path for path in self._left_out if path.startswith(f"{links.SETTINGS}/"))
        return tuple(dict.fromkeys((*self._all.files, *ours)))

    def links(self) -> Mapping[str, str | None]:
        """Every link that leads to no folder, and the file that it leads to, or led to in the last commit."""
        return self._led

    def folder_links(self) -> Mapping[str, str]:
        """Every link to a folder of the tree, and that folder."""
        root = os.path.realpath(self.root)
        ends = ((link, Path(os.path.realpath(self.root / link))) for link in self._all.folders)
        return {
            link: end.relative_to(root).as_posix()
            for link, end in ends
            if end.is_relative_to(root) and end != Path(root)
        }

    def was_at(self, path: str) -> str | None:
        """Where a path led in the last commit; None without git."""
        return None if self._last is None else self._last.place(path)

    def has(self, path: str) -> bool:
        """Whether there is such a file, or a link in its place; also one that a sparse checkout leaves out."""
        return links.is_there(self.root, path) or path in self._left_out

    def is_loose(self, path: str) -> bool:  # noqa: ARG002 - the same for every path
        """No file is: the working tree is what is looked at."""
        return False

    def uncounted(self) -> tuple[str, ...]:
        """None: the working tree is what is looked at."""
        return ()

    def read(self, path: str, *, limit: int | None = None) -> bytes:
        """The content now, that of the index for what a sparse checkout leaves out.

        FileProblem where it cannot be read, is not a plain file, has more than `limit` bytes, or is a link that is not
        followed.
        """
        if self._blobs is not None and not links.is_there(self.root, path) and path in self._left_out:
            return bounded(path, self._blobs.read(self._left_out[path]), limit)
        if limit is not None:
            bounded_size(path, _size(links.real(self.root, path)), limit)
        return bounded(path, links.content(self.root, path), limit)

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
    def _changes(self) -> dict[str, FileChange]:
        return {} if self._last is None else {change.path: change for change in changed(self._last)}

    @cached_property
    def _removed(self) -> dict[str, str | None]:
        if self._last is None or not self._last.exists:
            return {}
        return removed(self._last, "HEAD")

    @cached_property
    def _left_out(self) -> dict[str, str]:
        """The objects of tracked files that a sparse checkout keeps out of the working tree (skip-worktree)."""
        told = (entry[2:].partition("\t") for entry in self._entries if entry.startswith("S "))
        return {path: stage.split(" ")[1] for stage, _, path in told if stage.startswith(REGULAR)}

    @cached_property
    def _submodules(self) -> tuple[str, ...]:
        """Those of the index, whatever stands in their place."""
        told = (entry[2:].partition("\t") for entry in self._entries)
        return tuple(path for stage, _, path in told if stage.startswith(SUBMODULE))

    @cached_property
    def _entries(self) -> tuple[str, ...]:
        """What the index says of each file: a letter, its mode, object and stage, and the path."""
        if self._git is None:
            return ()
        return tuple(os.fsdecode(entry) for entry in self._git.run("ls-files", "-t", "-s", "-z").split(b"\0"))

    @cached_property
    def _led(self) -> dict[str, str | None]:
        # A link that was named may be ignored by git.
        named = (path for path in self._paths if (self.root / path).is_symlink() and not (self.root / path).is_dir())
        found = dict.fromkeys((*self._all.links, *named))
        return {link: self._place(Path(os.path.realpath(self.root / link))) for link in found}

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
            walked = list_files(self.root / folder)
            return self._listed(replace(walked, files=tuple(sorted(walked.files))))
        if folder != "." and find_repository(self.root / folder, self._git.environ) != self._git:
            raise UsageError(f"{folder}: is a repository of its own; one tree is checked at a time")
        return self._listed(GitWorktree(self.root, self._git.environ).listing(self.root / folder))

    def _listed(self, listing: Listing) -> _Listed:
        files: list[str] = []
        linked: list[str] = []
        folders: list[str] = []
        for path in listing.files:
            if not path.is_symlink():
                files.append(path.relative_to(self.root).as_posix())
            elif not os.path.isdir(path):  # noqa: PTH112 - answered with no behind a folder that is closed to us
                linked.append(path.relative_to(self.root).as_posix())
            else:
                folders.append(path.relative_to(self.root).as_posix())
        reasons = ((folder.relative_to(self.root).as_posix(), reason) for folder, reason in listing.unreadable)
        inside = tuple(place.relative_to(self.root).as_posix() for place in listing.repositories)
        return _Listed(tuple(files), tuple(linked), tuple(folders), tuple(reasons), inside)


def _size(path: Path) -> int:
    """Of what can be looked at; what cannot is told when it is read."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
