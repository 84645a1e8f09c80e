"""The last commit of the default branch: what everybody has agreed on, as far as git can tell."""

from collections.abc import Mapping
from functools import cached_property

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo.blobs import Blobs
from eyamlgpg.repo.commit import Commit, find_commit
from eyamlgpg.repo.git import Git

REMOTES, HEADS, TAGS = "refs/remotes/", "refs/heads/", "refs/tags/"
CANDIDATES = (
    f"{REMOTES}origin/HEAD",
    f"{REMOTES}origin/main",
    f"{REMOTES}origin/master",
    f"{HEADS}main",
    f"{HEADS}master",
)
"""The first that is there; what others pushed goes before what is only here."""


def default_branch(git: Git) -> tuple[str, str] | None:
    """The full name of the default branch, such as `refs/remotes/origin/main`, and the id of its last commit.

    None where no usual one is there.
    """
    told = git.run("for-each-ref", "--format=%(objectname) %(refname) %(symref)", *CANDIDATES)
    found: dict[str, tuple[str, str]] = {}
    for line in told.decode("utf-8", "surrogateescape").splitlines():
        commit_id, name, leads_to = line.split(" ", 2)
        found[name] = (leads_to or name, commit_id)
    return next((found[one] for one in CANDIDATES if one in found), None)


class AgreedCommit:
    """A commit whose files count as agreed on; `close` ends the process that it is read through."""

    def __init__(self, git: Git, name: str, commit_id: str) -> None:
        self.name = name
        self._git = git
        self._blobs = Blobs(git)
        self._commit_id = commit_id

    def read(self, path: str) -> bytes | None:
        """What a file held; None where the commit has no such file, or a link in its place."""
        return self._content(self._listed, path)

    def at_parting(self, path: str) -> bytes | None:
        """The same at the commit where the branch that is checked out left; where there is none, at this one."""
        return self._content(self._parting, path)

    def policy(self, path: str) -> bytes | None:
        """One file, without a listing of all others."""
        told = self._git.run("ls-tree", "-z", "--full-tree", self._commit_id, "--", path)
        kind = told.partition(b"\t")[0].split(b" ")
        return self._blobs.read(kind[2].decode("ascii")) if len(kind) == 3 and kind[0].startswith(b"100") else None

    def close(self) -> None:
        """End the process behind."""
        self._blobs.close()

    def _content(self, listed: Mapping[str, tuple[str, str]], path: str) -> bytes | None:
        mode, object_id = listed.get(path, ("", ""))
        return self._blobs.read(object_id) if mode.startswith("100") else None

    @cached_property
    def _listed(self) -> Mapping[str, tuple[str, str]]:
        return Commit(self._git, self._blobs, self._commit_id).entries

    @cached_property
    def _parting(self) -> Mapping[str, tuple[str, str]]:
        base = self._git.asked("merge-base", "HEAD", self._commit_id)
        return self._listed if base is None else Commit(self._git, self._blobs, base).entries


def agreed_commit(git: Git, named: str | None) -> AgreedCommit | None:
    """The commit that was named, or the last one of the default branch; None where there is none.

    FileProblem for a name that means no commit. A name means a branch before anything else: whoever may push could make
    a tag `origin/main`, which git would take for it, also where the branch was not fetched. A tag is named in full.
    """
    if named is None:
        found = default_branch(git)
        return None if found is None else AgreedCommit(git, _short(found[0]), found[1])
    for name in (f"{REMOTES}{named}", f"{HEADS}{named}", f"{TAGS}{named}", named) if named else ():
        commit = find_commit(git, name)
        if commit is None:
            continue
        if name.startswith(TAGS) and name != named:
            raise FileProblem(
                f"{named}: is a tag here, and not a branch, and anybody who may push can make one",
                f"fetch the branch first: git fetch origin; if the tag is meant: {name}",
            )
        return AgreedCommit(git, named, commit.commit_id)
    raise FileProblem(f"{named or '(nothing)'}: names no commit of this repository", "fetch it first: git fetch origin")


def _short(name: str) -> str:
    return name.removeprefix(REMOTES).removeprefix(HEADS)
