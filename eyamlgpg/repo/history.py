"""All versions of all files over all refs, read once, and what this clone does not have of them.

Git does the work: `git log --raw` tells what every commit changed, renames included, and `git cat-file --batch` gives
the content of each blob once. A merge is told against its first parent; what came from another parent is a change
there, and that parent's own history tells where it came from.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.errors import FileProblem
from eyamlgpg.model.history import Commit, FileChange
from eyamlgpg.model.tree import Listing
from eyamlgpg.repo import contents, log, worktree
from eyamlgpg.repo.git import Git, require_repository

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

OFFLINE = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1"}
"""A partial clone must not fetch what it lacks while somebody only looks; git 2.44 and later knows the second one."""


@dataclass(frozen=True, slots=True)
class History:
    """What one repository holds, at every commit, in its index and in its working tree."""

    git: Git
    commits: Sequence[Commit]
    """All that a ref or HEAD reaches, parents before children, else by date."""
    head: int | None
    """The place of HEAD's commit among them; None before the first commit."""
    staged: tuple[FileChange, ...]
    """What the index changes against HEAD."""
    gaps: tuple[str, ...]
    """Why something may be missing, each as a sentence with what to do."""
    absent: frozenset[str]
    """Objects that a partial clone does not have."""

    def contents(
        self, object_ids: Iterable[str], *, wanted: contents.Wanted | None = None
    ) -> Iterator[tuple[str, bytes | None]]:
        """Each of these blobs once, in order, held one at a time; None for one that is missing or too large.

        `wanted` is shown each content with a line end behind it; those that it refuses are not given.
        """
        asked = list(dict.fromkeys(object_ids))
        yield from ((one, None) for one in asked if one in self.absent)
        yield from contents.read(self.git, [one for one in asked if one not in self.absent], wanted)

    def working_files(self) -> Iterator[tuple[str, bytes | None]]:
        """Tracked files and untracked ones that are not ignored, as they stand on the disk; None for unreadable ones.

        Links are left out. A tracked file that a sparse checkout leaves out is not told, see `left_out`.
        """
        listing = self._listing()
        for path in listing.files:
            if not path.is_symlink():
                yield path.relative_to(self.git.root).as_posix(), _on_disk(path)
        yield from ((folder.relative_to(self.git.root).as_posix(), None) for folder, _ in listing.unreadable)

    def repositories(self) -> Sequence[str]:
        """Submodules and other repositories inside, whose histories are their own."""
        return [path.relative_to(self.git.root).as_posix() for path in self._listing().repositories]

    def left_out(self) -> frozenset[str]:
        """Tracked files that a sparse checkout leaves out: in the working tree they are as in the index."""
        told = self.git.run("ls-files", "-t", "-z").split(b"\0")
        return frozenset(os.fsdecode(entry[2:]) for entry in told if entry.startswith(b"S "))

    def resolve(self, revision: str) -> int:
        """The place of the commit that a revision names; FileProblem for one that names none of this history."""
        named = self.git.asked("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        places = {commit.commit_id: place for place, commit in enumerate(self.commits)}
        if named is None or named not in places:
            what = revision or "an empty revision"
            raise FileProblem(f"{what}: names no commit that a branch or tag reaches", *_how_to_name(revision))
        return places[named]

    def _listing(self) -> Listing:
        return worktree.GitWorktree(self.git.root, self.git.environ).listing(self.git.root)


def read_history(folder: Path, environ: Mapping[str, str]) -> History:
    """The history of the repository around a folder; EyamlgpgError outside of one, FileProblem where git fails."""
    found = require_repository(folder, environ)
    git = Git(found.root, {**found.environ, **OFFLINE})
    partial = _is_partial(git)
    absent = _absent(git) if partial else frozenset()
    commits = tuple(log.read(git, partial=partial))
    head_id = git.asked("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    places = {commit.commit_id: place for place, commit in enumerate(commits)}
    return History(
        git,
        commits,
        places.get(head_id or ""),
        log.staged(git, partial=partial),
        tuple(_gaps(git, absent, partial=partial)),
        absent,
    )


def _how_to_name(revision: str) -> Iterator[str]:
    if _DAY.fullmatch(revision):
        yield f"the last commit before that day: git rev-list -1 --before={revision} HEAD"
    yield "see: git log --all"


def _on_disk(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.stat().st_size <= contents.LARGEST else None
    except OSError:
        return None


def _is_partial(git: Git) -> bool:
    return git.asked("config", "--get-regexp", r"^(extensions\.partialclone|remote\..*\.promisor)$") is not None


def _absent(git: Git) -> frozenset[str]:
    told = git.run("rev-list", "--all", "--objects", "--no-object-names", "--missing=print")
    return frozenset(line[1:].decode("ascii") for line in told.split(b"\n") if line.startswith(b"?"))


def _gaps(git: Git, absent: frozenset[str], *, partial: bool) -> Iterator[str]:
    if git.asked("rev-parse", "--is-shallow-repository") == "true":
        yield "this clone is shallow, so older commits are missing; get them with: git fetch --unshallow"
    if partial:
        yield (
            f"this clone is partial: {len(absent):,} of its objects are missing, and renames of changed files are not"
            " followed; get them with: git fetch --refetch --no-filter"
        )
