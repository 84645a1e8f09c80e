import errno
import os
import resource
import socket
import stat
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from eyamlgpg.errors import FileProblem
from eyamlgpg.host import replacing
from eyamlgpg.host.files import DiskFiles
from eyamlgpg.repo import links
from tests.host.conftest import NOBODY, names_in

OLD, NEW = b"---\na: ENC[GPG,b2xk]\n", b"---\na: ENC[GPG,bmV3]\r\n\xff"
SOMEBODY = 4242


@pytest.fixture
def warnings() -> list[str]:
    return []


@pytest.fixture
def files(warnings: list[str]) -> DiskFiles:
    return DiskFiles(warnings.append)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "common.eyaml"
    path.write_bytes(OLD)
    return path


def problem(error: pytest.ExceptionInfo[FileProblem]) -> tuple[str, tuple[str, ...]]:
    return error.value.sentence, error.value.hints


# reading


def test_every_byte_of_a_file_is_read(files: DiskFiles, path: Path) -> None:
    path.write_bytes(NEW)
    assert files.read(path) == NEW


def test_a_missing_file_is_named(files: DiskFiles, tmp_path: Path) -> None:
    with pytest.raises(FileProblem) as error:
        files.read(tmp_path / "absent")
    assert problem(error) == (f"{tmp_path}/absent: there is no such file", ())


def test_a_folder_is_no_file(files: DiskFiles, tmp_path: Path) -> None:
    with pytest.raises(FileProblem) as error:
        files.read(tmp_path)
    assert problem(error) == (f"{tmp_path}: is a folder", ())


def test_a_pipe_is_refused_without_waiting_for_its_writer(files: DiskFiles, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileProblem) as error:
        files.read(tmp_path / "pipe")
    assert problem(error) == (
        f"{tmp_path}/pipe: is a pipe or a device, not a file",
        ("save what comes from it in a file first",),
    )


def test_a_device_is_refused(files: DiskFiles) -> None:
    with pytest.raises(FileProblem, match=r"^/dev/zero: is a pipe or a device, not a file$"):
        files.read(Path("/dev/zero"))


def test_a_socket_is_refused(files: DiskFiles, tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="s") as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{folder}/s")
        with pytest.raises(FileProblem, match=r"s: is a pipe or a device, not a file$"):
            files.read(Path(folder) / "s")


def test_a_file_that_may_not_be_read_is_named(files: DiskFiles, unprivileged: Path) -> None:
    (unprivileged / "closed").touch(mode=0)
    with pytest.raises(FileProblem) as error:
        files.read(unprivileged / "closed")
    assert problem(error) == (f"{unprivileged}/closed: cannot be read: no permission", ())


def test_a_link_that_leads_back_to_itself_is_an_error(files: DiskFiles, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(FileProblem, match=r"loop: cannot be read: Too many levels of symbolic links$"):
        files.read(tmp_path / "loop")
    with pytest.raises(FileProblem, match=r"loop: cannot be looked for: Too many levels of symbolic links$"):
        files.exists(tmp_path / "loop")


def test_what_stands_there_exists_with_its_links_followed(files: DiskFiles, path: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(path)
    (tmp_path / "dangling").symlink_to("nowhere")
    names = ("common.eyaml", "link", "dangling", "absent", "common.eyaml/below")
    assert [files.exists(tmp_path / name) for name in names] == [True, True, False, False, False]


# replacing


def test_a_file_gets_exactly_the_new_content(files: DiskFiles, path: Path, warnings: list[str]) -> None:
    files.replace(path, NEW, expected=OLD)
    assert (path.read_bytes(), names_in(path.parent), warnings) == (NEW, ["common.eyaml"], [])


def test_a_reader_who_has_the_file_open_sees_the_old_one_whole(files: DiskFiles, path: Path) -> None:
    with path.open("rb") as reader:
        files.replace(path, NEW, expected=OLD)
        assert reader.read() == OLD


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755])
def test_the_mode_is_kept(files: DiskFiles, path: Path, mode: int) -> None:
    path.chmod(mode)
    files.replace(path, NEW, expected=OLD)
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_new_file_gets_the_mode_that_umask_gives(files: DiskFiles, tmp_path: Path) -> None:
    former = os.umask(0o027)
    try:
        files.replace(tmp_path / "new.eyaml", NEW, expected=None)
    finally:
        os.umask(former)
    assert (stat.S_IMODE((tmp_path / "new.eyaml").stat().st_mode), names_in(tmp_path)) == (0o640, ["new.eyaml"])


def test_a_link_stays_a_link_and_its_target_is_replaced(files: DiskFiles, path: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.eyaml"
    link.symlink_to("../common.eyaml")
    files.replace(link, NEW, expected=OLD)
    assert (str(link.readlink()), path.read_bytes(), names_in(link.parent)) == ("../common.eyaml", NEW, ["link.eyaml"])


def test_a_dangling_link_leads_to_the_new_file(files: DiskFiles, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("target.eyaml")
    files.replace(tmp_path / "link", NEW, expected=None)
    assert (tmp_path / "target.eyaml").read_bytes() == NEW


def test_other_names_of_a_file_keep_the_old_content_and_that_is_said(
    files: DiskFiles, path: Path, tmp_path: Path, warnings: list[str]
) -> None:
    (tmp_path / "backup").hardlink_to(path)
    files.replace(path, NEW, expected=OLD)
    assert (path.read_bytes(), (tmp_path / "backup").read_bytes(), warnings) == (
        NEW,
        OLD,
        [f"{path}: had another name (a hard link), with the old content from now on"],
    )


def test_the_longest_name_can_be_replaced(files: DiskFiles, tmp_path: Path) -> None:
    path = tmp_path / ("ü" * 125 + ".yaml")
    path.write_bytes(OLD)
    files.replace(path, NEW, expected=OLD)
    assert path.read_bytes() == NEW


@pytest.mark.parametrize(
    ("now", "expected", "sentence"),
    [
        (b"theirs", OLD, "was changed by somebody else meanwhile"),
        (None, OLD, "was removed by somebody else meanwhile"),
        (b"theirs", None, "was made by somebody else meanwhile"),
    ],
)
def test_what_somebody_else_did_before_is_left(
    files: DiskFiles, path: Path, now: bytes | None, expected: bytes | None, sentence: str
) -> None:
    path.unlink()
    if now is not None:
        path.write_bytes(now)
    with pytest.raises(FileProblem) as error:
        files.replace(path, NEW, expected=expected)
    assert error.value.sentence == f"{path}: {sentence}"
    assert {file: file.read_bytes() for file in path.parent.iterdir()} == ({} if now is None else {path: now})


@pytest.mark.parametrize(
    ("expected", "theirs", "sentence"),
    [
        (OLD, b"theirs", "was changed by somebody else meanwhile"),
        (OLD, None, "was removed by somebody else meanwhile"),
        (None, b"theirs", "was made by somebody else meanwhile"),
    ],
)
def test_what_somebody_else_did_while_we_wrote_is_left(
    path: Path, monkeypatch: pytest.MonkeyPatch, expected: bytes | None, theirs: bytes | None, sentence: str
) -> None:
    if expected is None:
        path.unlink()

    def meanwhile(_name: str) -> str:
        path.unlink(missing_ok=True)
        if theirs is not None:
            path.write_bytes(theirs)
        return ".ours"

    monkeypatch.setattr(replacing, "temporary_name", meanwhile)
    with pytest.raises(FileProblem) as error:
        DiskFiles().replace(path, NEW, expected=expected)
    assert error.value.sentence == f"{path}: {sentence}"
    assert {file: file.read_bytes() for file in path.parent.iterdir()} == ({} if theirs is None else {path: theirs})


def test_a_read_only_file_is_refused(files: DiskFiles, unprivileged: Path) -> None:
    path = unprivileged / "fixed.eyaml"
    path.write_bytes(OLD)
    path.chmod(0o444)
    with pytest.raises(FileProblem) as error:
        files.replace(path, NEW, expected=OLD)
    assert problem(error) == (f"{path}: is read-only", ("give yourself the right to write to it first",))
    assert path.read_bytes() == OLD


def test_a_read_only_folder_is_named(files: DiskFiles, unprivileged: Path) -> None:
    path = unprivileged / "common.eyaml"
    path.write_bytes(OLD)
    unprivileged.chmod(0o555)
    with pytest.raises(FileProblem) as error:
        files.replace(path, NEW, expected=OLD)
    assert problem(error) == (f"{path}: cannot be written: no permission to make files in {unprivileged}", ())
    assert path.read_bytes() == OLD


def test_a_file_that_became_unreadable_is_not_replaced(files: DiskFiles, unprivileged: Path) -> None:
    path = unprivileged / "common.eyaml"
    path.touch(mode=0o200)
    with pytest.raises(FileProblem) as error:
        files.replace(path, NEW, expected=b"")
    assert problem(error) == (f"{path}: cannot be read: no permission", ())


def test_a_missing_folder_is_named(files: DiskFiles, tmp_path: Path) -> None:
    path = tmp_path / "absent" / "new.eyaml"
    with pytest.raises(FileProblem) as error:
        files.replace(path, NEW, expected=None)
    assert problem(error) == (f"{path}: cannot be written: there is no folder {path.parent}", ())


def test_a_folder_is_not_replaced(files: DiskFiles, tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=rf"^{tmp_path}: is a folder$"):
        files.replace(tmp_path, NEW, expected=None)


@contextmanager
def room_for(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_where_there_is_no_room_the_old_file_stays_whole_and_alone(files: DiskFiles, path: Path) -> None:
    with room_for(1000), pytest.raises(FileProblem) as error:
        files.replace(path, NEW * 1000, expected=OLD)
    assert problem(error) == (
        f"{path}: cannot be written: File too large",
        ("nothing was changed; make room first",),
    )
    assert (path.read_bytes(), names_in(path.parent)) == (OLD, ["common.eyaml"])


def test_a_run_that_is_broken_off_leaves_no_second_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_off(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", broken_off)
    with pytest.raises(KeyboardInterrupt):
        DiskFiles().replace(path, NEW, expected=OLD)
    assert (path.read_bytes(), names_in(path.parent)) == (OLD, ["common.eyaml"])


def test_a_folder_that_cannot_be_synced_is_no_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is in place by then."""
    sync = os.fsync

    def refuse_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", refuse_folders)
    DiskFiles().replace(path, NEW, expected=OLD)
    assert path.read_bytes() == NEW


# owner and group


@pytest.mark.usefixtures("root")
def test_root_keeps_the_owner_and_the_group(files: DiskFiles, path: Path, warnings: list[str]) -> None:
    os.chown(path, SOMEBODY, SOMEBODY + 1)
    path.chmod(0o640)
    files.replace(path, NEW, expected=OLD)
    now = path.stat()
    assert (now.st_uid, now.st_gid, stat.S_IMODE(now.st_mode), warnings) == (SOMEBODY, SOMEBODY + 1, 0o640, [])


@pytest.mark.usefixtures("root")
def test_a_colleague_s_file_becomes_ours_and_that_is_said(
    files: DiskFiles, unprivileged: Path, warnings: list[str]
) -> None:
    path = somebody_s(unprivileged, group=NOBODY)
    files.replace(path, NEW, expected=OLD)
    now = path.stat()
    assert (path.read_bytes(), now.st_uid, now.st_gid, stat.S_IMODE(now.st_mode)) == (NEW, NOBODY, NOBODY, 0o664)
    assert warnings == [f"{path}: belonged to user {SOMEBODY} and now belongs to you"]


@pytest.mark.usefixtures("root")
def test_a_file_of_a_group_that_is_not_ours_is_refused(
    files: DiskFiles, unprivileged: Path, warnings: list[str]
) -> None:
    path = somebody_s(unprivileged, group=SOMEBODY)
    with pytest.raises(FileProblem, match=rf"its group {SOMEBODY} cannot be kept, since you are not in it$"):
        files.replace(path, NEW, expected=OLD)
    assert (path.read_bytes(), names_in(unprivileged), warnings) == (OLD, ["common.eyaml"], [])


def somebody_s(folder: Path, *, group: int) -> Path:
    """A file of somebody else that the whole world may write, in a folder of ours."""
    path = folder / "common.eyaml"
    os.seteuid(0)
    try:
        path.write_bytes(OLD)
        os.chown(path, SOMEBODY, group)
        path.chmod(0o664 if group == NOBODY else 0o666)
    finally:
        os.seteuid(NOBODY)
    return path


# extended attributes

ACCESS, DEFAULT = "system.posix_acl_access", "system.posix_acl_default"
linux = pytest.mark.skipif(sys.platform != "linux", reason="extended attributes are kept on Linux")


def access_list(user: int) -> bytes:
    """u::rw- u:USER:rw- g::r-- m::rw- o::---, as the kernel has it (linux/posix_acl_xattr.h)."""
    undefined = 0xFFFFFFFF
    entries = ((1, 6, undefined), (2, 6, user), (4, 4, undefined), (16, 6, undefined), (32, 0, undefined))
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


def set_attribute(path: Path, name: str, value: bytes) -> None:
    try:
        os.setxattr(path, name, value)
    except OSError as error:
        if error.errno == errno.ENOTSUP:
            pytest.skip(f"the filesystem of {path} has no {name}")
        raise


@linux
def test_attributes_and_access_lists_are_kept(files: DiskFiles, path: Path) -> None:
    set_attribute(path, "user.origin", b"puppet")
    set_attribute(path, ACCESS, access_list(SOMEBODY))
    before = path.stat().st_mode
    files.replace(path, NEW, expected=OLD)
    assert path.stat().st_mode == before
    assert {name: os.getxattr(path, name) for name in sorted(os.listxattr(path))} == {
        ACCESS: access_list(SOMEBODY),
        "user.origin": b"puppet",
    }


@linux
def test_the_folder_s_default_access_list_opens_no_file_that_it_did_not_open_before(
    files: DiskFiles, path: Path
) -> None:
    set_attribute(path.parent, DEFAULT, access_list(SOMEBODY))
    path.chmod(0o660)
    files.replace(path, NEW, expected=OLD)
    assert (os.listxattr(path), stat.S_IMODE(path.stat().st_mode)) == ([], 0o660)


@linux
def test_a_filesystem_without_attributes_is_no_obstacle(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(_path: object) -> list[str]:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(os, "listxattr", unsupported)
    DiskFiles().replace(path, NEW, expected=OLD)
    assert path.read_bytes() == NEW


@linux
def test_an_attribute_that_cannot_be_kept_keeps_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_attribute(path, "user.origin", b"puppet")

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "setxattr", full)
    with pytest.raises(FileProblem, match=r"cannot be written: No space left on device$"):
        DiskFiles().replace(path, NEW, expected=OLD)
    assert (path.read_bytes(), names_in(path.parent)) == (OLD, ["common.eyaml"])


# looking upwards

NAME = "hiera-eyaml-gpg.recipients"


def test_the_nearest_file_upwards_is_found(files: DiskFiles, tmp_path: Path) -> None:
    deep = tmp_path / "data" / "nodes" / "web"
    deep.mkdir(parents=True)
    (tmp_path / NAME).touch()
    (tmp_path / "data" / NAME).touch()
    assert files.nearest_upwards(deep, NAME) == tmp_path.resolve() / "data" / NAME


def test_the_folder_itself_comes_first(files: DiskFiles, tmp_path: Path) -> None:
    (tmp_path / NAME).touch()
    assert files.nearest_upwards(tmp_path, NAME) == tmp_path.resolve() / NAME


def test_none_upwards_is_none(files: DiskFiles, tmp_path: Path) -> None:
    assert files.nearest_upwards(tmp_path, "no-such-name-anywhere-1f0c") is None


def test_the_way_upwards_starts_at_the_real_folder(files: DiskFiles, tmp_path: Path) -> None:
    """As the gems do: the links of a source are resolved first."""
    (tmp_path / "real" / "folder").mkdir(parents=True)
    (tmp_path / "real" / NAME).touch()
    (tmp_path / NAME).touch()
    (tmp_path / "link").symlink_to("real/folder")
    assert files.nearest_upwards(tmp_path / "link", NAME) == tmp_path.resolve() / "real" / NAME


def test_a_folder_yet_to_be_made_is_looked_for_above(files: DiskFiles, tmp_path: Path) -> None:
    (tmp_path / NAME).touch()
    assert files.nearest_upwards(tmp_path / "not" / "yet", NAME) == tmp_path.resolve() / NAME


def test_a_dangling_link_is_not_passed_over(files: DiskFiles, tmp_path: Path) -> None:
    """Else the values would be encrypted to other people, further up."""
    (tmp_path / "data").mkdir()
    (tmp_path / NAME).touch()
    (tmp_path / "data" / NAME).symlink_to("nowhere")
    assert files.nearest_upwards(tmp_path / "data", NAME) == tmp_path.resolve() / "data" / NAME


def test_a_folder_that_cannot_be_looked_into_is_an_error(files: DiskFiles, unprivileged: Path) -> None:
    closed = unprivileged / "closed"
    closed.mkdir()
    closed.chmod(0)
    with pytest.raises(FileProblem) as error:
        files.nearest_upwards(closed, NAME)
    assert problem(error) == (f"{closed.resolve()}/{NAME}: cannot be looked for: no permission", ())


# several writers


WRITER = """
import sys
from pathlib import Path
from eyamlgpg.host.files import DiskFiles
from eyamlgpg.errors import ChangedMeanwhile
files, path, done = DiskFiles(), Path(sys.argv[1]), 0
while done < 40:
    content = files.read(path)
    try:
        files.replace(path, content + b"x", expected=content)
        done += 1
    except ChangedMeanwhile:
        pass
"""


def test_no_write_that_was_done_is_lost(path: Path) -> None:
    """Between a last look and a rename was a gap, into which other writers came."""
    path.write_bytes(b"")
    others = [subprocess.Popen([sys.executable, "-c", WRITER, str(path)]) for _ in range(4)]
    assert [other.wait() for other in others] == [0] * 4
    assert path.read_bytes() == b"x" * 160


@pytest.mark.parametrize("links", [True, False], ids=["hard links", "no hard links"])
def test_a_new_file_overwrites_nobodys(
    files: DiskFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    """Another program, which takes no lock, makes the file between our last look and the rename."""
    looked = replacing._refuse_if_changed

    def look_then_lose(path: Path, target: Path, old: object) -> None:
        looked(path, target, old)  # type: ignore[arg-type]
        target.write_bytes(b"theirs")

    monkeypatch.setattr(replacing, "_refuse_if_changed", look_then_lose)
    if not links:
        monkeypatch.setattr(os, "link", no_hard_links)
    with pytest.raises(FileProblem, match="was made by somebody else meanwhile"):
        files.replace(tmp_path / "new.eyaml", NEW, expected=None)
    assert ((tmp_path / "new.eyaml").read_bytes(), names_in(tmp_path)) == (b"theirs", ["new.eyaml"])


def test_a_new_file_is_made_where_there_are_no_hard_links(
    files: DiskFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", no_hard_links)
    files.replace(tmp_path / "new.eyaml", NEW, expected=None)
    assert ((tmp_path / "new.eyaml").read_bytes(), names_in(tmp_path)) == (NEW, ["new.eyaml"])


def no_hard_links(*_args: object, **_options: object) -> None:
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


def test_a_file_that_is_larger_than_any_of_its_kind_is_refused_before_it_is_read(
    files: DiskFiles, tmp_path: Path
) -> None:
    """A sparse file of many gigabytes takes no room on the disk or in a repository, and all of the memory."""
    path = tmp_path / "big.eyaml"
    path.touch()
    os.truncate(path, 6 << 30)
    for read in (partial(files.read, path), partial(links.content, tmp_path, "big.eyaml")):
        with pytest.raises(FileProblem, match="is larger than 512 MiB"):
            read()
