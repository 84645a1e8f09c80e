import errno
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from eyamlgpg.errors import FileProblem, LockError
from eyamlgpg.host import lock
from eyamlgpg.host.lock import folder_lock, tree_lock
from tests.host.conftest import FORKS, names_in

pytestmark = FORKS

OTHER_RUN = """
import sys
from pathlib import Path
from eyamlgpg.host.lock import tree_lock
with tree_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def is_free(root: Path) -> bool:
    folder = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(folder)
    return True


def test_a_lock_is_held_inside_and_creates_no_file(tmp_path: Path) -> None:
    with tree_lock(tmp_path) as held:
        inside = (held, is_free(tmp_path), names_in(tmp_path))
    assert (inside, is_free(tmp_path)) == ((True, False, []), True)


def test_another_run_on_the_same_tree_is_told_to_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "TREE_PATIENCE", 0.2)
    (tmp_path / "tree").mkdir()
    (tmp_path / "link").symlink_to("tree")
    other = subprocess.Popen(
        [sys.executable, "-c", OTHER_RUN, str(tmp_path / "tree")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(LockError) as error, tree_lock(tmp_path / "link"):
            pass
        other.communicate()
    assert (error.value.sentence, error.value.hints) == (
        f"{tmp_path}/link: another run of eyamlgpg works on this tree",
        ("wait until it has ended, then try again",),
    )
    assert is_free(tmp_path / "tree")


def test_a_killed_run_leaves_no_lock(tmp_path: Path) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", OTHER_RUN, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with other:
        assert other.stdout is not None
        other.stdout.readline()
        held = not is_free(tmp_path)
        other.send_signal(signal.SIGKILL)
        other.wait()
    assert (held, is_free(tmp_path)) == (True, True)


def test_a_lock_is_freed_by_an_error_inside(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=r"^inside$"), tree_lock(tmp_path):
        raise FileProblem("inside")
    assert is_free(tmp_path)


def test_a_read_only_tree_can_be_locked(unprivileged: Path) -> None:
    unprivileged.chmod(0o555)
    with tree_lock(unprivileged) as held:
        assert (held, is_free(unprivileged)) == (True, False)


def test_a_forked_child_that_leaves_does_not_free_the_lock(tmp_path: Path) -> None:
    held = tree_lock(tmp_path)
    with held:
        child = os.fork()
        if child == 0:
            held.__exit__(None, None, None)
            os._exit(0)
        os.waitpid(child, 0)
        assert not is_free(tmp_path)


def test_a_forked_child_that_stays_does_not_keep_the_lock(tmp_path: Path) -> None:
    wait, go = os.pipe()
    with tree_lock(tmp_path):
        child = os.fork()
        if child == 0:
            os.close(go)
            os.read(wait, 1)
            os._exit(0)
    free = is_free(tmp_path)
    os.close(go)
    os.waitpid(child, 0)
    os.close(wait)
    assert free


def test_a_tree_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileProblem) as error, tree_lock(tmp_path / "absent"):
        pass
    assert error.value.sentence == f"{tmp_path}/absent: cannot be locked: No such file or directory"


def test_where_folders_cannot_be_locked_the_run_goes_on_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NFS answers a flock on a folder with EBADF."""
    monkeypatch.setattr(fcntl, "flock", failing(errno.EBADF))
    with tree_lock(tmp_path) as held:
        assert held is False


def test_any_other_failure_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fcntl, "flock", failing(errno.EIO))
    with pytest.raises(FileProblem, match=rf"^{tmp_path}: cannot be locked: Input/output error$"), tree_lock(tmp_path):
        pass


def failing(number: int) -> object:
    def flock(_descriptor: int, _operation: int) -> None:
        raise OSError(number, os.strerror(number))

    return flock


# waiting for a folder


def test_a_writer_waits_for_its_turn_and_says_what_it_waits_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "QUIET_SECONDS", 0.1)
    said: list[str] = []
    other = held_elsewhere(tmp_path)
    with threads_that(other.communicate, after=0.4), folder_lock(tmp_path, said.append) as held:
        assert (held, is_free(tmp_path)) == (True, False)
    assert said == [f"{tmp_path}: waiting for another run of eyamlgpg that is writing here …"]


def test_the_waiting_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "FOLDER_PATIENCE", 0.2)
    other = held_elsewhere(tmp_path)
    with pytest.raises(LockError, match="another run of eyamlgpg has been writing here"), folder_lock(tmp_path):
        pass
    other.communicate()
    assert is_free(tmp_path)


def test_whoever_holds_a_tree_may_write_in_its_root(tmp_path: Path) -> None:
    """`recrypt` locks the root folder, where the file may stand, too."""
    with tree_lock(tmp_path):
        with folder_lock(tmp_path) as inner:
            assert inner is True
        assert not is_free(tmp_path)
    assert is_free(tmp_path)


def test_another_thread_waits_as_another_run_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "FOLDER_PATIENCE", 0.1)
    refused: list[str] = []

    def other() -> None:
        try:
            with folder_lock(tmp_path):
                pass
        except LockError as error:
            refused.append(error.sentence)

    with folder_lock(tmp_path):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert len(refused) == 1


def test_a_child_of_a_killed_run_does_not_keep_the_lock(tmp_path: Path) -> None:
    program = OTHER_RUN.replace('print("held"', 'import os, time\n    os.fork() or time.sleep(60)\n    print("held"')
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with other:
        assert other.stdout is not None
        other.stdout.readline()
        held = not is_free(tmp_path)
        child = int(Path(f"/proc/{other.pid}/task/{other.pid}/children").read_text().split()[0])
        other.send_signal(signal.SIGKILL)
        other.wait()
        # The child may not have come to its first step yet; it sleeps for a minute after that.
        deadline = time.monotonic() + 20
        while not (free := is_free(tmp_path)) and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(child, signal.SIGKILL)
    assert (held, free) == (True, True)


def test_a_folder_that_cannot_be_opened_is_left_to_whoever_writes_there(tmp_path: Path) -> None:
    with folder_lock(tmp_path / "absent") as held:
        assert held is False


def held_elsewhere(folder: Path) -> "subprocess.Popen[bytes]":
    other = subprocess.Popen(
        [sys.executable, "-c", OTHER_RUN, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout is not None
    other.stdout.readline()
    return other


@contextmanager
def threads_that(act: Callable[[], object], *, after: float) -> Iterator[None]:
    thread = threading.Timer(after, act)
    thread.start()
    yield
    thread.join()
