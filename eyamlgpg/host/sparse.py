"""Whether a working tree may be checked out in part, told without git."""

from pathlib import Path

_LINK = "gitdir: "
_LONGEST_LINK = 4096


def may_be_sparse(root: Path) -> bool:
    """True if the repository of a working tree has a list of what to check out, in use or not.

    That is `info/sparse-checkout` of its git directory (gitrepository-layout(5)), which for a linked working tree and
    for a submodule is named in the file `.git`.
    """
    place = root / ".git"
    try:
        if place.is_file():
            with place.open(encoding="utf-8", errors="surrogateescape") as file:
                place = root / file.read(_LONGEST_LINK).rstrip("\n").removeprefix(_LINK)
        (place / "info" / "sparse-checkout").lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True  # git tells what is wrong
    return True
