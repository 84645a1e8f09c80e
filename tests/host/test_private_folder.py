"""A folder for one user alone: made so, or refused."""

import errno
import os
from pathlib import Path

import pytest

from eyamlgpg.errors import EyamlgpgError, FileProblem, UsageError
from eyamlgpg.host import owners
from eyamlgpg.host.private_folder import private_folder

ME = {"uid": os.geteuid(), "gid": os.getegid()}


def refused(path: Path, uid: int = os.geteuid()) -> str:
    with pytest.raises(FileProblem) as caught, private_folder(path, uid=uid, gid=os.getegid()):
        pass
    return caught.value.sentence.removeprefix(f"{path}: ")


def test_a_new_folder_is_private_and_so_are_its_files_whatever_the_umask(tmp_path: Path) -> None:
    umask = os.umask(0)
    try:
        with private_folder(tmp_path / "home", **ME) as folder:
            folder.write_new("file", b"content")
    finally:
        os.umask(umask)
    assert (tmp_path / "home").stat().st_mode & 0o7777 == 0o700
    assert (tmp_path / "home" / "file").stat().st_mode & 0o7777 == 0o600
    assert (tmp_path / "home" / "file").read_bytes() == b"content"


def test_a_folder_that_cannot_be_made_private_is_named_and_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the next run would find a folder that is not its user's."""

    def full(*_words: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fchmod", full)
        assert refused(tmp_path / "home") == f"cannot be given to user {os.geteuid()}: No space left on device"
    with private_folder(tmp_path / "home", **ME):
        pass


def test_a_folder_that_is_there_and_private_is_taken(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o700)
    with private_folder(tmp_path / "home", **ME) as folder:
        assert folder.path == tmp_path / "home"


def test_no_file_is_written_over_and_no_link_is_written_through(tmp_path: Path) -> None:
    with private_folder(tmp_path / "home", **ME) as folder:
        (folder.path / "link").symlink_to(tmp_path / "elsewhere")
        (folder.path / "file").write_bytes(b"old")
        for name in ("link", "file"):
            with pytest.raises(FileProblem, match=rf"{name}: cannot be written: File exists\Z"):
                folder.write_new(name, b"new")
    assert not (tmp_path / "elsewhere").exists()
    assert (tmp_path / "home" / "file").read_bytes() == b"old"


def test_a_folder_of_others_and_what_is_no_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o750)
    (tmp_path / "private").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to("private")
    (tmp_path / "file").touch()
    assert refused(tmp_path / "open") == "mode 750 lets other users in"
    assert refused(tmp_path / "private", uid=os.geteuid() + 1) == (
        f"belongs to user {os.geteuid()}, not to user {os.geteuid() + 1}"
    )
    assert refused(tmp_path / "link") == "is no folder that a GnuPG home could be: Not a directory"
    assert refused(tmp_path / "file") == "is no folder that a GnuPG home could be: Not a directory"
    assert refused(tmp_path / "none" / "home") == f"there is no folder {tmp_path / 'none'} to make it in"
    assert refused(tmp_path / "file" / "home") == "cannot be made: Not a directory"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives folders away")
def test_root_gives_a_new_folder_and_its_files_to_the_user(tmp_path: Path) -> None:
    with private_folder(tmp_path / "home", uid=12345, gid=23456) as folder:
        folder.write_new("file", b"")
    states = [(tmp_path / name).stat() for name in ("home", "home/file")]
    assert [(state.st_uid, state.st_gid) for state in states] == [(12345, 23456)] * 2


@pytest.mark.parametrize(
    ("text", "kind", "sentence"),
    [
        ("puppet", UsageError, "--owner puppet: is not USER:GROUP"),
        (":puppet", UsageError, "--owner :puppet: is not USER:GROUP"),
        (
            "nobody-at-all:root",
            FileProblem,
            "--owner nobody-at-all:root: there is no user nobody-at-all on this machine",
        ),
        (
            "root:nothing-at-all",
            FileProblem,
            "--owner root:nothing-at-all: there is no group nothing-at-all on this machine",
        ),
    ],
)
def test_an_owner_is_a_user_and_a_group_of_this_machine(text: str, kind: type[EyamlgpgError], sentence: str) -> None:
    with pytest.raises(kind) as caught:
        owners.look_up(text)
    assert caught.value.sentence == sentence


def test_an_owner_is_known_by_numbers_and_folder() -> None:
    assert owners.look_up("root:root")[2:] == (0, 0, Path("/root"))


def test_one_may_make_folders_for_oneself_and_root_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    owners.require_right("me:us", 1000)
    with pytest.raises(FileProblem, match=r"^--owner puppet:puppet: only root or puppet may make"):
        owners.require_right("puppet:puppet", 52)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    owners.require_right("puppet:puppet", 52)
