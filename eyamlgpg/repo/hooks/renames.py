"""Changes to a folder of which all are made, or none, and in which a name that stands never misses its file.

What takes a place is renamed over what stood there, which has a second name by then. So whenever the process is
killed, one of both stands in the place; what else it leaves behind is removed by the next one (`remove_leftovers`).
"""

import errno
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from eyamlgpg.errors import FileProblem

_NO_HARD_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EXDEV})
"""What link(2) says on file systems that have no hard links, or allow no more of them."""

_LEFTOVER = re.compile(r"\.(?P<name>.+)\.(?P<pid>[0-9]{1,10})\.(?:new|old|copy)")


class Renames:
    """What was done so far, and how to take it back.

    The way back is known before each change, and looks whether there was one: an interruption comes at any moment.
    """

    def __init__(self, undo: ExitStack) -> None:
        """With the stack that takes the changes back."""
        self._undo = undo
        self._spare: list[Path] = []

    def written(self, path: Path, text: str) -> Path:
        """A new, executable file of this text beside a path, to be put there."""
        fresh = _beside(path, "new")
        with fresh.open("x") as opened:
            self._undo.callback(fresh.unlink, missing_ok=True)
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        fresh.chmod(0o755)
        return fresh

    def keep(self, path: Path, other: Path) -> None:
        """Give what stands at a path another name, too; nothing stands there, or the same already."""
        if not is_same(path, other):
            self._undo.callback(_forget, path, other)
            _second_name(path, other)

    def put(self, new: Path, place: Path) -> None:
        """Rename to a place, over what stands there."""
        if not stands(place):
            self._undo.callback(_back, place, new)
            new.rename(place)
            return
        kept = _beside(place, "old")
        self.keep(place, kept)
        self._spare.append(kept)

        def put_back() -> None:
            if not stands(new):
                _second_name(place, new)
                kept.rename(place)

        self._undo.callback(put_back)
        new.rename(place)

    def take_away(self, path: Path) -> None:
        """Remove; what is taken back if anything fails is another name of it."""
        kept = _beside(path, "old")
        self._undo.callback(_back, kept, path)
        path.rename(kept)
        self._spare.append(kept)

    def finish(self) -> None:
        """Nothing is taken back any more."""
        self._undo.pop_all()
        for path in self._spare:
            path.unlink()


@contextmanager
def all_or_none(folder: Path) -> Iterator[Renames]:
    """Changes within this folder; FileProblem where one fails, and all is as it was."""
    try:
        with ExitStack() as undo:
            renames = Renames(undo)
            yield renames
            renames.finish()
    except OSError as error:
        raise FileProblem(f"{folder}: the hooks cannot be changed: {error.strerror}", "all is as it was") from None


def stands(path: Path) -> bool:
    """Whether something has this name, a link that leads nowhere included; FileProblem where one cannot look.

    `os.path.lexists` would say no, and somebody's hook would be overwritten since the disk failed for a moment.
    """
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise FileProblem(f"{path}: cannot be looked at: {error.strerror}") from None
    return True


def is_same(one: Path, other: Path) -> bool:
    """Whether two names stand for the same file, or for copies that nobody could tell apart."""
    if not stands(one) or not stands(other):
        return False
    if one.is_symlink() or other.is_symlink():
        return one.is_symlink() and other.is_symlink() and one.readlink() == other.readlink()
    if one.samefile(other):
        return True
    is_like = one.is_file() and other.is_file() and one.stat().st_mode == other.stat().st_mode
    return is_like and one.read_bytes() == other.read_bytes()


def remove_leftovers(folder: Path, names: Sequence[str]) -> None:
    """Remove what processes that are gone have left beside files of these names."""
    for path in folder.iterdir() if folder.is_dir() else ():
        found = _LEFTOVER.fullmatch(path.name)
        is_file = path.is_symlink() or path.is_file()
        if found and found["name"] in names and is_file and not _is_running(int(found["pid"])):
            path.unlink(missing_ok=True)


def _is_running(pid: int) -> bool:
    """Whether another process has this number; ours may have been another's before, which is gone then."""
    if pid in (0, os.getpid()):
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _back(now: Path, before: Path) -> None:
    if not stands(before):
        now.rename(before)


def _forget(path: Path, other: Path) -> None:
    if is_same(path, other):
        other.unlink()


def _second_name(path: Path, other: Path) -> None:
    """Another name for the same file; where there are no hard links a copy, put in place as a whole."""
    if path.is_symlink():
        other.symlink_to(path.readlink())
        return
    try:
        os.link(path, other)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        copy = _beside(other, "copy")
        try:
            shutil.copy2(path, copy)
            copy.rename(other)
        finally:
            copy.unlink(missing_ok=True)


def _beside(path: Path, what: str) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.{what}")
