"""Locks on folders: one run at a time on a tree, and one writer at a time in a folder.

Both are an exclusive flock on the folder itself, so no file is created. A library would bring less: filelock makes
files, portalocker wraps the one call that is made here.
"""

import errno
import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from eyamlgpg.errors import FileProblem, LockError

TREE_PATIENCE = 3.0
"""Seconds to wait for a tree: long enough for a writer of one file in its root, not for a run on the whole tree."""

FOLDER_PATIENCE = 60.0
"""Seconds to wait for a folder, in which many short writers may stand in line."""

QUIET_SECONDS = 1.0
"""How long a run waits before it says what it waits for."""

_LONGEST_PAUSE = 0.05

_CANNOT_LOCK_FOLDERS = {errno.EBADF, errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS}
"""NFS makes a write lock of a flock, which needs a descriptor open for writing (EBADF); others have no locks at all."""

_Place = tuple[int, int, int]
"""Thread, device and inode: another thread waits as another run does."""

_held: dict[_Place, int] = {}
"""The descriptors of the folders that this process has locked."""


def _leave_to_the_parent() -> None:
    """Close what a forked child inherited: it would keep the lock if it outlived us."""
    for descriptor in _held.values():
        os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_leave_to_the_parent)


def _nobody(_sentence: str) -> None:
    """Tell nobody."""


@contextmanager
def tree_lock(root: Path, tell: Callable[[str], None] = _nobody) -> Iterator[bool]:
    """Hold the lock of the tree under `root`; LockError where another run holds it for longer than TREE_PATIENCE.

    Gives True, or False where the filesystem cannot lock a folder (NFS): each file is then still compared with what
    was read before it is replaced. Raises FileProblem where the folder cannot be opened. A thread that holds the lock
    already goes on, and the outermost block frees it. `tell` is given a sentence when the waiting takes a while.
    """
    try:
        folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise FileProblem(f"{root}: cannot be locked: {error.strerror}") from None
    busy = LockError(f"{root}: another run of eyamlgpg works on this tree", "wait until it has ended, then try again")
    with _locked(folder, root, TREE_PATIENCE, busy, tell) as held:
        yield held


@contextmanager
def folder_lock(folder: Path, tell: Callable[[str], None] = _nobody) -> Iterator[bool]:
    """Hold the lock of one folder for the time of a look at a file in it and its replacement; as `tree_lock`.

    Waits for at most FOLDER_PATIENCE. False also where the folder is not there or must not be read, which is told by
    whoever writes into it.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        yield False
        return
    busy = LockError(
        f"{folder}: another run of eyamlgpg has been writing here for {FOLDER_PATIENCE:.0f} seconds",
        "nothing was changed; wait until it has ended, then try again",
    )
    with _locked(descriptor, folder, FOLDER_PATIENCE, busy, tell) as held:
        yield held


@contextmanager
def _locked(
    descriptor: int, folder: Path, patience: float, busy: LockError, tell: Callable[[str], None]
) -> Iterator[bool]:
    """The lock on an open folder, whose descriptor is closed at the end."""
    owner = os.getpid()
    try:
        status = os.fstat(descriptor)
    except OSError as error:
        os.close(descriptor)
        raise FileProblem(f"{folder}: cannot be locked: {error.strerror}") from None
    place = (threading.get_ident(), status.st_dev, status.st_ino)
    if place in _held:
        os.close(descriptor)
        yield True
        return
    try:
        held = _take(descriptor, folder, patience, busy, tell)
        if held:
            _held[place] = descriptor
        yield held
    finally:
        # A forked child has closed its copy already, and must not unlock the folder under us.
        if os.getpid() == owner:
            if _held.pop(place, None) is not None:
                # All is written by now, and to close it unlocks it as well.
                with suppress(OSError):
                    fcntl.flock(descriptor, fcntl.LOCK_UN)
            os.close(descriptor)


def _take(descriptor: int, folder: Path, patience: float, busy: LockError, tell: Callable[[str], None]) -> bool:
    """Whether the filesystem could lock the folder; raises `busy` when the patience is at its end."""
    begun = time.monotonic()
    pause, told = 0.001, False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waited = time.monotonic() - begun
            if waited >= patience:
                raise busy from None
            if waited >= QUIET_SECONDS and not told:
                tell(f"{folder}: waiting for another run of eyamlgpg that is writing here …")
                told = True
            time.sleep(min(pause, max(patience - waited, 0)))
            pause = min(2 * pause, _LONGEST_PAUSE)
        except OSError as error:
            if error.errno in _CANNOT_LOCK_FOLDERS:
                return False
            raise FileProblem(f"{folder}: cannot be locked: {error.strerror}") from None
        else:
            return True
