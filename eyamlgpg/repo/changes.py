"""What differs from the last commit: in the index, or in the working tree."""

import os
from dataclasses import dataclass

from eyamlgpg.repo.git import Git

REGULAR = ("100644", "100755")
"""The modes of files; links and submodules (160000) hold no values."""

LINK = "120000"


@dataclass(frozen=True, slots=True)
class Change:
    """A file that was added, modified or renamed."""

    path: str
    """From the root; the new one of a rename."""
    old: str | None
    """The object in the last commit; None for a new file."""


def staged(git: Git) -> tuple[Change, ...]:
    """The files that the next commit changes, as the index has them; in a merge, against the first parent."""
    return _changes(git, "--cached")


def changed(git: Git) -> tuple[Change, ...]:
    """The tracked files that the working tree changes; nothing before the first commit."""
    return _changes(git, "HEAD") if has_commit(git) else ()


def has_commit(git: Git) -> bool:
    """Whether there is a last commit."""
    return git.asked("rev-parse", "--verify", "-q", "HEAD") is not None


def removed(git: Git, against: str) -> dict[str, str]:
    """The files of the last commit that are no longer files under their names, renamed ones too, and their objects.

    `--cached`: in the next commit; `HEAD`: in the working tree.
    """
    options = ("--no-abbrev", "--no-renames", "--diff-filter=DT", "--no-ext-diff")
    words = os.fsdecode(git.run("diff", "--raw", "-z", *options, against)).split("\0")
    told = zip(words[::2], words[1::2], strict=False)
    gone = ((word[1:].split(" "), path) for word, path in told)
    return {path: old for (mode, new_mode, old, *_), path in gone if mode in REGULAR and new_mode not in REGULAR}


def _changes(git: Git, against: str) -> tuple[Change, ...]:
    fields = git.run("diff", "--raw", "-z", "--no-abbrev", "-M", "--diff-filter=ACMRT", "--no-ext-diff", against)
    words = iter(os.fsdecode(fields).split("\0"))
    found = []
    for word in words:
        if not word.startswith(":"):
            continue
        old_mode, new_mode, old, _new, kind = word[1:].split(" ")
        path = next(words)
        if kind[0] in "RC":
            path = next(words)
        if new_mode in REGULAR:
            found.append(Change(path, old if old_mode in REGULAR and set(old) != {"0"} else None))
    return tuple(found)
