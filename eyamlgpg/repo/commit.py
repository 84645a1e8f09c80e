"""What a commit holds: its files and links, and where a path leads, links followed in the commit itself."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo import links
from eyamlgpg.repo.blobs import Blobs
from eyamlgpg.repo.git import Git

LINK = "120000"
"""The mode of links."""


@dataclass(frozen=True, slots=True)
class NamedCommit:
    """A commit that a revision names."""

    commit_id: str
    date: str
    """The author's date, ISO 8601 with its offset."""
    committed: str
    """The committer's date, in the same form."""


class Commit:
    """What one commit holds, by paths from the root; listed when first asked about."""

    def __init__(self, git: Git, blobs: Blobs, revision: str) -> None:
        """`revision`: HEAD, or the id of a commit, which may have `^` behind it; nothing that a user wrote."""
        self.git = git
        self._blobs = blobs
        self._revision = revision

    @cached_property
    def exists(self) -> bool:
        """Whether there is one."""
        return self.git.asked("rev-parse", "--verify", "-q", f"{self._revision}^{{commit}}", "--") is not None

    def followed(self, path: str) -> str | None:
        """The object of the file that a path led to; None for a link that led out, nowhere or in a circle."""
        place = links.destination(path, self.written)
        mode, object_id = self.entries.get(place or "", (LINK, ""))
        return None if mode == LINK else object_id

    def place(self, path: str) -> str | None:
        """Where a path led, links followed, with `/` behind a folder; None for what was not there."""
        place = links.destination(path, self.written) if self.exists else None
        if place is None or place in self.entries:
            return place
        return f"{place}/" if place in self.folders else None

    def written(self, path: str) -> str | None:
        """What is written in a link; None for what is not a link."""
        mode, object_id = self.entries.get(path, ("", ""))
        return os.fsdecode(self._blobs.read(object_id)) if mode == LINK else None

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that holds a file or a link."""
        return frozenset(folder for path in self.entries for folder in folders_around(path))

    @property
    def entries(self) -> Mapping[str, tuple[str, str]]:
        """Mode and object of each file and link, by path."""
        return self._listed[0]

    @property
    def submodules(self) -> tuple[str, ...]:
        """The folders that are repositories of their own."""
        return self._listed[1]

    @cached_property
    def _listed(self) -> tuple[dict[str, tuple[str, str]], tuple[str, ...]]:
        found, submodules = {}, []
        for entry in self.git.run("ls-tree", "-r", "-z", "--full-tree", self._revision).split(b"\0")[:-1]:
            stage, _, path = os.fsdecode(entry).partition("\t")
            mode, kind, object_id = stage.split(" ")
            if kind == "blob":
                found[path] = (mode, object_id)
            elif kind == "commit":
                submodules.append(path)
        return found, tuple(submodules)


def find_commit(git: Git, revision: str) -> NamedCommit | None:
    """The commit that a revision names, by git's own rules; None where it names none."""
    named = git.asked("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if named is None:
        return None
    told = git.run("show", "--no-patch", "--no-color", "--no-show-signature", "--format=%H%x00%aI%x00%cI", named, "--")
    commit_id, date, committed = told.decode("ascii").strip().split("\0")
    return NamedCommit(commit_id, date, committed)


def require_commit(git: Git, revision: str) -> NamedCommit:
    """The same; FileProblem where it names none."""
    found = find_commit(git, revision)
    if found is None:
        raise FileProblem(f"{revision}: names no commit of this repository", "see: git log --all --oneline")
    return found


def folders_around(path: str) -> Iterator[str]:
    """The folders that a path stands in, the nearest first."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
