"""One run at a time on a tree."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eyamlgpg.errors import FileProblem, LockError

_CANNOT_LOCK_FOLDERS = {errno.EBADF, errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL}
"""NFS makes a write lock of a flock, which needs a descriptor open for writing (EBADF); others have no locks at all."""


@contextmanager
def tree_lock(root: Path) -> Iterator[bool]:
    """Hold the lock of the tree under `root`: an exclusive flock on the folder itself, no file is created.

    Gives True, or False where the filesystem cannot lock a folder (NFS): each file is then still compared with what
    was read before it is replaced. Does not wait: raises LockError where another run holds the lock, FileProblem
    where the folder cannot be opened. Not to be taken twice by one run.
    """
    try:
        folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise FileProblem(f"{root}: cannot be locked: {error.strerror}") from None
    owner = os.getpid()
    try:
        held = _take(folder, root)
        try:
            yield held
        finally:
            # A forked child shares the lock with us: if it outlives us, closing alone would leave the tree locked;
            # and its own way out of here must not unlock the tree under us.
            if held and os.getpid() == owner:
                fcntl.flock(folder, fcntl.LOCK_UN)
    finally:
        os.close(folder)


def _take(folder: int, root: Path) -> bool:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise LockError(
            f"{root}: another run of eyamlgpg works on this tree", "wait until it has ended, then try again"
        ) from None
    except OSError as error:
        if error.errno in _CANNOT_LOCK_FOLDERS:
            return False
        raise FileProblem(f"{root}: cannot be locked: {error.strerror}") from None
    return True
