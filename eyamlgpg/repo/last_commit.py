"""The last commit of a repository: what stood at a path, links followed in the commit itself."""

import os
from collections.abc import Iterator
from functools import cached_property

from eyamlgpg.repo import links
from eyamlgpg.repo.blobs import Blobs
from eyamlgpg.repo.git import Git

LINK = "120000"
"""The mode of links."""


class LastCommit:
    """What HEAD holds, by paths from the root; listed when a link is first asked about."""

    def __init__(self, git: Git, blobs: Blobs) -> None:
        self.git = git
        self._blobs = blobs

    @cached_property
    def exists(self) -> bool:
        """Whether there is one."""
        return self.git.asked("rev-parse", "--verify", "-q", "HEAD^{commit}", "--") is not None

    def followed(self, path: str) -> str | None:
        """The object of the file that a path led to; None for a link that led out, nowhere or in a circle."""
        place = links.destination(path, self._written)
        mode, object_id = self._entries.get(place or "", (LINK, ""))
        return None if mode == LINK else object_id

    def place(self, path: str) -> str | None:
        """Where a path led, links followed, with `/` behind a folder; None for what was not there."""
        place = links.destination(path, self._written) if self.exists else None
        if place is None or place in self._entries:
            return place
        return f"{place}/" if place in self._folders else None

    def _written(self, path: str) -> str | None:
        mode, object_id = self._entries.get(path, ("", ""))
        return os.fsdecode(self._blobs.read(object_id)) if mode == LINK else None

    @cached_property
    def _folders(self) -> frozenset[str]:
        return frozenset(folder for path in self._entries for folder in folders_around(path))

    @cached_property
    def _entries(self) -> dict[str, tuple[str, str]]:
        """Mode and object of each file and link, by path."""
        found = {}
        for entry in self.git.run("ls-tree", "-r", "-z", "--full-tree", "HEAD").split(b"\0")[:-1]:
            stage, _, path = os.fsdecode(entry).partition("\t")
            mode, kind, object_id = stage.split(" ")
            if kind == "blob":
                found[path] = (mode, object_id)
        return found


def folders_around(path: str) -> Iterator[str]:
    """The folders that a path stands in, the nearest first."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
