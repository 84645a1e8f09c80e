"""Secrets typed unseen, at a real terminal and under a shell with job control."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from eyamlgpg.errors import QuestionError
from eyamlgpg.host import hidden
from eyamlgpg.host.hidden import ask_secret
from tests.host.conftest import FORKS
from tests.support import terminals

pytestmark = FORKS

ROOT = str(Path(__file__).parent.parent.parent)
ENVIRON = {"PATH": os.environ["PATH"], "PYTHONPATH": ROOT}


def at_terminal(program: str) -> "pexpect.spawn[bytes]":
    return pexpect.spawn(sys.executable, ["-c", program], env=ENVIRON, timeout=30)


SECRET = """
from eyamlgpg.errors import Interrupted, QuestionError
from eyamlgpg.host.signals import interruptible
from eyamlgpg.host.hidden import ask_secret
import termios
try:
    with interruptible():
        print("secret", ask_secret("Enter the secret: ", twice=%s).hex())
except (QuestionError, Interrupted) as error:
    print("error:", error)
print("echo", bool(termios.tcgetattr(0)[3] & termios.ECHO))
"""


def typed(*lines: bytes, twice: bool = False) -> bytes:
    """What is on the terminal after the prompts were answered with these lines."""
    session = at_terminal(SECRET % twice)
    for line in lines:
        session.expect_exact([b"Enter the secret: ", b"Once more: "])
        session.send(line)
    session.expect(pexpect.EOF)
    return terminals.shown(session)


def shown(secret: bytes) -> bytes:
    return b"\r\nsecret " + secret.hex().encode() + b"\r\necho True\r\n"


@pytest.mark.parametrize(
    ("keys", "secret"),
    [
        (b"Tr0ub4dor\r", b"Tr0ub4dor"),
        (b" blanks kept \n", b" blanks kept "),
        ("gr\u00fc\u00dfe \u20ac\r".encode(), "gr\u00fc\u00dfe \u20ac".encode()),
        (b"\xff\xfe\r", b"\xff\xfe"),
        (b"wrong\x15right\r", b"right"),
        (b"ab\x7fc\x08d\r", b"ad"),
        ("a\u20ac\x7fb\r".encode(), b"ab"),
        (b"\x7f\x7fa\r", b"a"),
        (b"ended\x04", b"ended"),
    ],
)
def test_a_secret_is_taken_byte_for_byte_and_not_shown(keys: bytes, secret: bytes) -> None:
    assert typed(keys) == shown(secret)


def test_a_long_secret_is_not_cut() -> None:
    """A terminal in line mode takes 4095 bytes on Linux, and drops the rest without a word."""
    assert typed(b"0123456789" * 1000 + b"\r") == shown(b"0123456789" * 1000)


def test_a_secret_can_be_asked_for_twice() -> None:
    assert typed(b"same\r", b"same\r", twice=True) == shown(b"same")


def test_two_that_differ_are_asked_for_again() -> None:
    assert typed(b"one\r", b"other\r", b"same\r", b"same\r", twice=True) == shown(b"same")


def test_two_that_never_agree_are_given_up() -> None:
    said = typed(*(b"one\r", b"other\r") * 3, twice=True)
    assert said == (b"\r\neyamlgpg: the two differ\r\nerror: the two entries differed 3 times\r\necho True\r\n")


def test_ctrl_d_gives_up() -> None:
    assert typed(b"\x04") == b"\r\nerror: no secret was typed\r\necho True\r\n"


def test_ctrl_c_gives_up_and_the_terminal_echoes_again() -> None:
    said = typed(b"half\x03")
    assert (b"half" in said, said.endswith(b"error: interrupted by SIGINT\r\necho True\r\n")) == (False, True)


def test_without_a_terminal_a_secret_cannot_be_asked_for() -> None:
    program = """
from eyamlgpg.errors import QuestionError
from eyamlgpg.host.hidden import ask_secret
try:
    ask_secret("Enter the secret: ")
except QuestionError as error:
    print(error, error.hints)
"""
    ended = subprocess.run(
        [sys.executable, "-c", program], start_new_session=True, input=b"secret\n", capture_output=True, check=True
    )
    assert ended.stdout == b"there is no terminal to type a secret at ('pass it through a pipe: --stdin',)\n"


def test_a_terminal_that_goes_away_is_the_end_of_the_entry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    monkeypatch.setattr(hidden, "TERMINAL", os.ttyname(theirs))
    os.close(theirs)
    os.close(ours)
    with pytest.raises(QuestionError):
        ask_secret("Enter the secret: ")


EMPTY = b"eyamlgpg: Nothing was typed. Encrypt an empty secret? [y/n] "


@pytest.mark.parametrize(
    ("answer", "end"),
    [(b"y\r", b"secret \r\necho True\r\n"), (b"n\r", b"error: no secret was typed\r\necho True\r\n")],
    ids=["yes", "no"],
)
@pytest.mark.parametrize("twice", [False, True], ids=["once", "twice"])
def test_an_empty_secret_is_asked_about(answer: bytes, end: bytes, *, twice: bool) -> None:
    session = at_terminal(SECRET % twice)
    session.expect_exact(b"Enter the secret: ")
    session.send(b"\r")
    session.expect_exact(EMPTY)
    session.send(answer)
    session.expect(pexpect.EOF)
    assert terminals.shown(session).endswith(end)


@pytest.mark.parametrize("keys", [b"\x03", b"\x1c"], ids=["Ctrl-C", "Ctrl-backslash"])
def test_what_is_said_after_an_interruption_has_a_line_of_its_own(keys: bytes) -> None:
    name = b"SIGINT" if keys == b"\x03" else b"SIGQUIT"
    assert typed(keys) == b"\r\nerror: interrupted by " + name + b"\r\necho True\r\n"


@pytest.fixture(params=["bash", "dash", "zsh"])
def shell(request: pytest.FixtureRequest) -> "pexpect.spawn[bytes]":
    """A shell with job control, of which some restore the terminal's modes by themselves."""
    words = {"bash": ["--norc", "--noprofile", "-i"], "dash": ["-i"], "zsh": ["-f", "-i"]}[request.param]
    if pexpect.which(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    environ = ENVIRON | {"PS1": "shell> ", "TERM": "dumb", "PROMPT": "shell> "}
    session: pexpect.spawn[bytes] = pexpect.spawn(request.param, words, env=environ, timeout=30)
    session.expect_exact(b"shell> ")
    return session


@pytest.mark.parametrize("times", [1, 3])
def test_after_a_stop_nothing_is_shown_and_the_prompt_comes_again(
    shell: "pexpect.spawn[bytes]", tmp_path: Path, times: int
) -> None:
    program = tmp_path / "program.py"
    program.write_text(SECRET % True)
    shell.sendline(f"{sys.executable} {program}")
    shell.expect_exact(b"Enter the secret: ")
    shell.send(b"half")
    for _ in range(times):
        shell.send(b"\x1a")
        shell.expect_exact(b"shell> ")
        shell.sendline(b"stty -a | tr ' ' '\\n' | grep -x -e '-\\?echo' -e '-\\?icanon'; fg")
        shell.expect(rb"\n(icanon)\r\n(echo)\r\n")
        shell.expect_exact(b"Enter the secret: ")
    said = b""
    for prompt in (b"Once more: ", b"secret "):
        shell.send(b"Tr0ub4dor\r")
        shell.expect_exact(prompt)
        said += terminals.shown(shell)
    shell.expect_exact(b"echo True")
    assert (b"Tr0ub" in said, b"half" in said) == (False, False)
    assert terminals.shown(shell).startswith(b"Tr0ub4dor".hex().encode())
    shell.close(force=True)


def test_after_a_stop_that_cannot_be_caught_echo_is_off_again(shell: "pexpect.spawn[bytes]", tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("import os\nprint('number', os.getpid(), flush=True)\n" + SECRET % False)
    shell.sendline(f"{sys.executable} {program}")
    shell.expect(rb"number (\d+)\r")
    number = int(terminals.matched(shell)[1])
    shell.expect_exact(b"Enter the secret: ")
    os.kill(number, signal.SIGSTOP)
    shell.expect_exact(b"shell> ")
    shell.sendline(b"stty sane; fg")
    shell.expect_exact(b"Enter the secret: ")
    shell.send(b"Tr0ub4dor\r")
    shell.expect_exact(b"secret " + b"Tr0ub4dor".hex().encode())
    assert b"Tr0ub4dor" not in terminals.shown(shell)
    shell.close(force=True)


def test_what_is_typed_beyond_the_secret_does_not_reach_the_shell(
    shell: "pexpect.spawn[bytes]", tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text(SECRET % False)
    shell.sendline(f"{sys.executable} {program}")
    shell.expect_exact(b"Enter the secret: ")
    shell.send(b"Tr0ub4dor\rTr0ub4dor\r")
    shell.expect_exact(b"echo True")
    shell.expect_exact(b"shell> ")
    shell.sendline(b"echo the-end")
    shell.expect(rb"\nthe-end\r")
    assert b"Tr0ub4dor" not in terminals.shown(shell)
    shell.close(force=True)
