"""Files that come from others: listed, read with a bound, links not followed."""

import os
import stat
from pathlib import Path

from eyamlgpg.errors import FileProblem


class BoundedDiskFiles:
    """`operations.ports.BoundedFiles` on the disk."""

    def names(self, folder: Path) -> tuple[str, ...]:
        """The names in a folder, sorted; none for a folder that is not there. FileProblem for a link or a file."""
        try:
            state = folder.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except OSError as error:
            raise FileProblem(f"{folder}: cannot be looked into: {error.strerror}") from None
        if stat.S_ISLNK(state.st_mode):
            raise FileProblem(f"{folder}: is a symbolic link, which is not followed here")
        try:
            return tuple(sorted(path.name for path in folder.iterdir()))
        except OSError as error:
            raise FileProblem(f"{folder}: cannot be looked into: {error.strerror}") from None

    def read_bounded(self, path: Path, limit: int, *, follow_link: bool) -> bytes:
        """A plain file of at most `limit` bytes.

        FileProblem for a larger one, a folder, a pipe, and for a link unless it is to be followed.
        """
        flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | (0 if follow_link else os.O_NOFOLLOW)
        try:
            if not follow_link and path.is_symlink():
                raise FileProblem(f"{path}: is a symbolic link, which is not followed here")
            return _content(path, os.open(path, flags), limit)
        except FileNotFoundError:
            raise FileProblem(f"{path}: there is no such file") from None
        except OSError as error:
            raise FileProblem(f"{path}: cannot be read: {error.strerror}") from None

    def move(self, path: Path, target: Path) -> None:
        """Give a file another name, in place of what has that name; FileProblem where that cannot be."""
        try:
            path.replace(target)
        except OSError as error:
            raise FileProblem(f"{path}: cannot be moved to {target}: {error.strerror}") from None

    def make(self, folder: Path) -> None:
        """The folder with its parents, where they are not there yet; FileProblem where that cannot be."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileProblem(f"{folder}: cannot be made: {error.strerror}") from None


def _content(path: Path, descriptor: int, limit: int) -> bytes:
    """What an open file holds; the descriptor is closed."""
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise FileProblem(f"{path}: is no plain file")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            # One byte more than allowed tells a file that grows under our hands, too.
            content = b"" if state.st_size > limit else file.read(limit + 1)
    finally:
        os.close(descriptor)
    if state.st_size > limit or len(content) > limit:
        raise FileProblem(f"{path}: is larger than {limit:,} bytes, which is more than any file of this kind needs")
    return content
