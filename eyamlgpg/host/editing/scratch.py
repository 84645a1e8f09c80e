"""A private place for plaintext, in memory where there is one, and gone afterwards."""

import atexit
import errno
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from eyamlgpg.errors import EyamlgpgError, FileProblem
from eyamlgpg.host.editing.left_behind import PREFIX, locked
from eyamlgpg.host.editing.places import is_in_memory, places
from eyamlgpg.host.editing.wiping import wipe, wipe_contents, wipe_file
from eyamlgpg.host.signals import deferred

ATTEMPTS = 100


class Scratch:
    """A folder of mode 0700 for plaintext; a context manager that leaves nothing of it.

    It lies on a tmpfs where there is one: under $XDG_RUNTIME_DIR, /dev/shm, /run/user/UID or the folder for temporary
    files; else in the last, on a disk. However the block is left, each file that was written into it, by us or by an
    editor, is overwritten once and removed. What cannot be removed is named: in a FileProblem, or as a hint of the
    error that is already under way, never instead of it.

    `interruptible` around it makes signals leave the block too.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        """`environ`: the environment, for XDG_RUNTIME_DIR and TMPDIR."""
        self._environ = environ
        self._folder: Path | None = None
        self._lock: int | None = None
        self._owner = os.getpid()

    @property
    def folder(self) -> Path:
        """Where it is, inside the block."""
        if self._folder is None:
            raise RuntimeError("a Scratch exists only inside its with block")
        return self._folder

    @property
    def on_disk(self) -> bool:
        """Whether the plaintext lies on a disk, from which an overwritten file may still be recovered."""
        return not is_in_memory(self.folder)

    def write(self, name: str, plaintext: bytes) -> Path:
        """Make a file of mode 0600 of that name, in place of an earlier one; raises FileProblem. Gives its path."""
        path = self.folder / name
        if path.parent != self.folder or name in {"", ".", ".."}:
            raise ValueError("the name of a scratch file holds no folder")
        try:
            wipe_file(path)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
                file.write(plaintext)
        except OSError as error:
            raise FileProblem(f"{path}: the scratch file cannot be written: {error.strerror}") from None
        return path

    def read(self, name: str | Path) -> bytes:
        """What the scratch file holds now; raises FileProblem where an editor removed it or made it something else."""
        path = self.folder / name
        try:
            # Not blocking: an editor, or whoever drives it, may have put a pipe there.
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise FileProblem(f"{path}: the scratch file is no longer a plain file")
                with os.fdopen(descriptor, "rb", closefd=False) as file:
                    return file.read()
            finally:
                os.close(descriptor)
        except FileNotFoundError:
            raise FileProblem(f"{path}: the scratch file was removed") from None
        except OSError as error:
            raise FileProblem(f"{path}: the scratch file cannot be read: {error.strerror}") from None

    def empty(self) -> None:
        """Overwrite and remove all that is in the folder: plaintext that was read back has no business there.

        What cannot be removed now is tried again, and told, when the block is left.
        """
        with deferred():
            wipe_contents(self.folder)

    def __enter__(self) -> Self:
        """Make the folder; raises FileProblem where no place for one can be found."""
        try:
            with deferred():
                self._folder, self._lock = _private_folder(self._environ)
                # A net under __exit__, for a signal between two of its steps.
                atexit.register(self._remove)
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        """Remove the folder, whatever is in it."""
        with deferred():
            folder = self.folder
            left = self._remove()
            if left is None:
                return
            said = f"plaintext may still be in {folder} ({left}): remove that folder"
            if error is None:
                raise FileProblem(f"{folder}: the scratch folder cannot be removed: {left}", said)
            if isinstance(error, EyamlgpgError):
                error.hints = (*error.hints, said)
            else:
                error.add_note(said)

    def _remove(self) -> str | None:
        """Remove the folder; None, or what stood in the way. A forked child never removes its parent's."""
        folder, left = self._folder, None
        if folder is None or os.getpid() != self._owner:
            return None
        # More than once, for a program that is still about to write a copy of its own.
        for _ in range(3):
            left = wipe(folder)
            if left is None:
                break
        self._folder = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        atexit.unregister(self._remove)
        return left


def _private_folder(environ: Mapping[str, str]) -> tuple[Path, int | None]:
    """A new folder and its lock, None where the filesystem has none."""
    reason = None
    for place in places(environ):
        try:
            return _made(place)
        except OSError as error:
            reason = f"{place}: no scratch folder can be made: {error.strerror}"
    raise FileProblem(str(reason), "set TMPDIR to a folder that you may write to")


def _made(place: Path) -> tuple[Path, int | None]:
    """A run that sweeps may take a folder between its making and its locking for a dead one: then there is another."""
    import tempfile  # which most runs, sweeping only, have no use for

    for _ in range(ATTEMPTS):
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
        lock = locked(folder)
        if folder.exists():
            return folder, lock
        if lock is not None:
            os.close(lock)
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(place))
