"""`edit` at a real terminal: passphrases, questions, and signals while the editor is open."""

import os
import shlex
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pexpect
import pytest

from tests.support import keyrings, pinentry, terminals
from tests.support.corpus import TOKEN
from tests.support.keyrings import NewKey, make_key
from tests.support.pinentry import Pinentry
from tests.support.processes import holders
from tests.support.tool import Tool

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")

ROOT = Path(__file__).parents[3]
SECRET = "kept-secret-word"
MARKERS = f"---\na: DEC::GPG[{SECRET}]!\nb: DEC::GPG[two]!\nc: DEC::GPG[three]!\nd: DEC::GPG[four]!\n"
QUESTION = r"eyamlgpg: Return to the editor\? \[y/n\] "

HOLDS_STILL = "import sys, time; print('EDITING', open(sys.argv[1]).read(), flush=True); time.sleep(60)"
"""An editor that shows the text and never ends by itself."""


@dataclass
class Desk:
    """A terminal in a folder with one encrypted file, whose key has a passphrase."""

    folder: Path
    home: Path
    memory: Path
    pinentry: Pinentry

    @property
    def file(self) -> Path:
        return self.folder / "a.eyaml"

    def edit(self, editor: str) -> "pexpect.spawn[str]":
        """`eyamlgpg edit a.eyaml` with a Python program as the editor, which gets the file as sys.argv[1]."""
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "GNUPGHOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.memory),
            "PYTHONPATH": str(ROOT),
            "EDITOR": shlex.join([sys.executable, "-I", "-S", "-c", editor]),
            "TERM": "linux",
            "LC_ALL": "C.UTF-8",
        }
        argv = ["-m", "eyamlgpg", "edit", "-q", "a.eyaml"]
        return pexpect.spawn(
            sys.executable, argv, env=environ, cwd=str(self.folder), encoding="utf-8", timeout=60, dimensions=(50, 250)
        )

    def left(self) -> list[str]:
        """Scratch folders that are still there, and files that hold the secret."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return [
            *map(str, self.memory.iterdir()),
            *(str(path) for path in files if SECRET.encode() in path.read_bytes()),
        ]


@pytest.fixture
def desk(fresh_home: Path, tool: Tool, tmp_path: Path) -> Iterator[Desk]:
    """The agent has forgotten the passphrase, `correct`, which the pinentry knows until it is told otherwise."""
    fingerprint = make_key(fresh_home, NewKey(passphrase="correct"))
    (tmp_path / "hiera-eyaml-gpg.recipients").write_text(f"{fingerprint}\n")
    file = tmp_path / "a.eyaml"
    file.write_text(MARKERS)
    assert tool("encrypt", "-i", "-e", str(file), home=fresh_home).status == 0
    with tempfile.TemporaryDirectory(prefix="desk-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as memory:
        yield Desk(tmp_path, fresh_home, Path(memory), pinentry.install(fresh_home, "say correct"))
    keyrings.stop(fresh_home)


def ended(session: "pexpect.spawn[str]") -> tuple[int, str]:
    """The status, and what was printed since the last expectation."""
    session.expect(pexpect.EOF)
    session.close()
    assert session.exitstatus is not None
    return session.exitstatus, (session.before or "").replace("\r\n", "\n")


# passphrases


def test_the_passphrase_is_asked_for_once_however_many_values_there_are(desk: Desk) -> None:
    before = TOKEN.findall(desk.file.read_bytes())
    session = desk.edit(
        "import sys, pathlib as p; f = p.Path(sys.argv[1]); f.write_text(f.read_text().replace('two', '2'))"
    )
    status, said = ended(session)
    after = TOKEN.findall(desk.file.read_bytes())

    assert (status, said) == (0, "")
    assert (len(desk.pinentry.questions), [old == new for old, new in zip(before, after, strict=True)]) == (
        1,
        [True, False, True, True],
    )
    assert desk.left() == []


def test_the_pinentry_is_told_our_terminal(desk: Desk) -> None:
    status, terminal = ended(desk.edit("import os; print(os.ttyname(0))"))
    assert (status, f"ttyname={terminal.strip()}" in desk.pinentry.options) == (0, True)


def refusal(reason: str, *hints: str) -> str:
    """The same for each of the four values."""
    more = "".join(f"eyamlgpg:   {hint}\n" for hint in hints)
    return "".join(f"eyamlgpg: a.eyaml:{line}: {key}: {reason}\n{more}" for line, key in enumerate("abcd", 2))


@pytest.mark.parametrize(
    ("answer", "asked", "reason"),
    [("say wrong", 3, "the passphrase was wrong"), ("cancel", 1, "the passphrase was not given")],
)
def test_without_the_right_passphrase_no_editor_opens(answer: str, asked: int, reason: str, desk: Desk) -> None:
    """gpg-agent lets the user try three times; after that, or a refusal, it is not asked for the next value again."""
    before = desk.file.read_bytes()
    desk.pinentry.answer(answer)
    desk.pinentry.forget()
    status, said = ended(desk.edit(HOLDS_STILL))

    assert (status, said) == (4, refusal(reason))
    assert (len(desk.pinentry.questions), desk.file.read_bytes(), desk.left()) == (asked, before, [])


# questions

DOUBLES = """
import sys, pathlib
file = pathlib.Path(sys.argv[1]); text = file.read_text()
line = next(line for line in text.splitlines() if line.startswith("a: "))
if "copy: " in text:
    print("AGAIN", flush=True); file.write_text(text.replace("copy: DEC(1)", "copy: DEC"))
else:
    print("ONCE", flush=True); file.write_text(text + line.replace("a: ", "copy: ") + "\\n")
"""
"""Copies a line with its number the first time, and takes the number off the second time."""


def test_yes_goes_back_to_the_editor_with_the_text_as_it_was_left(desk: Desk) -> None:
    session = desk.edit(DOUBLES)
    session.expect("ONCE\r\n")
    session.expect(QUESTION)
    said = terminals.shown(session).replace("\r\n", "\n")
    session.send("y\r")
    session.expect("AGAIN\r\n")
    status, rest = ended(session)

    assert said == (
        "eyamlgpg: a.eyaml: the number 1 stands 2 times, in lines 13 and 17 of the editor\n"
        "eyamlgpg:   copies are written without a number: DEC::GPG[…]!\n"
    )
    assert (status, rest, len(TOKEN.findall(desk.file.read_bytes())), desk.left()) == (0, "", 5, [])


@pytest.mark.parametrize("keys", ["n\r", "\x04"], ids=["no", "Ctrl-D"])
def test_no_leaves_the_file_as_it_was_and_says_so(keys: str, desk: Desk) -> None:
    before = desk.file.read_bytes()
    session = desk.edit(DOUBLES)
    session.expect(QUESTION)
    session.send(keys)
    status, said = ended(session)

    assert (status, said.splitlines()[-1]) == (3, "eyamlgpg: a.eyaml: is as it was, nothing was saved")
    assert (desk.file.read_bytes(), desk.left()) == (before, [])


def test_an_unclear_answer_is_asked_again(desk: Desk) -> None:
    session = desk.edit(DOUBLES)
    for keys in ("\r", "what?\r", "n\r"):
        session.expect(QUESTION)
        session.send(keys)
    assert ended(session)[0] == 3


def test_another_ones_change_meanwhile_is_not_overwritten_without_a_yes(desk: Desk) -> None:
    theirs = b"a: theirs\n"
    session = desk.edit(
        "import sys, pathlib as p; f = p.Path(sys.argv[1]); f.write_text(f.read_text() + 'e: 1\\n');"
        f" p.Path({str(desk.file)!r}).write_bytes({theirs!r})"
    )
    session.expect(r"\[y/n\] ")
    said = terminals.shown(session).replace("\r\n", "\n")
    session.send("n\r")
    status, _ = ended(session)

    assert said.startswith("eyamlgpg: a.eyaml: was changed by somebody else meanwhile\n")
    assert (status, desk.file.read_bytes(), desk.left()) == (3, theirs, [])


# the editor and signals


@pytest.mark.parametrize(
    ("editor", "reason"),
    [
        ("import sys; sys.exit(7)", "ended with status 7"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "was killed by SIGKILL"),
    ],
)
def test_an_editor_that_fails_leaves_the_file_as_it_was(editor: str, reason: str, desk: Desk) -> None:
    before = desk.file.read_bytes()
    status, said = ended(desk.edit(editor))

    assert (status, said) == (
        3,
        f"eyamlgpg: the editor ({shlex.join([sys.executable, '-I', '-S', '-c', editor])}) {reason}\n",
    )
    assert (desk.file.read_bytes(), desk.left()) == (before, [])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_while_the_editor_is_open_leaves_nothing(number: signal.Signals, desk: Desk) -> None:
    before = desk.file.read_bytes()
    session = desk.edit(HOLDS_STILL)
    session.expect(SECRET)
    assert [path.stat().st_mode & 0o777 for path in desk.memory.glob("*")] == [0o700]
    os.kill(terminals.pid(session), number)
    status, said = ended(session)

    assert (status, said.splitlines()[-1]) == (130, f"eyamlgpg: interrupted by {number.name}")
    assert (desk.file.read_bytes(), desk.left(), holders(desk.memory)) == (before, [], [])


def test_a_terminal_that_is_closed_leaves_nothing(desk: Desk) -> None:
    before = desk.file.read_bytes()
    session = desk.edit(HOLDS_STILL)
    session.expect(SECRET)
    pid = terminals.pid(session)
    os.close(session.child_fd)
    session.closed = True
    gone(lambda: not _is_running(pid))

    assert (desk.file.read_bytes(), desk.left(), holders(desk.memory)) == (before, [], [])


def _is_running(pid: int) -> bool:
    return os.waitpid(pid, os.WNOHANG)[0] == 0


def gone(done: Callable[[], bool]) -> None:
    """Wait until it is so, and fail where it never is."""
    deadline = time.monotonic() + 30
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)
