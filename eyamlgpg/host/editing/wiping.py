"""Overwriting and removing plaintext, whatever an editor made of it; what stood in the way is told, not raised."""

import contextlib
import os
import stat
from pathlib import Path

_ZEROS = bytes(1 << 16)


def wipe(folder: Path) -> str | None:
    """Overwrite and remove all that is in a folder, then the folder; None, or the last thing that stood in the way."""
    left = wipe_contents(folder)
    try:
        folder.rmdir()
    except FileNotFoundError:
        return left
    except OSError as error:
        return left or error.strerror
    return left


def wipe_contents(folder: Path) -> str | None:
    left = None
    try:
        # An editor may have taken our own rights to a folder away.
        folder.chmod(stat.S_IRWXU)
        for entry in list(os.scandir(folder)):
            path = Path(entry.path)
            left = (wipe(path) if entry.is_dir(follow_symlinks=False) else wipe_file(path)) or left
    except FileNotFoundError:
        return left
    except OSError as error:
        return left or error.strerror
    return left


def wipe_file(path: Path) -> str | None:
    """Overwrite what is a plain file, and remove it; None, or what stood in the way."""
    with contextlib.suppress(OSError):
        _overwrite(path)
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        return error.strerror
    return None


def _overwrite(path: Path) -> None:
    """Write zeros over a plain file's content, in place."""
    if not stat.S_ISREG(path.lstat().st_mode):
        return
    path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_NOFOLLOW), "wb") as file:  # no truncation
        left = os.fstat(file.fileno()).st_size
        while left > 0:
            left -= file.write(_ZEROS[:left])
        file.flush()
        os.fsync(file.fileno())
