"""What differs from the last commit: in the index, or in the working tree."""

import os
from dataclasses import dataclass

from eyamlgpg.repo.commit import LINK
from eyamlgpg.repo.last_commit import LastCommit

REGULAR = ("100644", "100755")
"""The modes of files."""

OF_THE_TREE = (*REGULAR, LINK)
"""What belongs to a tree."""

SUBMODULE = "160000"
"""The mode of another tree inside."""

_RAW = ("--raw", "-z", "--no-abbrev", "-O/dev/null")
"""Whatever diff.orderFile names (it may be gone)."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file or a link that was added, modified or renamed."""

    path: str
    """From the root; the new one of a rename."""
    old: str | None
    """The object of its content in the last commit, which of a link is what it led to; None for a new file."""


def staged(last: LastCommit) -> tuple[FileChange, ...]:
    """The files and links that the next commit changes, as the index has them; in a merge, against the first parent."""
    return _changes(last, "--cached")


def changed(last: LastCommit) -> tuple[FileChange, ...]:
    """The tracked files and links that the working tree changes; nothing before the first commit."""
    return _changes(last, "HEAD") if last.exists else ()


def removed(last: LastCommit, against: str) -> dict[str, str | None]:
    """What the last commit has and what is gone from under its name, renamed files too, and the object of the content.

    A file in whose place a link stands now is among them; of a link that led nowhere the content is None. `--cached`:
    in the next commit; `HEAD`: in the working tree.
    """
    ran = last.git.differences(*_RAW, "--no-renames", "--diff-filter=DT", against, "--")
    words = os.fsdecode(ran).split("\0")
    told = zip(words[::2], words[1::2], strict=False)
    changes = ((word[1:].split(" "), path) for word, path in told)
    gone = ((mode, old, path) for (mode, new_mode, old, *_), path in changes if _is_gone(mode, new_mode))
    return {path: _content(last, mode, old, path) for mode, old, path in gone}


def staged_submodules(last: LastCommit) -> tuple[str, ...]:
    """The submodules that the next commit adds, or for which it takes another commit."""
    # Between a commit and the index no git is run in a submodule.
    wanted = ("--no-renames", "--diff-filter=AMT", "--ignore-submodules=none", "--cached", "--")
    words = os.fsdecode(last.git.differences(*_RAW, *wanted)).split("\0")
    told = zip(words[::2], words[1::2], strict=False)
    return tuple(path for word, path in told if word[1:].split(" ")[1] == SUBMODULE)


def _is_gone(mode: str, new_mode: str) -> bool:
    return (mode in REGULAR and new_mode not in REGULAR) or (mode == LINK and new_mode not in OF_THE_TREE)


def _changes(last: LastCommit, against: str) -> tuple[FileChange, ...]:
    # However few renames diff.renameLimit allows to look for.
    ran = last.git.differences(*_RAW, "-M", "-l1000", "--diff-filter=ACMRT", against, "--")
    words = iter(os.fsdecode(ran).split("\0"))
    found = []
    for word in words:
        if not word.startswith(":"):
            continue
        old_mode, new_mode, old, _new, kind = word[1:].split(" ")
        before = path = next(words)
        if kind[0] in "RC":
            path = next(words)
        if new_mode in OF_THE_TREE:
            found.append(FileChange(path, _content(last, old_mode, old, before) if old_mode in OF_THE_TREE else None))
    return tuple(found)


def _content(last: LastCommit, mode: str, object_id: str, path: str) -> str | None:
    return last.followed(path) if mode == LINK else object_id
