"""The two moments that `diff` is asked about, from the words of its command line: revisions first, then paths."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.cli.commands.audit_trees import Asked, read_words
from eyamlgpg.cli.world import World
from eyamlgpg.errors import FileProblem, UsageError
from eyamlgpg.host.paths import exists, real, working_folder
from eyamlgpg.operations.diff.diff import Moments
from eyamlgpg.repo.commit import NamedCommit, find_commit, require_commit
from eyamlgpg.repo.differences import differing, merge_base
from eyamlgpg.repo.git import Git, require_repository
from eyamlgpg.trees.commit import CommitTree
from eyamlgpg.trees.index import IndexTree
from eyamlgpg.trees.working import WorkingTree


@dataclass(frozen=True)
class Opened:
    """What is compared."""

    moments: Moments
    unmerged: tuple[str, ...]
    names: tuple[str, ...]
    """The paths that were asked for, from the root; none for all."""
    title: tuple[str, str]

    def covers(self, path: str) -> bool:
        """Whether a path is among what was asked for, or in a folder that was."""
        return not self.names or any(one == "." or path == one or path.startswith(f"{one}/") for one in self.names)


@contextmanager
def opened(words: Sequence[str], world: World, *, staged: bool) -> Iterator[Opened]:
    """Both trees, and which files differ."""
    git = require_repository(working_folder(), world.environ)
    asked = _read(words, world, git)
    if staged and len(asked.revisions) == 2:
        raise UsageError("--staged compares the index with one commit, not two with each other")
    commits = [require_commit(git, revision) for revision in asked.revisions]
    with ExitStack() as stack:

        def tree_of(commit: NamedCommit) -> CommitTree:
            tree = CommitTree(git, commit)
            stack.callback(tree.close)
            return tree

        index, working = IndexTree(git), WorkingTree(git.root, git)
        stack.callback(index.close)
        stack.callback(working.close)
        before: CommitTree | IndexTree | None
        after: CommitTree | IndexTree | WorkingTree
        ids = [commit.commit_id for commit in commits]
        titles = [f"{shown} ({one[:9]})" for shown, one in zip(asked.revisions, ids, strict=True)]
        if staged:
            head = commits[0] if commits else find_commit(git, "HEAD")
            before, after, moments = (None if head is None else tree_of(head)), index, ["--cached", *ids]
            title = (*(titles or ["the last commit"]), "the index")
        elif len(commits) == 2:
            before, after, moments, title = tree_of(commits[0]), tree_of(commits[1]), ids, tuple(titles)
        elif commits:
            before, after, moments, title = tree_of(commits[0]), working, ids, (titles[0], "the working tree")
        else:
            before, after, moments, title = index, working, [], ("the index", "the working tree")
        found = differing(git, *moments)
        names = tuple(_name(path, git.root) for path in asked.paths)
        trees = (after,) if before is None else (before, after)
        _require(names, asked.paths, trees, git.root)
        pairs = tuple((pair.before, pair.after) for pair in found.pairs if not pair.is_link)
        linked = tuple(str(pair.after or pair.before) for pair in found.pairs if pair.is_link)
        yield Opened(Moments(before, after, pairs, linked), found.unmerged, names, (title[0], title[1]))


def _read(words: Sequence[str], world: World, git: Git) -> Asked:
    """Revisions and paths; `A...B` is from where the two went apart to B, as the pages of pull requests show it."""
    if not words or "..." not in words[0] or exists(Path(words[0])):
        return read_words(words, world)
    one, other = (require_commit(git, end or "HEAD") for end in words[0].split("...", maxsplit=1))
    base = merge_base(git, one.commit_id, other.commit_id)
    return Asked((base, other.commit_id), tuple(map(Path, words[1:])))


def _name(path: Path, root: Path) -> str:
    """A path from the root of the tree."""
    place = real(path.parent) / path.name if path.name not in ("", "..") else real(path)
    if not place.is_relative_to(root):
        raise UsageError(f"{path}: stands outside of {root}; one tree is looked at at a time")
    return place.relative_to(root).as_posix()


def _require(
    names: Sequence[str],
    paths: Sequence[Path],
    trees: Sequence[CommitTree | IndexTree | WorkingTree],
    root: Path,
) -> None:
    for name, path in zip(names, paths, strict=True):
        if not exists(root / name) and not any(
            one == name or one.startswith(f"{name}/") for tree in trees for one in (*tree.files(), *tree.links())
        ):
            raise FileProblem(f"{path}: there is no such file or folder at either moment")
