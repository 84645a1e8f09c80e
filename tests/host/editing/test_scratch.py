# ruff: noqa: PT012  the claims are about blocks that are left early
import errno
import os
import resource
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from eyamlgpg.errors import FileProblem, Interrupted
from eyamlgpg.host.core_dumps import forbid_core_dumps
from eyamlgpg.host.editing import left_behind, places
from eyamlgpg.host.editing.left_behind import AGE, Swept, dead_folders, sweep
from eyamlgpg.host.editing.places import filesystem_type
from eyamlgpg.host.editing.scratch import Scratch
from eyamlgpg.host.signals import interruptible
from tests.host.conftest import FORKS, names_in

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = FORKS

SECRET = b"password: Tr0ub4dor\n"
MOUNTS = "/dev/vda / ext4 rw 0 0\ntmpfs /run/user/1000 tmpfs rw 0 0\ntmpfs /run/with\\040blank tmpfs rw 0 0\n"


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment whose TMPDIR is a memory file system, by a mount table that says so."""
    table = tmp_path / "mounts"
    place = tmp_path / "place"
    place.mkdir()
    table.write_text(f"/dev/vda / ext4 rw 0 0\ntmpfs {place.resolve()} tmpfs rw 0 0\n")
    monkeypatch.setattr(places, "MOUNTS", table)
    return {"TMPDIR": str(place)}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def left(environ: dict[str, str]) -> list[str]:
    return names_in(Path(environ["TMPDIR"]))


def test_the_plaintext_is_private_while_it_is_there_and_gone_afterwards(environ: dict[str, str]) -> None:
    former = os.umask(0)
    try:
        with Scratch(environ) as scratch:
            path = scratch.write("values.yaml", SECRET)
            seen = (path.name, mode(path), mode(scratch.folder), path.read_bytes(), scratch.read(path))
    finally:
        os.umask(former)
    assert (seen, left(environ)) == (("values.yaml", 0o600, 0o700, SECRET, SECRET), [])


def test_a_second_session_begins_with_a_new_file_of_the_same_name(environ: dict[str, str]) -> None:
    with Scratch(environ) as scratch:
        scratch.write("values.yaml", SECRET)
        scratch.write("values.yaml", b"again")
        assert (scratch.read("values.yaml"), names_in(scratch.folder)) == (b"again", ["values.yaml"])


def test_a_link_in_the_place_of_the_file_is_not_written_through(environ: dict[str, str], tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"kept")
    with Scratch(environ) as scratch:
        (scratch.folder / "values.yaml").symlink_to(victim)
        scratch.write("values.yaml", SECRET)
        assert scratch.read("values.yaml") == SECRET
    assert victim.read_bytes() == b"kept"


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../a", "/a"])
def test_a_name_leads_nowhere_else(environ: dict[str, str], name: str) -> None:
    with Scratch(environ) as scratch, pytest.raises(ValueError, match=r"^the name of a scratch file holds no folder$"):
        scratch.write(name, SECRET)


def test_a_file_that_an_editor_saved_by_renaming_is_read(environ: dict[str, str]) -> None:
    with Scratch(environ) as scratch:
        path = scratch.write("values.yaml", SECRET)
        (scratch.folder / "new").write_bytes(b"edited")
        (scratch.folder / "new").replace(path)
        assert scratch.read(path) == b"edited"


def test_what_an_editor_made_of_the_file_is_told(environ: dict[str, str]) -> None:
    said = []
    with Scratch(environ) as scratch:
        path = scratch.folder / "values.yaml"
        spoils: tuple[Callable[[Path], None], ...] = (
            lambda _: None,
            Path.mkdir,
            os.mkfifo,
            lambda path: path.symlink_to("/etc/passwd"),
        )
        for spoil in spoils:
            spoil(path)
            with pytest.raises(FileProblem) as error:
                scratch.read("values.yaml")
            said.append(error.value.sentence.removeprefix(f"{path}: "))
            if path.is_dir() and not path.is_symlink():
                path.rmdir()
            else:
                path.unlink(missing_ok=True)
    assert said == [
        "the scratch file was removed",
        "the scratch file is no longer a plain file",
        "the scratch file is no longer a plain file",
        "the scratch file cannot be read: Too many levels of symbolic links",
    ]


def test_no_room_for_the_plaintext_is_told_without_it(environ: dict[str, str]) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Scratch(environ) as scratch:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
        try:
            with pytest.raises(FileProblem) as error:
                scratch.write("values.yaml", SECRET)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    sentence = f"{scratch_path(environ, error)}: the scratch file cannot be written: File too large"
    assert (error.value.sentence, left(environ)) == (sentence, [])


def scratch_path(environ: dict[str, str], error: pytest.ExceptionInfo[FileProblem]) -> str:
    path = error.value.sentence.partition(":")[0]
    assert Path(path).parent.parent == Path(environ["TMPDIR"])
    return path


def test_every_kind_of_thing_that_an_editor_leaves_is_removed(environ: dict[str, str], tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").write_bytes(b"kept")
    with Scratch(environ) as scratch, socket.socket(socket.AF_UNIX) as listener:
        for name in ("values.yaml~", ".values.yaml.swp", "sub/deeper/backup"):
            (scratch.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (scratch.folder / name).write_bytes(SECRET)
        (scratch.folder / "link").symlink_to(kept / "file")
        (scratch.folder / "folder-link").symlink_to(kept)
        os.mkfifo(scratch.folder / "pipe")
        former = Path.cwd()
        os.chdir(scratch.folder)
        listener.bind("socket")
        os.chdir(former)
        (scratch.folder / "values.yaml~").chmod(0)
        (scratch.folder / "sub" / "deeper").chmod(0)
        (scratch.folder / "sub").chmod(0o500)
        scratch.folder.chmod(0o500)
    assert (left(environ), (kept / "file").read_bytes()) == ([], b"kept")


def test_each_file_is_overwritten_before_it_is_removed(environ: dict[str, str]) -> None:
    """Seen through a descriptor that was open before."""
    with Scratch(environ) as scratch:
        readers = [scratch.write(name, SECRET * 5000).open("rb") for name in ("a", "b")]
    overwritten = []
    for reader in readers:
        with reader:
            overwritten.append(reader.read())
    assert overwritten == [bytes(len(SECRET) * 5000)] * 2


def test_an_error_inside_is_the_one_that_comes_out(environ: dict[str, str]) -> None:
    with pytest.raises(FileProblem) as error, Scratch(environ) as scratch:
        scratch.write("values.yaml", SECRET)
        raise FileProblem("the editor's", "hint")
    assert (error.value.sentence, error.value.hints, left(environ)) == ("the editor's", ("hint",), [])


@pytest.fixture
def unremovable(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path) -> None:
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(Path, "rmdir", refuse)


@pytest.mark.usefixtures("unremovable")
def test_what_cannot_be_removed_is_an_error_that_names_it(environ: dict[str, str]) -> None:
    with pytest.raises(FileProblem) as error, Scratch(environ) as scratch:
        folder = scratch.folder
        scratch.write("values.yaml", SECRET)
    assert (error.value.sentence, error.value.hints, names_in(folder)) == (
        f"{folder}: the scratch folder cannot be removed: Device or resource busy",
        (f"plaintext may still be in {folder} (Device or resource busy): remove that folder",),
        [],
    )


@pytest.mark.usefixtures("unremovable")
def test_what_cannot_be_removed_is_a_hint_of_the_error_under_way(environ: dict[str, str]) -> None:
    with pytest.raises(FileProblem) as error, Scratch(environ) as scratch:
        folder = scratch.folder
        raise FileProblem("the editor's")
    assert (error.value.sentence, error.value.hints) == (
        "the editor's",
        (f"plaintext may still be in {folder} (Device or resource busy): remove that folder",),
    )


@pytest.mark.usefixtures("unremovable")
def test_what_cannot_be_removed_is_a_note_on_a_foreign_error(environ: dict[str, str]) -> None:
    with pytest.raises(ZeroDivisionError) as error, Scratch(environ) as scratch:
        folder = scratch.folder
        raise ZeroDivisionError
    said = f"plaintext may still be in {folder} (Device or resource busy): remove that folder"
    assert error.value.__notes__ == [said]


def test_a_file_that_cannot_be_unlinked_does_not_save_the_others(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    unlink = Path.unlink

    def refuse_one(path: Path, *, missing_ok: bool = False) -> None:
        if path.name == "stuck":
            raise OSError(errno.EPERM, "Operation not permitted")
        unlink(path, missing_ok=missing_ok)

    with pytest.raises(FileProblem) as error, Scratch(environ) as scratch:
        folder = scratch.folder
        for name in ("a", "stuck", "z"):
            scratch.write(name, SECRET)
        monkeypatch.setattr(Path, "unlink", refuse_one)
    assert error.value.sentence.startswith(f"{folder}: the scratch folder cannot be removed: ")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"stuck": bytes(len(SECRET))}


def test_a_folder_that_is_gone_already_is_no_error(environ: dict[str, str]) -> None:
    with Scratch(environ) as scratch:
        scratch.folder.rmdir()
    assert left(environ) == []


def test_a_signal_removes_the_plaintext(environ: dict[str, str]) -> None:
    with pytest.raises(Interrupted), interruptible(), Scratch(environ) as scratch:
        scratch.write("values.yaml", SECRET)
        signal.raise_signal(signal.SIGTERM)
    assert left(environ) == []


def test_a_signal_while_the_folder_is_made_removes_it(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    make = tempfile.mkdtemp

    def interrupted(prefix: str, dir: Path) -> str:  # noqa: A002
        made = make(prefix=prefix, dir=dir)
        signal.raise_signal(signal.SIGINT)
        return made

    monkeypatch.setattr(tempfile, "mkdtemp", interrupted)
    with pytest.raises(Interrupted), interruptible(), Scratch(environ):
        pytest.fail("the block must not begin")
    assert left(environ) == []


def test_a_process_that_ends_inside_the_block_removes_the_plaintext(tmp_path: Path) -> None:
    """By a net under the with block."""
    program = """
import os
from eyamlgpg.host.editing.scratch import Scratch
scratch = Scratch(os.environ).__enter__()
scratch.write("values.yaml", b"secret")
print(scratch.folder)
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (Path(ended.stdout.strip()).name[:9], Path(ended.stdout.strip()).exists()) == ("eyamlgpg-", False)


def test_a_forked_child_leaves_the_plaintext_of_its_parent_alone(environ: dict[str, str]) -> None:
    with Scratch(environ) as scratch:
        scratch.write("values.yaml", SECRET)
        child = os.fork()
        if child == 0:
            scratch.__exit__(None, None, None)
            os._exit(0)
        os.waitpid(child, 0)
        assert scratch.read("values.yaml") == SECRET


def test_outside_its_block_there_is_no_folder(environ: dict[str, str]) -> None:
    with Scratch(environ) as scratch:
        pass
    for outside in (scratch, Scratch(environ)):
        with pytest.raises(RuntimeError, match=r"^a Scratch exists only inside its with block$"):
            _ = outside.folder


# where it lies


def test_memory_is_preferred_to_the_folder_for_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = {name: tmp_path / name for name in ("runtime", "temporary")}
    for place in there.values():
        place.mkdir()
    table = tmp_path / "mounts"
    table.write_text(f"disk / ext4 rw 0 0\ntmpfs {there['runtime'].resolve()} tmpfs rw 0 0\n")
    monkeypatch.setattr(places, "MOUNTS", table)
    with Scratch({"XDG_RUNTIME_DIR": str(there["runtime"]), "TMPDIR": str(there["temporary"])}) as scratch:
        assert (scratch.folder.parent, scratch.on_disk) == (there["runtime"], False)


def test_a_named_place_that_is_no_memory_is_not_preferred(environ: dict[str, str], tmp_path: Path) -> None:
    with Scratch({"XDG_RUNTIME_DIR": str(tmp_path), **environ}) as scratch:
        assert (scratch.folder.parent, scratch.on_disk) == (Path(environ["TMPDIR"]), False)


@pytest.mark.parametrize("table", ["disk / ext4 rw 0 0\n", None])
def test_without_memory_the_plaintext_is_on_disk_and_that_can_be_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str | None
) -> None:
    """None: no mount table at all, as on macOS."""
    if table is not None:
        (tmp_path / "mounts").write_text(table)
    monkeypatch.setattr(places, "MOUNTS", tmp_path / "mounts")
    with Scratch({"TMPDIR": str(tmp_path)}) as scratch:
        assert (scratch.folder.parent, scratch.on_disk) == (tmp_path, True)


def test_a_place_that_cannot_be_used_is_passed_over(environ: dict[str, str], tmp_path: Path) -> None:
    with Scratch({"TMPDIR": str(tmp_path / "absent")}) as scratch:
        assert scratch.folder.parent == Path(tempfile.gettempdir())


def test_no_place_at_all_is_an_error(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/absent")
    with pytest.raises(FileProblem) as error, Scratch({}):
        pass
    assert (error.value.sentence, error.value.hints) == (
        "/absent: no scratch folder can be made: No such file or directory",
        ("set TMPDIR to a folder that you may write to",),
    )


@pytest.mark.parametrize(
    ("path", "mounts", "kind"),
    [
        ("/run/user/1000/eyamlgpg-x", MOUNTS, "tmpfs"),
        ("/run/user/10001", MOUNTS, "ext4"),
        ("/run/with blank/x", MOUNTS, "tmpfs"),
        ("/home", MOUNTS, "ext4"),
        ("/run/user/1000", MOUNTS + "/dev/vdb /run/user/1000 ext4 rw 0 0\n", "ext4"),
        ("/home", "short\n", None),
        ("/home", "", None),
    ],
)
def test_the_deepest_and_latest_mount_holds_a_path(path: str, mounts: str, kind: str | None) -> None:
    assert filesystem_type(Path(path), mounts) == kind


def test_core_dumps_are_forbidden_to_us_and_to_what_we_start() -> None:
    program = f"""
import resource, subprocess, sys
from eyamlgpg.host.core_dumps import {forbid_core_dumps.__name__}
forbid_core_dumps()
show = "import resource; print(resource.getrlimit(resource.RLIMIT_CORE)[0])"
subprocess.run([sys.executable, "-c", show], check=True)
"""
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout == b"0\n"


# leftovers of killed runs


def killed(environ: dict[str, str]) -> Path:
    """The folder of a run that was killed in the middle of an edit."""
    program = """
import os, signal, sys
from eyamlgpg.host.editing import places, scratch
places.MOUNTS = __import__("pathlib").Path(sys.argv[2])
with scratch.Scratch({"TMPDIR": sys.argv[1]}) as one:
    one.write("values.yaml", b"password: Tr0ub4dor")
    print(one.folder, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    words = [sys.executable, "-c", program, environ["TMPDIR"], str(places.MOUNTS)]
    done = subprocess.run(words, capture_output=True, check=False, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    return Path(done.stdout.strip())


def test_what_a_killed_run_left_is_overwritten_and_removed_by_the_next(environ: dict[str, str]) -> None:
    folder = killed(environ)
    with Scratch(environ):
        assert dead_folders(environ) == (folder,)
    with (folder / "values.yaml").open("rb") as reader:
        assert sweep(environ).gone == (folder,)
        assert set(reader.read()) == {0}
    assert (left(environ), sweep(environ)) == ([], Swept())


def test_what_a_living_run_holds_is_never_touched(environ: dict[str, str]) -> None:
    dead = killed(environ)
    with Scratch(environ) as scratch:
        path = scratch.write("values.yaml", SECRET)
        assert sweep(environ).gone == (dead,)
        with Scratch(environ) as other:
            assert (sweep(environ), other.folder.is_dir()) == (Swept(), True)
        assert path.read_bytes() == SECRET


@pytest.mark.parametrize("name", ["eyamlgpg-edit-x", "eyamlgpg-other", "other"])
@pytest.mark.parametrize("mode", [0o755, 0o700])
def test_only_a_folder_that_is_ours_alone_is_swept(environ: dict[str, str], name: str, mode: int) -> None:
    folder = Path(environ["TMPDIR"]) / name
    folder.mkdir()
    folder.chmod(mode)
    assert sweep(environ).gone == ((folder,) if (name, mode) == ("eyamlgpg-edit-x", 0o700) else ())


def test_neither_a_link_nor_what_it_leads_to_is_swept(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir(mode=0o700)
    (tmp_path / "kept" / "file").touch()
    link = Path(environ["TMPDIR"]) / "eyamlgpg-edit-link"
    link.symlink_to(tmp_path / "kept")
    assert (sweep(environ), link.is_symlink(), (tmp_path / "kept" / "file").exists()) == (Swept(), True, True)


def test_a_folder_that_was_swept_before_it_was_locked_is_made_anew(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run may look between our making of it and our locking."""
    made = tempfile.mkdtemp
    swept: list[Path] = []

    def made_and_swept(**words: str) -> str:
        folder = made(**words)
        if not swept:
            swept.extend(sweep(environ).gone)
        return folder

    monkeypatch.setattr(tempfile, "mkdtemp", made_and_swept)
    with Scratch(environ) as scratch:
        assert (len(swept), scratch.folder.is_dir(), scratch.folder in swept) == (1, True, False)


def test_a_place_in_which_this_run_would_make_none_is_swept_too(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In a container without /proc nobody can tell that /dev/shm is in memory; the run that was killed could."""
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    folder = killed({"TMPDIR": str(environ["TMPDIR"])}).rename(runtime / "eyamlgpg-edit-killed")
    monkeypatch.setattr(places, "MOUNTS", tmp_path / "absent")
    monkeypatch.setattr(left_behind, "PROCESSES", tmp_path / "absent")
    assert sweep({**environ, "XDG_RUNTIME_DIR": str(runtime)}).gone == (folder,)


@pytest.mark.parametrize(
    ("age", "is_named", "sees_processes", "gone", "left"),
    [
        (2 * AGE, False, True, True, False),
        (2 * AGE, True, True, False, True),
        (2 * AGE, False, False, False, True),
        (60, False, True, False, False),
    ],
    ids=["old", "old and open in an editor", "old, without /proc", "young"],
)
def test_a_folder_of_an_earlier_version_goes_when_nobody_can_be_at_work_in_it(
    age: int,
    is_named: bool,
    sees_processes: bool,
    gone: bool,
    left: bool,
    environ: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Those had no lock and another name."""
    folder = Path(environ["TMPDIR"]) / "eyamlgpg-1a_b2c3d"
    folder.mkdir(mode=0o700)
    (folder / "values.yaml").write_bytes(SECRET)
    then = time.time() - age
    os.utime(folder, (then, then))
    if not sees_processes:
        monkeypatch.setattr(left_behind, "PROCESSES", tmp_path / "absent")
    begins = "print(flush=True); input()"
    words = [sys.executable, "-c", begins, *([str(folder / "values.yaml")] if is_named else [])]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as editor:
        assert editor.stdout is not None
        editor.stdout.readline()
        swept = sweep(environ)
        editor.communicate(b"\n")
    assert swept == Swept((folder,) if gone else (), (folder,) if left else ())
    assert folder.exists() is not gone


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_the_folder_of_another_user_is_left_and_not_spoken_of(environ: dict[str, str]) -> None:
    """Anybody can make one of any name in /dev/shm, and that user's own next run sweeps it."""
    folder = killed(environ)
    os.chown(folder, 12345, 12345)
    assert (sweep(environ), folder.is_dir()) == (Swept(), True)
    os.chown(folder, 0, 0)
    assert sweep(environ).gone == (folder,)


def test_a_folder_that_vanishes_meanwhile_does_not_keep_others_from_being_swept(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, dead = Path(environ["TMPDIR"]) / "eyamlgpg-edit-0", killed(environ)
    gone.mkdir(mode=0o700)
    scanned = os.scandir

    def scandir(place: Path) -> list["os.DirEntry[str]"]:
        found = sorted(scanned(place), key=lambda entry: entry.name)
        if gone.exists():
            gone.rmdir()
        return found

    monkeypatch.setattr(os, "scandir", scandir)
    assert sweep(environ) == Swept((dead,))


def test_what_was_read_back_does_not_stay(environ: dict[str, str]) -> None:
    with Scratch(environ) as scratch:
        path = scratch.write("values.yaml", SECRET)
        (scratch.folder / "sub").mkdir()
        (scratch.folder / "sub" / "backup~").write_bytes(SECRET)
        with path.open("rb") as reader:
            scratch.empty()
            assert reader.read() == bytes(len(SECRET))
        assert names_in(scratch.folder) == []
        assert scratch.read(scratch.write("values.yaml", b"again")) == b"again"
