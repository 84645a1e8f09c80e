"""Paths as users give them, looked at so that whatever goes wrong (a loop, no permission) is a FileProblem."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eyamlgpg.errors import FileProblem


def working_folder() -> Path:
    """The working directory; FileProblem where somebody has removed it, or closed a folder above it."""
    with _told(Path()):
        return Path.cwd()


def real(path: Path) -> Path:
    """The absolute path, links resolved; it need not exist. FileProblem for links in a circle."""
    with _told(path):
        resolved = path.resolve()
        # Python 3.13 raises no RuntimeError any more, and gives a circle back as far as it was resolved.
        if sys.version_info >= (3, 13) and any(map(os.path.islink, (resolved, *resolved.parents))):
            raise RuntimeError
        return resolved


def exists(path: Path) -> bool:
    """Whether something stands at this path, links followed; FileProblem where one cannot look."""
    return _mode(path) is not None


def is_folder(path: Path) -> bool:
    """Whether a folder stands at this path, links followed; FileProblem where one cannot look."""
    mode = _mode(path)
    return mode is not None and stat.S_ISDIR(mode)


def is_file(path: Path) -> bool:
    """Whether a plain file stands at this path, links followed; FileProblem where one cannot look."""
    mode = _mode(path)
    return mode is not None and stat.S_ISREG(mode)


def is_pipe(path: Path) -> bool:
    """Whether a pipe stands at this path, links followed: one with a name, or `/dev/fd/63` of bash's `<(command)`."""
    mode = _mode(path)
    return mode is not None and stat.S_ISFIFO(mode)


def refuse_stream(path: Path) -> None:
    """Raise FileProblem, by the user's own name, for a pipe, a socket or a device, which no tree holds.

    What cannot be looked at is told where it is read.
    """
    try:
        mode = _mode(path)
    except FileProblem:
        return
    if mode is not None and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise not_a_file(path)


def not_a_file(path: Path) -> FileProblem:
    """The error for a pipe or a device where a file is needed."""
    return FileProblem(f"{path}: is a pipe or a device, not a file", "save what comes from it in a file first")


def from_home(text: str) -> Path:
    """The path that a text names, `~` and `~user` at its beginning taken for a home; FileProblem for no such home."""
    is_own = Path(text).parts[:1] == ("~",)
    with _told(Path(text), "HOME is not set, and this user has no home" if is_own else "there is no such user"):
        return Path(text).expanduser()


def leads_out(path: Path, root: Path) -> bool:
    """Whether a path means something outside of the tree under `root`, or is a link to a further link.

    The latter, since `/dev/stdin` leads to whatever file a shell has put there, which may be one of the tree.
    """
    if not real(path).is_relative_to(real(root)):
        return True
    with _told(path):
        return path.is_symlink() and (path.parent / path.readlink()).is_symlink()


def lets_others_in(path: Path) -> bool:
    """Whether anybody but the owner has any right to what stands at a path."""
    mode = _mode(path)
    return mode is not None and bool(mode & 0o077)


def _mode(path: Path) -> int | None:
    with _told(path):
        try:
            return path.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return None


@contextmanager
def _told(path: Path, otherwise: str = "its links lead in a circle") -> Iterator[None]:
    """`otherwise`: what a RuntimeError of pathlib means here."""
    shown = "the working directory" if path == Path() else str(path)
    try:
        yield
    except OSError as error:
        raise FileProblem(f"{shown}: cannot be looked at: {error.strerror}") from None
    except RuntimeError:
        raise FileProblem(f"{shown}: {otherwise}") from None
    except ValueError:
        raise FileProblem(f"{shown}: is no path") from None
