"""The tree as the next commit will have it, read from git's index and not from the working tree.

Read by git itself, so that the index is the one that git means: `commit -a` and `commit -p` name another one in
GIT_INDEX_FILE, paths that a partial commit leaves out are not in it, and what is staged in parts is read as staged.
"""

import os
import posixpath
from collections.abc import Sequence
from functools import cached_property

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo import links
from eyamlgpg.repo.blobs import Blobs
from eyamlgpg.repo.changes import LINK, REGULAR, Change, removed, staged
from eyamlgpg.repo.git import Git


class IndexTree:
    """`operations.ports.Tree` over git's index; `close` ends the process that it reads through."""

    def __init__(self, git: Git, paths: Sequence[str] = ()) -> None:
        """`paths`, files and folders from the root, are what to look at of what is staged; none means all of it."""
        self.root = git.root
        self._within = tuple(paths) if "." not in paths else ()
        self._git = git
        self._blobs = Blobs(git)

    def chosen(self) -> tuple[str, ...]:
        """The files that the next commit adds, changes or renames."""
        return tuple(path for path in self._changes if self.covers(path))

    def is_named(self, path: str) -> bool:
        """Whether the user named this very file."""
        return path in self._within

    def every(self) -> tuple[str, ...]:
        """Every file of the index; unmerged ones are left out, as git commits none of them."""
        return tuple(self._objects)

    def has(self, path: str) -> bool:
        """Whether the next commit has the file, or a link in its place, or the working tree has it untracked."""
        return path in self._objects or self._link(path) is not None or self._is_loose(path)

    def read(self, path: str) -> bytes:
        """The content as staged; that of the working tree for a file that is not tracked.

        FileProblem where there is none, or a link that leads out of the tree or stands in `.eyamlgpg`.
        """
        if path in self._objects:
            return self._blobs.read(self._objects[path])
        link = self._link(path)
        if link is not None:
            return self._followed(link)
        try:
            if not self._is_loose(path):
                raise FileProblem(f"{path}: cannot be read: the next commit does not have it")
            return links.real(self.root, path).read_bytes()
        except OSError as error:
            raise FileProblem(f"{path}: cannot be read: {error.strerror}") from None

    def before(self, path: str) -> bytes | None:
        """What the last commit has in this file's place, under its old name; None for a new or unchanged file."""
        change = self._changes.get(path)
        old = self._removed.get(path) if change is None else change.old
        return None if old is None else self._blobs.read(old)

    def removed(self) -> tuple[str, ...]:
        """The files of the last commit that the next one does not have under their names."""
        return tuple(self._removed)

    def covers(self, path: str) -> bool:
        """Whether a path is among what was asked for, or in a folder that was."""
        return not self._within or any(path == one or path.startswith(f"{one}/") for one in self._within)

    def close(self) -> None:
        """End the process behind."""
        self._blobs.close()

    def _is_loose(self, path: str) -> bool:
        """Whether the working tree alone has it; what the next commit takes out of git is not looked at any more."""
        return path not in self._removed and links.is_there(self.root, path)

    def _link(self, path: str) -> str | None:
        """The staged link that stands in a file's place, or in that of a folder around it."""
        parts = path.split("/")
        ways = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
        return next((way for way in ways if way in self._entries and self._entries[way][0] == LINK), None)

    def _followed(self, link: str) -> bytes:
        """What a staged link leads to in the index, one step, as recipients files that are shared are linked."""
        if link.split("/", maxsplit=1)[0] == links.SETTINGS:
            raise FileProblem(f"{link}: is a symbolic link, which is not followed here", "put the file itself there")
        target = os.fsdecode(self._blobs.read(self._entries[link][1]))
        place = posixpath.normpath(posixpath.join(posixpath.dirname(link), target))
        if place.startswith(("/", "../")):
            raise links.leads_out(link)
        if place not in self._objects:
            raise FileProblem(f"{link}: is a symbolic link to {place}, which is no file of the next commit")
        return self._blobs.read(self._objects[place])

    @cached_property
    def _removed(self) -> dict[str, str]:
        """The files of the last commit that the next one does not have, and their objects."""
        return removed(self._git, "--cached")

    @cached_property
    def _changes(self) -> dict[str, Change]:
        return {change.path: change for change in staged(self._git)}

    @cached_property
    def _objects(self) -> dict[str, str]:
        return {path: object_id for path, (mode, object_id) in self._entries.items() if mode in REGULAR}

    @cached_property
    def _entries(self) -> dict[str, tuple[str, str]]:
        """The mode and the object of each path."""
        entries = (os.fsdecode(entry) for entry in self._git.run("ls-files", "-s", "-z").split(b"\0") if entry)
        split = (entry.partition("\t") for entry in entries)
        staged_as = ((*stage.split(" "), path) for stage, _, path in split)
        return {path: (mode, object_id) for mode, object_id, stage, path in staged_as if stage == "0"}
