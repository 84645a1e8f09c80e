"""A plain file as it was when it was looked at, and what is said where it is none or cannot be read."""

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.errors import FileProblem
from eyamlgpg.host import paths
from eyamlgpg.host.streams import read_all
from eyamlgpg.model.limits import refuse_large


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was when it was looked at."""

    content: bytes
    status: os.stat_result

    def is_still(self, now: os.stat_result) -> bool:
        """Whether nobody has written, replaced or re-dressed the file since."""
        return _identity(self.status) == _identity(now)


def look(path: Path, *, follow: bool) -> Seen:
    """Read a plain file and its status from one descriptor; FileProblem for anything else, else OSError."""
    # Not blocking: to open a pipe would wait for its other end.
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | (0 if follow else os.O_NOFOLLOW)
    descriptor = os.open(path, flags)
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise FileProblem(f"{path}: is a folder")
        if not stat.S_ISREG(status.st_mode):
            raise paths.not_a_file(path)
        refuse_large(str(path), status.st_size)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = read_all(file, str(path))
        return Seen(content, status)
    finally:
        os.close(descriptor)


def _identity(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def problem(path: Path, what: str, error: OSError) -> FileProblem:
    """An OSError as a sentence on the path that the user knows."""
    match error.errno:
        case errno.ENOENT:
            return FileProblem(f"{path}: there is no such file")
        case errno.EACCES | errno.EPERM if what == "cannot be written":
            return FileProblem(f"{path}: {what}: no permission to make files in {path.parent}")
        case errno.EACCES | errno.EPERM:
            return FileProblem(f"{path}: {what}: no permission")
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return FileProblem(f"{path}: {what}: {error.strerror}", "nothing was changed; make room first")
        case errno.ENXIO:
            return paths.not_a_file(path)
        case _:
            return FileProblem(f"{path}: {what}: {error.strerror}")
