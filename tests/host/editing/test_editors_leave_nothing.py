"""Real editors at a real terminal, in homes whose configuration keeps copies of everything."""

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pexpect
import pytest

from eyamlgpg.host.editing.places import IN_MEMORY, MOUNTS, filesystem_type
from tests.host.conftest import FORKS
from tests.host.editing.editor_homes import EDITED, PLAINTEXT, REHEARSALS, SECRET, Rehearsal
from tests.support import terminals

pytestmark = [pytest.mark.editors, FORKS]

SESSION = Path(__file__).with_name("edit_session.py")
PATIENCE = 60


@dataclass
class Desk:
    """A home with a configuration, a TMPDIR, and a place in memory for scratch folders."""

    rehearsal: Rehearsal
    home: Path
    temporary: Path
    memory: Path

    def sit_down(self, *options: str) -> "pexpect.spawn[str]":
        environ = {
            "HOME": str(self.home),
            "PATH": os.environ["PATH"],
            # nano run by root takes its home from the password file, but honours these
            "XDG_CONFIG_HOME": str(self.home / ".config"),
            "XDG_DATA_HOME": str(self.home / ".local/share"),
            "TMPDIR": str(self.temporary),
            "XDG_RUNTIME_DIR": str(self.memory),
            "EDITOR": f"{self.rehearsal.program} {self.rehearsal.arguments}",
            "PLAINTEXT": PLAINTEXT,
            "PYTHONPATH": str(SESSION.parents[3]),
            "TERM": "linux",
            "LC_ALL": "C.UTF-8",
        }
        session = pexpect.spawn(
            sys.executable,
            [str(SESSION), *options],
            env=environ,
            cwd=str(self.home),
            encoding="utf-8",
            codec_errors="replace",
            timeout=PATIENCE,
            dimensions=(24, 120),
        )
        session.expect("editing")
        session.expect(SECRET)  # the editor has drawn the text
        time.sleep(0.5)
        return session

    def traces(self) -> list[str]:
        """Where the secret is found afterwards, and what scratch folders are left."""
        found = [str(path) for path in self.memory.iterdir() if path.name.startswith("eyamlgpg-")]
        for folder in (self.home, self.temporary, self.memory):
            for path in folder.rglob("*"):
                if path.is_file() and not path.is_symlink() and SECRET.encode() in path.read_bytes():
                    found += [str(path.relative_to(folder))]
        return found


def type_slowly(session: "pexpect.spawn[str]", keys: tuple[str, ...]) -> None:
    for key in keys:
        session.send(key)
        time.sleep(0.4)


@pytest.fixture(params=REHEARSALS, ids=lambda rehearsal: rehearsal.program)
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    rehearsal: Rehearsal = request.param
    if shutil.which(rehearsal.program) is None:
        pytest.skip(f"{rehearsal.program} is not installed")
    if not MOUNTS.exists() or filesystem_type(Path("/dev/shm"), MOUNTS.read_text()) not in IN_MEMORY:
        pytest.skip("there is no tmpfs at /dev/shm")
    for name in ("home", "tmp"):
        (tmp_path / name).mkdir()
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="desk-") as memory:
        yield Desk(rehearsal, rehearsal.home(tmp_path / "home"), tmp_path / "tmp", Path(memory))


def test_an_edit_is_saved_and_leaves_no_copy_anywhere(desk: Desk) -> None:
    session = desk.sit_down()
    type_slowly(session, desk.rehearsal.keys)
    session.expect(r"left: ([0-9a-f]+)\r\n")
    saved = bytes.fromhex(terminals.matched(session)[1]).decode()
    session.expect(pexpect.EOF)

    assert saved == EDITED
    assert desk.traces() == []


def test_the_same_configuration_does_leave_copies_without_our_options(desk: Desk) -> None:
    """Else the claim above would prove nothing."""
    session = desk.sit_down("--bare")
    type_slowly(session, desk.rehearsal.keys)
    session.expect(r"left: ([0-9a-f]+)\r\n")
    session.expect(pexpect.EOF)

    assert desk.traces() != []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_to_us_ends_the_editor_and_leaves_no_copy_of_what_is_unsaved(
    desk: Desk, number: signal.Signals
) -> None:
    session = desk.sit_down()
    type_slowly(session, desk.rehearsal.unsaved)
    os.kill(terminals.pid(session), number)
    session.expect(f"error: interrupted by {number.name}")
    session.expect(pexpect.EOF)

    assert desk.traces() == []


def test_a_closed_terminal_ends_the_editor_and_leaves_no_copy_of_what_was_typed(desk: Desk) -> None:
    session = desk.sit_down()
    type_slowly(session, desk.rehearsal.unsaved)
    terminals.hang_up(session)
    os.waitpid(terminals.pid(session), 0)

    assert desk.traces() == []
