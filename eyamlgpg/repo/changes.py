"""What differs from the last commit: in the index, or in the working tree."""

import os
from dataclasses import dataclass

from eyamlgpg.repo.git import Git

REGULAR = ("100644", "100755")
"""The modes of files."""

LINK = "120000"

OF_THE_TREE = (*REGULAR, LINK)
"""What belongs to a tree; a submodule (160000) is another one."""


@dataclass(frozen=True, slots=True)
class Change:
    """A file or a link that was added, modified or renamed."""

    path: str
    """From the root; the new one of a rename."""
    old: str | None
    """What git calls the content in the last commit, which of a link is what it led to; None for a new file."""


def staged(git: Git) -> tuple[Change, ...]:
    """The files and links that the next commit changes, as the index has them; in a merge, against the first parent."""
    return _changes(git, "--cached")


def changed(git: Git) -> tuple[Change, ...]:
    """The tracked files and links that the working tree changes; nothing before the first commit."""
    return _changes(git, "HEAD") if has_commit(git) else ()


def has_commit(git: Git) -> bool:
    """Whether there is a last commit."""
    return git.asked("rev-parse", "--verify", "-q", "HEAD") is not None


def removed(git: Git, against: str) -> dict[str, str]:
    """What the last commit has and what is gone from under its name, renamed files too, and what git calls the content.

    A file in whose place a link stands now is among them. `--cached`: in the next commit; `HEAD`: in the working tree.
    """
    options = ("--no-abbrev", "--no-renames", "--diff-filter=DT", "--no-ext-diff")
    words = os.fsdecode(git.run("diff", "--raw", "-z", *options, against)).split("\0")
    told = zip(words[::2], words[1::2], strict=False)
    changes = ((word[1:].split(" "), path) for word, path in told)
    gone = ((mode, old, path) for (mode, new_mode, old, *_), path in changes if _is_gone(mode, new_mode))
    return {path: _name(mode, old, path) for mode, old, path in gone}


def _is_gone(mode: str, new_mode: str) -> bool:
    return (mode in REGULAR and new_mode not in REGULAR) or (mode == LINK and new_mode not in OF_THE_TREE)


def _changes(git: Git, against: str) -> tuple[Change, ...]:
    fields = git.run("diff", "--raw", "-z", "--no-abbrev", "-M", "--diff-filter=ACMRT", "--no-ext-diff", against)
    words = iter(os.fsdecode(fields).split("\0"))
    found = []
    for word in words:
        if not word.startswith(":"):
            continue
        old_mode, new_mode, old, _new, kind = word[1:].split(" ")
        before = path = next(words)
        if kind[0] in "RC":
            path = next(words)
        if new_mode in OF_THE_TREE:
            found.append(Change(path, _name(old_mode, old, before) if old_mode in OF_THE_TREE else None))
    return tuple(found)


def _name(mode: str, object_id: str, path: str) -> str:
    return f"HEAD:{path}" if mode == LINK else object_id
