"""The tree as the next commit will have it, read from git's index and not from the working tree.

Read by git itself, so that the index is the one that git means: `commit -a` and `commit -p` name another one in
GIT_INDEX_FILE, paths that a partial commit leaves out are not in it, and what is staged in parts is read as staged.
"""

import os
from collections.abc import Mapping, Sequence
from functools import cached_property

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo import links
from eyamlgpg.repo.blobs import Blobs
from eyamlgpg.repo.changes import OF_THE_TREE, FileChange, removed, staged, staged_submodules
from eyamlgpg.repo.commit import LINK, folders_around
from eyamlgpg.repo.git import Git
from eyamlgpg.repo.last_commit import LastCommit
from eyamlgpg.trees.limits import bounded
from eyamlgpg.trees.walk import list_files

_FILE = "100"
"""How the modes of files begin, executable or not."""


class IndexTree:
    """`operations.ports.Tree` over git's index; `close` ends the process that it reads through."""

    def __init__(self, git: Git, paths: Sequence[str] = ()) -> None:
        """`paths`, files and folders from the root, are what to look at of what is staged; none means all of it."""
        self.root = git.root
        self._within = tuple(paths) if "." not in paths else ()
        self._git = git
        self._blobs = Blobs(git)
        self._last = LastCommit(git, self._blobs)

    is_whole = False
    """What is staged is never all of the tree."""

    def chosen(self) -> tuple[str, ...]:
        """The files that the next commit adds, changes or renames, and the links to files that it turns."""
        there = (path for path in self._changes if path in self._objects or path in self._led)
        return (*(path for path in there if self.covers(path)), *self._turned)

    def closed(self) -> Mapping[str, str]:
        """None: the index has no folders that could be closed."""
        return {}

    def repositories(self) -> tuple[str, ...]:
        """The submodules that the next commit adds or changes, whose commits are not looked into."""
        return tuple(path for path in staged_submodules(self._last) if self.covers(path))

    def is_named(self, path: str) -> bool:
        """Whether the user named this very file."""
        return path in self._within

    def files(self) -> tuple[str, ...]:
        """Every file of the index; unmerged ones are left out, as git commits none of them."""
        return tuple(self._objects)

    def links(self) -> Mapping[str, str | None]:
        """Every link that leads to no folder, and the file that it leads to, or led to in the last commit."""
        return self._led

    def folder_links(self) -> Mapping[str, str]:
        """Every link to a folder of the tree, and that folder."""
        return self._folder_led

    def was_at(self, path: str) -> str | None:
        """Where a path led in the last commit."""
        return self._last.place(path)

    def has(self, path: str) -> bool:
        """Whether the next commit has the file, or a link in its place, or the working tree has it untracked."""
        return self._is_staged(path) or self.is_loose(path)

    def is_loose(self, path: str) -> bool:
        """Whether the working tree alone has a file.

        Never one of `.eyamlgpg`, which says what a check passes over and so counts as staged, and never what the next
        commit takes out of git.
        """
        is_ours = path.startswith(f"{links.SETTINGS}/")
        if is_ours or self._is_staged(path) or path in self._removed:
            return False
        return links.is_there(self.root, path)

    def uncounted(self) -> tuple[str, ...]:
        """The files of `.eyamlgpg` that stand in the working tree alone, and count for nothing."""
        below = (path.relative_to(self.root).as_posix() for path in list_files(self.root / links.SETTINGS).files)
        return tuple(sorted(path for path in below if not self._is_staged(path)))

    def knows(self, path: str) -> bool:
        """Whether the next or the last commit has a file, a link or a folder under this name."""
        return path == "." or any(
            one == path or one.startswith(f"{path}/") for one in (*self._objects, *self._written, *self._removed)
        )

    def read(self, path: str, *, limit: int | None = None) -> bytes:
        """The content as staged; that of the working tree for a file that is not tracked.

        FileProblem where there is none, or one of more than `limit` bytes, or a link that leads out of the tree or
        stands in `.eyamlgpg`.
        """
        return bounded(path, self._read(path), limit)

    def _read(self, path: str) -> bytes:
        if path in self._objects:
            return self._blobs.read(self._objects[path])
        link = self._link(path)
        if link is not None:
            return self._followed(path, link)
        if not self.is_loose(path):
            raise FileProblem(f"{path}: cannot be read: the next commit does not have it")
        return links.content(self.root, path)

    def before(self, path: str) -> bytes | None:
        """What the last commit has in this file's place, under its old name; None for a new or unchanged file.

        A link has changed, too, where another one on its way or the file at its end has.
        """
        change = self._changes.get(path)
        if change is not None:
            old = change.old
        else:
            old = self._last.followed(path) if path in self._turned else self._removed.get(path)
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

    def _is_staged(self, path: str) -> bool:
        return path in self._objects or self._link(path) is not None

    def _link(self, path: str) -> str | None:
        """The staged link that stands in a file's place, or in that of a folder around it."""
        parts = path.split("/")
        ways = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
        return next((way for way in ways if way in self._written), None)

    def _followed(self, path: str, link: str) -> bytes:
        """What a path with a staged link on its way leads to in the index, as shared recipients files are linked."""
        if link.split("/", maxsplit=1)[0] == links.SETTINGS:
            raise FileProblem(f"{link}: is a symbolic link, which is not followed here", "put the file itself there")
        place = links.destination(path, self._written.get)
        if place is None:
            raise links.leads_out(link)
        if place not in self._objects:
            raise FileProblem(f"{link}: is a symbolic link to {place}, which is no file of the next commit")
        return self._blobs.read(self._objects[place])

    @cached_property
    def _removed(self) -> dict[str, str | None]:
        """What the last commit has and the next one does not, and the objects of files."""
        return removed(self._last, "--cached")

    @cached_property
    def _turned(self) -> tuple[str, ...]:
        """The links that are as they were, and lead to something else, or to something that changes."""
        return tuple(
            link
            for link in self._led
            if link not in self._changes
            and any(one in self._changes and self._bears_upon(one, link) for one in self._way(link))
        )

    def _bears_upon(self, changed: str, link: str) -> bool:
        """Whether a change on the way of a link is asked for; the file at its end is looked at by itself."""
        return self.covers(link) or (changed in self._written and self.covers(changed))

    def _way(self, link: str) -> list[str]:
        """The links that are passed from one on, and the place where they lead."""
        passed: list[str] = []

        def target(path: str) -> str | None:
            passed.extend([path] if path in self._written else [])
            return self._written.get(path)

        place = links.destination(link, target)
        return passed if place is None else [*passed, place]

    @cached_property
    def _led(self) -> dict[str, str | None]:
        places = self._destinations.items()
        return {
            link: place if self._knows(place) else None for link, place in places if link not in self.folder_links()
        }

    @cached_property
    def _folder_led(self) -> dict[str, str]:
        unknown = {place for place in self._destinations.values() if place not in self._objects}
        folders = {folder for path in self._objects for folder in folders_around(path)} & unknown if unknown else ()
        return {link: place for link, place in self._destinations.items() if place is not None and place in folders}

    @cached_property
    def _destinations(self) -> dict[str, str | None]:
        return {link: links.destination(link, self._written.get) for link in self._written}

    def _knows(self, place: str | None) -> bool:
        return place in self._objects or place in self._removed

    @cached_property
    def _written(self) -> dict[str, str]:
        """What is written in each link."""
        return {path: os.fsdecode(self._blobs.read(object_id)) for path, object_id in self._entries[LINK].items()}

    @cached_property
    def _changes(self) -> dict[str, FileChange]:
        return {change.path: change for change in staged(self._last)}

    @property
    def _objects(self) -> dict[str, str]:
        return self._entries[_FILE]

    @cached_property
    def _entries(self) -> dict[str, dict[str, str]]:
        """The objects of files and those of links, by path."""
        found: dict[str, dict[str, str]] = {_FILE: {}, LINK: {}}
        for entry in self._git.run("ls-files", "-s", "-z").split(b"\0")[:-1]:
            stage, _, path = os.fsdecode(entry).partition("\t")
            mode, object_id, number = stage.split(" ")
            if number == "0" and mode in OF_THE_TREE:
                found[LINK if mode == LINK else _FILE][path] = object_id
        return found
