"""Which files differ between two moments of a repository, renames followed."""

import os
from dataclasses import dataclass

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo.changes import OF_THE_TREE
from eyamlgpg.repo.commit import LINK
from eyamlgpg.repo.git import Git

_RAW = ("--raw", "-z", "--no-abbrev", "-O/dev/null", "-M", "-l1000")
"""Whatever diff.orderFile and diff.renameLimit say."""


@dataclass(frozen=True, slots=True)
class FilePair:
    """A file or a link at both moments; None where it is not there."""

    before: str | None
    after: str | None
    is_link: bool = False
    """Whether it is a link at either moment."""


@dataclass(frozen=True, slots=True)
class Differing:
    """All files that differ."""

    pairs: tuple[FilePair, ...]
    unmerged: tuple[str, ...]
    """Files with conflicts, which have no one content."""


def differing(git: Git, *moments: str) -> Differing:
    """As `git diff`: nothing is the index and the working tree, one commit is that and the working tree.

    Two commits are these; `--cached` is the last commit and the index.
    """
    words = iter(os.fsdecode(git.differences(*_RAW, *moments, "--")).split("\0"))
    pairs: list[FilePair] = []
    unmerged: list[str] = []
    for word in words:
        if not word.startswith(":"):
            continue
        old_mode, new_mode, _old, _new, kind = word[1:].split(" ")
        before: str | None = next(words)
        after: str | None = next(words) if kind[0] in "RC" else before
        if kind[0] == "U":
            unmerged.append(str(after))
            continue
        before = before if old_mode in OF_THE_TREE and kind[0] not in "AC" else None
        after = after if new_mode in OF_THE_TREE and kind[0] != "D" else None
        if before is not None or after is not None:
            pairs.append(FilePair(before, after, LINK in (old_mode, new_mode)))
    return Differing(tuple(pairs), tuple(dict.fromkeys(unmerged)))


def merge_base(git: Git, one: str, other: str) -> str:
    """The commit from which two went apart; FileProblem where the histories have none, or a shallow clone lacks it."""
    found = git.asked("merge-base", one, other)
    if found is None:
        raise FileProblem(
            f"{one[:9]} and {other[:9]} have no commit in common here",
            "in a shallow clone, fetch more of the history first: git fetch --unshallow",
        )
    return found
