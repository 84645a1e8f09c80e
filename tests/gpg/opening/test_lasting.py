"""One process opens for many: each message once, for as long as it is wanted, and never for another user."""

import os
import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from eyamlgpg.gpg.opening import lasting
from eyamlgpg.gpg.opening.lasting import Asking, leave_behind, place, serve
from tests.support import keyrings


class Counting:
    """Opens what begins with `ours`, and counts."""

    def __init__(self, *, is_locked: bool = False) -> None:
        self.is_locked = is_locked
        self.asked: list[bytes] = []

    def open(self, message: bytes) -> bytes | None:
        self.asked.append(message)
        return message.upper() if message.startswith(b"ours") else None


@pytest.fixture
def folder() -> Iterator[Path]:
    """A private one, with a path that is short enough for a socket."""
    made = keyrings.short_folder()
    yield made
    keyrings.remove(made)


@contextmanager
def serving(path: Path, opener: Counting) -> Iterator[None]:
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(path))
    listening.listen()
    wanted = [True]
    thread = threading.Thread(target=serve, args=(listening, opener, lambda: wanted[0]))
    thread.start()
    try:
        yield
    finally:
        wanted.clear()
        wanted.append(False)
        thread.join(5)
        listening.close()
        assert not thread.is_alive()


def ask(path: Path, *messages: bytes) -> list[bytes | None]:
    asking = Asking(path, Counting)
    try:
        return [asking.open(message) for message in messages]
    finally:
        asking._socket.close()


def test_each_message_is_opened_once_whoever_asks(folder: Path) -> None:
    opener = Counting()
    with serving(folder / "s", opener):
        for _ in range(3):
            assert ask(folder / "s", b"ours 1", b"other", b"", b"ours 2") == [b"OURS 1", None, None, b"OURS 2"]
    assert opener.asked == [b"ours 1", b"other", b"", b"ours 2"]


def test_what_is_locked_is_tried_again(folder: Path) -> None:
    opener = Counting(is_locked=True)
    with serving(folder / "s", opener):
        ask(folder / "s", b"other")
        ask(folder / "s", b"other")
    assert opener.asked == [b"other", b"other"]


def test_whoever_asks_goes_on_alone_where_it_is_gone(folder: Path) -> None:
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(folder / "s"))
    listening.listen()
    asking = Asking(folder / "s", Counting)
    listening.close()
    assert [asking.open(b"ours"), asking.open(b"x")] == [b"OURS", None]


def test_where_it_is_gone_and_nothing_else_opens_all_stays_closed(folder: Path) -> None:
    """As with a gpg that can say its version and cannot read its keyring: git would end its whole log."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(folder / "s"))
    listening.listen()
    others: list[None] = [None]
    asking = Asking(folder / "s", others.pop)
    listening.close()
    assert [asking.open(b"ours"), asking.open(b"x"), asking.is_locked, others] == [None, None, False, []]


def test_a_peer_that_is_silent_or_says_nonsense_holds_nobody_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lasting, "PATIENCE_SECONDS", 0.1)
    with serving(folder / "s", Counting()):
        for said in (b"", b"\xff\xff\xff\xff", b"\0\0"):
            peer = socket.socket(socket.AF_UNIX)
            peer.connect(str(folder / "s"))
            peer.sendall(said)
            assert ask(folder / "s", b"ours") == [b"OURS"]
            peer.close()


def test_it_is_a_process_of_its_own_that_holds_nothing_of_ours_and_ends_when_nobody_wants_it(folder: Path) -> None:
    path = place({"XDG_RUNTIME_DIR": str(folder)}, os.getpid(), "1")
    assert path is not None
    (folder / "wanted").touch()
    reading, writing = os.pipe()
    leave_behind(path, Counting, (folder / "wanted").exists)
    os.close(writing)
    assert os.read(reading, 1) == b""
    os.close(reading)
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert ask(path, b"ours") == [b"OURS"]
    (folder / "wanted").unlink()
    os.wait()
    assert not path.exists()


def test_the_socket_of_one_that_was_killed_goes_with_the_next(folder: Path) -> None:
    dead = folder / "S.eyamlgpg-99999999-1-abc"
    dead.touch()
    path = place({"XDG_RUNTIME_DIR": str(folder)}, os.getpid(), "1")
    assert path is not None
    leave_behind(path, Counting, lambda: False)
    os.wait()
    assert list(folder.iterdir()) == []


def test_only_a_folder_of_the_users_alone_is_taken(folder: Path) -> None:
    environ = {"XDG_RUNTIME_DIR": str(folder), "HOME": "/nonexistent"}
    assert place(environ, 1, "2") is not None
    folder.chmod(0o755)
    assert place(environ, 1, "2") is None
    assert place({"HOME": "/nonexistent"}, 1, "2") is None
    folder.chmod(0o700)
