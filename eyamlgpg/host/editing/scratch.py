"""A private place for plaintext, in memory where there is one, and gone afterwards."""

import atexit
import contextlib
import errno
import fcntl
import os
import resource
import stat
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from eyamlgpg.errors import EyamlgpgError, FileProblem
from eyamlgpg.host.editing.places import IN_MEMORY, filesystem_type, mounts, places
from eyamlgpg.host.editing.wiping import wipe, wipe_contents, wipe_file
from eyamlgpg.host.signals import deferred

PREFIX = "eyamlgpg-edit-"
"""What the names of our folders start with. Each is locked while its run lives, so that its leftovers can be told."""

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
        return filesystem_type(self.folder, mounts()) not in IN_MEMORY

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


def sweep(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Remove what killed runs left behind, and give the folders that are gone.

    Only folders of this user's that no living run has locked; those on a filesystem without locks stay.
    """
    return tuple(folder for folder in _ours(environ) if _remove_dead(folder))


def left_behind(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """The folders that `sweep` would remove, which are left alone here."""
    left = []
    for folder in _ours(environ):
        lock = _locked(folder)
        if lock is not None:
            os.close(lock)
            left.append(folder)
    return tuple(left)


def _ours(environ: Mapping[str, str]) -> Iterator[Path]:
    """Our user's scratch folders, whether or not a run is at work in them."""
    for place in dict.fromkeys(places(environ)):
        with contextlib.suppress(OSError):
            entries = [entry for entry in os.scandir(place) if entry.name.startswith(PREFIX)]
            yield from (Path(entry.path) for entry in entries if _is_ours(entry))


def _is_ours(entry: "os.DirEntry[str]") -> bool:
    """Whether it is a folder for this user alone; in /dev/shm and /tmp anybody can make one of any name."""
    status = entry.stat(follow_symlinks=False)
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not stat.S_IMODE(status.st_mode) & 0o077


def _remove_dead(folder: Path) -> bool:
    """Remove a folder unless a living run has locked it; whether it is gone."""
    lock = _locked(folder)
    if lock is None:
        return False
    try:
        with deferred():
            return wipe(folder) is None
    finally:
        os.close(lock)


def _locked(folder: Path) -> int | None:
    """An open descriptor of the folder that holds its lock; None where another has it, or the filesystem has none."""
    descriptor = None
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        if descriptor is not None:
            os.close(descriptor)
        return None
    return descriptor


def forbid_core_dumps() -> None:
    """Let neither this process nor an editor that it starts write its memory to disk when it crashes."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))


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
    for _ in range(ATTEMPTS):
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
        lock = _locked(folder)
        if folder.exists():
            return folder, lock
        if lock is not None:
            os.close(lock)
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(place))
