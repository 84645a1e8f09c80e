"""The tree as the next commit will have it, read from git's index and not from the working tree.

Read by git itself, so that the index is the one that git means: `commit -a` and `commit -p` name another one in
GIT_INDEX_FILE, paths that a partial commit leaves out are not in it, and what is staged in parts is read as staged.
"""

import os
from collections.abc import Sequence
from functools import cached_property

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo.blobs import Blobs
from eyamlgpg.repo.changes import REGULAR, Change, staged
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
        return tuple(path for path in self._changes if not self._within or self._is_within(path))

    def is_named(self, path: str) -> bool:
        """Whether the user named this very file."""
        return path in self._within

    def every(self) -> tuple[str, ...]:
        """Every file of the index; unmerged ones are left out, as git commits none of them."""
        return tuple(self._objects)

    def has(self, path: str) -> bool:
        """Whether the next commit has the file, or the working tree has it untracked."""
        return path in self._objects or (self.root / path).is_file()

    def read(self, path: str) -> bytes:
        """The content as staged; that of the working tree for a file that is not tracked."""
        if path in self._objects:
            return self._blobs.read(self._objects[path])
        try:
            return (self.root / path).read_bytes()
        except OSError as error:
            raise FileProblem(f"{path}: cannot be read: {error.strerror}") from None

    def before(self, path: str) -> bytes | None:
        """What the last commit has in this file's place, under its old name; None for a new or unchanged file."""
        change = self._changes.get(path)
        return None if change is None or change.old is None else self._blobs.read(change.old)

    def close(self) -> None:
        """End the process behind."""
        self._blobs.close()

    def _is_within(self, path: str) -> bool:
        return any(path == one or path.startswith(f"{one}/") for one in self._within)

    @cached_property
    def _changes(self) -> dict[str, Change]:
        return {change.path: change for change in staged(self._git)}

    @cached_property
    def _objects(self) -> dict[str, str]:
        entries = (os.fsdecode(entry) for entry in self._git.run("ls-files", "-s", "-z").split(b"\0") if entry)
        split = (entry.partition("\t") for entry in entries)
        staged_as = ((*stage.split(" "), path) for stage, _, path in split)
        return {path: object_id for mode, object_id, stage, path in staged_as if stage == "0" and mode in REGULAR}
