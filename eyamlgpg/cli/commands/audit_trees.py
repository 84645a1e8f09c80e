"""The moments that `audit` is asked about, from the words of its command line: revisions first, then paths."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.api import checked_tree
from eyamlgpg.cli.world import World
from eyamlgpg.errors import FileProblem, UsageError
from eyamlgpg.host.paths import exists, real, working_folder
from eyamlgpg.repo.commit import NamedCommit, find_commit, require_commit
from eyamlgpg.repo.git import Git, find_repository, require_repository
from eyamlgpg.trees.commit import CommitTree
from eyamlgpg.trees.working import WorkingTree


@dataclass(frozen=True)
class Asked:
    """What the words mean."""

    revisions: tuple[str, ...]
    """None for the working tree; one; or two, of which the difference is asked for."""
    paths: tuple[Path, ...]


def read_words(words: Sequence[str], world: World) -> Asked:
    """Revisions and paths; the first word alone can be a revision. UsageError for one that can be both."""
    if not words:
        return Asked((), ())
    first, rest = words[0], tuple(map(Path, words[1:]))
    git = find_repository(working_folder(), world.environ)
    revisions = None if git is None else _revisions(first, git)
    is_path = exists(Path(first)) or Path(first).is_symlink()
    if revisions and is_path:
        raise UsageError(
            f"{first}: is a file or folder, and names a commit, too",
            f"for the path: ./{first}; for the commit: {first}^0",
        )
    if revisions:
        return Asked(revisions, rest)
    if not is_path and ".." in first and "/" not in first and git is not None:
        for revision in first.split("..", maxsplit=1):
            require_commit(git, revision or "HEAD")
    if not is_path:
        raise FileProblem(f"{first}: names no commit, and there is no such file or folder")
    return Asked((), (Path(first), *rest))


@contextmanager
def opened(revision: str | None, paths: Sequence[Path], world: World) -> Iterator[CommitTree | WorkingTree]:
    """The tree at one moment; None is the working tree."""
    if revision is None:
        with checked_tree.opened(paths, staged=False, run=world) as working:
            assert isinstance(working, WorkingTree)  # noqa: S101 - it was not asked for what is staged
            yield working
        return
    git = require_repository(working_folder(), world.environ)
    commit = require_commit(git, revision)
    whole = CommitTree(git, commit)
    tree = whole
    try:
        names = [_name(path, whole, revision) for path in paths]
        if names:
            tree = CommitTree(git, commit, names)
        yield tree
    finally:
        whole.close()
        tree.close()


def _revisions(word: str, git: Git) -> tuple[str, ...] | None:
    """One revision, or the two of a range, an empty one being HEAD as for git; None where the word names none."""
    if find_commit(git, word) is not None:
        return (word,)
    if "..." in word or ".." not in word:
        return None
    ends = tuple(end or "HEAD" for end in word.split("..", maxsplit=1))
    found: list[NamedCommit | None] = [find_commit(git, end) for end in ends]
    return None if word == ".." or None in found else ends


def _name(path: Path, tree: CommitTree, revision: str) -> str:
    """A path from the root of the tree, links of the commit followed."""
    place = real(path.parent) / path.name if path.name not in ("", "..") else real(path)
    if not place.is_relative_to(tree.root):
        raise UsageError(f"{path}: stands outside of {tree.root}; one tree is looked at at a time")
    name = place.relative_to(tree.root).as_posix()
    found = tree.place(name) if tree.knows(name) and name != "." else name
    if not tree.knows(name) or found is None:
        raise FileProblem(f"{path}: there is no such file or folder in {revision}")
    return found.rstrip("/")
