"""Nobody waits without a word: whatever hangs behind gpg or its agent is told after a while, once a run."""

import os
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from eyamlgpg.errors import GnupgError
from eyamlgpg.gpg import waiting
from eyamlgpg.gpg.importing import Importer
from eyamlgpg.gpg.opening.agent import Agent
from eyamlgpg.gpg.opening.assuan import Unexpected
from eyamlgpg.gpg.opening.engine import Engine
from eyamlgpg.gpg.opening.lasting import Asking
from eyamlgpg.gpg.session import Session
from eyamlgpg.gpg.waiting import Waiting
from tests.support import agents, keyrings, pinentry
from tests.support.keyrings import known

SHORT = 0.2
LATE = 'case "$*" in *--version*) ;; *) sleep 0.7;; esac'


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(waiting, "QUIET_SECONDS", SHORT)
    return []


@pytest.fixture
def slow(home: Callable[[str], Path], tmp_path: Path, told: list[str], environ: dict[str, str]) -> Session:
    """Somebody's gpg, which takes its time."""
    return Session(home("alice"), wrapped(tmp_path, environ, LATE), waiting=Waiting(told.append))


def wrapped(folder: Path, environ: dict[str, str], before: str) -> dict[str, str]:
    (folder / "gpg").write_text(f'#!/bin/sh\n{before}\nPATH="{environ["PATH"]}" exec gpg "$@"\n')
    (folder / "gpg").chmod(0o755)
    return {**environ, "PATH": f"{folder}{os.pathsep}{environ['PATH']}"}


@pytest.mark.parametrize(
    "call",
    [
        lambda session: session.run(["--list-keys"]),
        lambda session: Engine(session).opened(b"no message"),
        lambda session: Importer(session).take(known("bob").public, ()),
    ],
    ids=["a listing", "a message", "an import"],
)
def test_a_gpg_that_takes_long_is_told_of_once(
    slow: Session, told: list[str], call: Callable[[Session], object], home_copy: Callable[[str], Path]
) -> None:
    session = slow.moved(home_copy("alice"))
    for _ in range(2):
        call(session)
    [sentence] = told
    assert sentence.startswith("still waiting for gpg after 0 seconds; it may wait for its agent, a lock, a card")
    assert "Ctrl-C ends this run" in sentence


def test_what_gpg_waits_for_is_told_in_its_own_words(
    home: Callable[[str], Path], tmp_path: Path, told: list[str], environ: dict[str, str]
) -> None:
    """gpg waits for ever for a lock whose holder still lives, whatever that one is."""
    slow = wrapped(tmp_path, environ, 'echo "gpg: waiting for lock (held by 4711) ..." >&2; sleep 0.7')
    Session(home("alice"), slow, waiting=Waiting(told.append)).run(["--list-keys"])
    assert "(waiting for lock (held by 4711) ...)" in told[0]


def test_a_quick_gpg_is_not_told_of(home: Callable[[str], Path], environ: dict[str, str]) -> None:
    told: list[str] = []
    session = Session(home("alice"), environ, waiting=Waiting(told.append))
    session.run(["--list-keys"])
    Importer(session)
    assert not told


def test_who_is_asked_for_a_passphrase_sees_that(home_copy: Callable[[str], Path], environ: dict[str, str]) -> None:
    """The pinentry may own the terminal: nothing is written over it."""
    home = home_copy("alice")
    grace = keyrings.make_key(home, keyrings.NewKey("Grace <grace@example.com>", passphrase="right"))
    message = keyrings.gpg(home, "--trust-model", "always", "--encrypt", "-r", grace, stdin=b"a text")
    pinentry.install(home, "say right")
    ran = Engine(Session(home, environ)).opened(message)
    assert ran.stdout == b"a text"
    told: list[str] = []
    Waiting(told.append).tell("gpg", ran.stderr)
    assert not told
    Waiting(told.append).tell("gpg", ran.stderr.replace(b"PINENTRY_LAUNCHED", b""))
    assert told


@contextmanager
def silent(*said: bytes, later: bytes) -> Iterator[Path]:
    """A socket whose owner says these things, each before a line comes, and then, after a while, the last one."""
    folder = keyrings.short_folder()
    path = folder / "s"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        thread = threading.Thread(target=_serve, args=(server, said, later), daemon=True)
        thread.start()
        yield path
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)
    keyrings.remove(folder)


def _serve(server: socket.socket, said: Sequence[bytes], later: bytes) -> None:
    with suppress(OSError):
        connection, _ = server.accept()
        with connection:
            for one in said:
                connection.sendall(one)
                connection.recv(1000)
            threading.Event().wait(0.7)
            connection.sendall(later)


def test_an_agent_that_takes_long_is_told_of_and_waited_for(told: list[str]) -> None:
    with silent(b"OK hello\n", b"OK\n", later=b"ERR 67108949 x\n") as path:
        agent = Agent(path, Waiting(told.append))
        with pytest.raises(Exception, match="67108949"):
            agent.rsa("A" * 40, b"abc")
        agent.close()
    assert "still waiting for gpg-agent" in told[0]


@pytest.mark.parametrize("said", [(b"",), (b"OK hello\n", b"")], ids=["no greeting", "no answer to an option"])
def test_an_agent_that_is_silent_where_nobody_could_be_asked_is_given_up(
    monkeypatch: pytest.MonkeyPatch, said: tuple[bytes, ...]
) -> None:
    monkeypatch.setattr("eyamlgpg.gpg.opening.assuan.Connection.__init__.__defaults__", (SHORT,))
    with agents.saying(*said, b"", b"") as (path, _), pytest.raises(Unexpected):
        Agent(path)


def test_the_opener_that_a_git_shares_is_told_of_where_it_takes_long(told: list[str]) -> None:
    with silent(b"", later=b"-") as path:
        asking = Asking(path, lambda: None, Waiting(told.append))
        assert asking.open(b"a message") is None
        assert asking.open(b"another one, after it has ended") is None
    assert "still waiting for gpg-agent" in told[0]


def test_a_look_that_must_never_hang_ends_by_itself(
    home: Callable[[str], Path], tmp_path: Path, environ: dict[str, str]
) -> None:
    """As `doctor` looks."""
    session = Session(home("alice"), wrapped(tmp_path, environ, "sleep 5")).hurried(SHORT)
    with pytest.raises(GnupgError, match=r"gpg did not answer within 0\.2 seconds"):
        session.run(["--list-keys"])
