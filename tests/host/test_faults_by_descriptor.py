"""What fails on an open file or folder has no name in Python's error: whoever opened it says which one it was."""

import errno
import fcntl
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from eyamlgpg.errors import FileProblem
from eyamlgpg.host.bounded_files import BoundedDiskFiles
from eyamlgpg.host.files import DiskFiles
from eyamlgpg.host.lock import folder_lock, tree_lock
from eyamlgpg.host.private_folder import private_folder


def broken(*_words: object, **_more: object) -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def read(folder: Path) -> None:
    DiskFiles().read(folder / "file")


def read_bounded(folder: Path) -> None:
    BoundedDiskFiles().read_bounded(folder / "file", 100, follow_link=True)


def lock(folder: Path) -> None:
    with tree_lock(folder):
        pass


def lock_for_a_moment(folder: Path) -> None:
    with folder_lock(folder):
        pass


def find_private(folder: Path) -> None:
    with private_folder(folder / "private", uid=os.geteuid(), gid=os.getegid()):
        pass


def opened_files() -> int:
    return len([*Path("/dev/fd").iterdir()])


@pytest.mark.parametrize("use", [read, read_bounded, lock, lock_for_a_moment, find_private])
def test_a_state_that_cannot_be_had_is_an_error_with_a_name(
    use: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "private").mkdir(mode=0o700)
    before = opened_files()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fstat", broken)
        with pytest.raises(FileProblem, match="Input/output error") as caught:
            use(tmp_path)
    assert str(tmp_path) in caught.value.sentence
    assert opened_files() == before


class Unreadable(io.BytesIO):
    read = broken  # type: ignore[assignment]


@pytest.mark.parametrize("use", [read, read_bounded])
def test_a_content_that_cannot_be_read_is_an_error_with_a_name(
    use: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    before = opened_files()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdopen", lambda *_words, **_more: Unreadable())
        with pytest.raises(FileProblem, match="file: cannot be read: Input/output error"):
            use(tmp_path)
    assert opened_files() == before


@pytest.mark.parametrize("use", [lock, lock_for_a_moment])
def test_a_lock_that_cannot_be_undone_ends_with_its_descriptor(
    use: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was done under it is done, and is no error."""
    real = fcntl.flock

    def undo_fails(descriptor: int, what: int) -> None:
        if what == fcntl.LOCK_UN:
            broken()
        real(descriptor, what)

    with monkeypatch.context() as patch:
        patch.setattr(fcntl, "flock", undo_fails)
        use(tmp_path)
    descriptor = os.open(tmp_path, os.O_RDONLY)
    real(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(descriptor)
