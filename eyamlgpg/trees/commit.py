"""The tree as a commit holds it, read from git's objects alone: neither the index nor the working tree counts."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import PurePosixPath

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo import links
from eyamlgpg.repo.blobs import Blobs
from eyamlgpg.repo.commit import LINK, Commit, NamedCommit
from eyamlgpg.repo.git import Git
from eyamlgpg.trees.limits import bounded


class CommitTree:
    """`operations.ports.Tree` and `Scope` over one commit; `close` ends the process that it reads through."""

    def __init__(self, git: Git, commit: NamedCommit, paths: Sequence[str] = ()) -> None:
        """`paths`, files and folders from the root, are what to look at; none, or the root, means the whole tree."""
        self.root = git.root
        self.commit = commit
        self._paths = tuple(paths) if "." not in paths else ()
        self._blobs = Blobs(git)
        self._content = Commit(git, self._blobs, commit.commit_id)
        self._parent = Commit(git, self._blobs, f"{commit.commit_id}^")

    @property
    def is_whole(self) -> bool:
        """Whether all of the tree is to be looked at."""
        return not self._paths

    def chosen(self) -> tuple[str, ...]:
        """The files and links that were named, and those of the folders that were named."""
        return tuple(path for path in self._content.entries if self.covers(path))

    def closed(self) -> Mapping[str, str]:
        """None: a commit has no folders that could be closed."""
        return {}

    def repositories(self) -> tuple[str, ...]:
        """Submodules in the folders that were asked for."""
        return tuple(path for path in self._content.submodules if self.covers(path))

    def is_named(self, path: str) -> bool:
        """Whether the user named this very file."""
        return path in self._paths

    def covers(self, path: str) -> bool:
        """Whether a path is among what was asked for, or in a folder that was."""
        return not self._paths or any(path == one or path.startswith(f"{one}/") for one in self._paths)

    def files(self) -> tuple[str, ...]:
        """Every file of the commit."""
        return tuple(path for path, (mode, _) in self._content.entries.items() if mode != LINK)

    def links(self) -> Mapping[str, str | None]:
        """Every link that leads to no folder, and the file of the commit that it leads to."""
        return {
            link: place if place in self._content.entries else None
            for link, place in self._destinations.items()
            if link not in self.folder_links()
        }

    def folder_links(self) -> Mapping[str, str]:
        """Every link to a folder of the tree, and that folder."""
        folders = self._content.folders if self._destinations else frozenset()
        return {link: place for link, place in self._destinations.items() if place is not None and place in folders}

    def was_at(self, path: str) -> str | None:
        """Where a path led in the first parent."""
        return self._parent.place(path)

    def has(self, path: str) -> bool:
        """Whether the commit has the file, or a link in its place or in that of a folder around it."""
        return path in self._content.entries or self._link(path) is not None

    def knows(self, path: str) -> bool:
        """Whether the commit has a file, a link or a folder under this name."""
        return path == "." or path in self._content.entries or path in self._content.folders or self.has(path)

    def place(self, path: str) -> str | None:
        """Where a path leads in the commit, with `/` behind a folder; None for nowhere."""
        return self._content.place(path)

    def read(self, path: str, *, limit: int | None = None) -> bytes:
        """The content in the commit, links followed inside of it.

        FileProblem where there is none, or one of more than `limit` bytes, or a link that leads out of the tree or
        stands in `.eyamlgpg`.
        """
        link = self._link(path)
        if link is not None and link.split("/", maxsplit=1)[0] == links.SETTINGS:
            raise FileProblem(f"{link}: is a symbolic link, which is not followed here", "put the file itself there")
        place = links.destination(path, self._content.written)
        if place is None:
            raise links.leads_out(path)
        mode, object_id = self._content.entries.get(place, (LINK, ""))
        if mode == LINK:
            raise FileProblem(f"{path}: cannot be read: commit {self.commit.commit_id[:9]} does not have it")
        return bounded(path, self._blobs.read(object_id), limit)

    def close(self) -> None:
        """End the process behind."""
        self._blobs.close()

    def _link(self, path: str) -> str | None:
        """The first link on the way to a path, or in its place."""
        ways = [path, *(str(folder) for folder in PurePosixPath(path).parents)]
        found = (way for way in reversed(ways) if self._content.entries.get(way, ("", ""))[0] == LINK)
        return next(found, None)

    @cached_property
    def _destinations(self) -> dict[str, str | None]:
        linked = (path for path, (mode, _) in self._content.entries.items() if mode == LINK)
        return {link: links.destination(link, self._content.written) for link in linked}
