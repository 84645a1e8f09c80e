"""A folder for one user alone, made or found, and new files in it.

Root makes it for somebody else without trusting what that user may do to it meanwhile: the folder is opened once, links
not followed, and everything else goes through that descriptor.
"""

import contextlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eyamlgpg.errors import FileProblem


class PrivateFolder:
    """An open folder that belongs to one user, with mode 0700."""

    def __init__(self, path: Path, descriptor: int, uid: int, gid: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self._uid = uid
        self._gid = gid

    def write_new(self, name: str, content: bytes) -> None:
        """A file that was not there, 0600, belonging to the folder's user; FileProblem where something is there."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        try:
            descriptor = os.open(name, flags, 0o600, dir_fd=self._descriptor)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                _give(file.fileno(), self._uid, self._gid)
                os.fsync(file.fileno())
        except OSError as error:
            raise FileProblem(f"{self.path / name}: cannot be written: {error.strerror}") from None


@contextmanager
def private_folder(path: Path, *, uid: int, gid: int) -> Iterator[PrivateFolder]:
    """The folder at this path: a new one is made, 0700 and given to the user; missing parents are not ours to make.

    FileProblem where one is there that belongs to somebody else, or that others may look into.
    """
    made = _make(path)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise FileProblem(f"{path}: is no folder that a GnuPG home could be: {error.strerror}") from None
    try:
        if made:
            _hand_over_or_remove(path, descriptor, uid, gid)
        _refuse_strange(path, _state(path, descriptor), uid)
        yield PrivateFolder(path, descriptor, uid, gid)
    finally:
        os.close(descriptor)


def _make(path: Path) -> bool:
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        return False
    except FileNotFoundError:
        raise FileProblem(f"{path}: there is no folder {path.parent} to make it in", "make that one first") from None
    except OSError as error:
        raise FileProblem(f"{path}: cannot be made: {error.strerror}") from None
    return True


def _hand_over_or_remove(path: Path, descriptor: int, uid: int, gid: int) -> None:
    """A folder that cannot be handed over would be taken for somebody else's by the next run."""
    try:
        _hand_over(path, descriptor, uid, gid)
    except OSError as error:
        with contextlib.suppress(OSError):
            path.rmdir()
        raise FileProblem(f"{path}: cannot be given to user {uid}: {error.strerror}") from None


def _hand_over(path: Path, descriptor: int, uid: int, gid: int) -> None:
    """Give a folder that we made just now to the user; one that was put in its place meanwhile is left alone."""
    state = os.fstat(descriptor)
    if state.st_uid != os.geteuid() or os.listdir(descriptor):
        raise FileProblem(f"{path}: was replaced by somebody else while it was made")
    os.fchmod(descriptor, 0o700)
    _give(descriptor, uid, gid)


def _state(path: Path, descriptor: int) -> os.stat_result:
    try:
        return os.fstat(descriptor)
    except OSError as error:
        raise FileProblem(f"{path}: cannot be looked at: {error.strerror}") from None


def _give(descriptor: int, uid: int, gid: int) -> None:
    state = os.fstat(descriptor)
    if (state.st_uid, state.st_gid) != (uid, gid):
        os.fchown(descriptor, uid, gid)


def _refuse_strange(path: Path, state: os.stat_result, uid: int) -> None:
    if state.st_uid != uid:
        raise FileProblem(
            f"{path}: belongs to user {state.st_uid}, not to user {uid}",
            "name its owner by --owner USER:GROUP, or choose another place",
        )
    if stat.S_IMODE(state.st_mode) & 0o077:
        raise FileProblem(
            f"{path}: mode {stat.S_IMODE(state.st_mode):o} lets other users in",
            f"a GnuPG home is for one user alone: chmod 700 '{path}'",
        )
