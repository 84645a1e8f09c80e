import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pytest

from eyamlgpg.errors import QuestionError
from eyamlgpg.host import terminal
from eyamlgpg.host.terminal import ask, ask_secret
from tests.host.conftest import FORKS

pytestmark = FORKS

ROOT = str(Path(__file__).parent.parent.parent)
QUESTION = "Return to the editor?"
PROMPT = f"eyamlgpg: {QUESTION} [y/n] "
NOBODY = f"nobody is there to answer: {QUESTION}"


def asked(answer: str) -> tuple[bool, str]:
    said = io.StringIO()
    return ask(QUESTION, stdin=io.StringIO(answer), stderr=said), said.getvalue()


@pytest.mark.parametrize("answer", ["y\n", "yes\n", "Y\n", " YES \n", "y"])
def test_a_line_that_says_yes_is_an_answer_without_a_terminal(answer: str) -> None:
    assert asked(answer) == (True, f"{PROMPT}\n")


@pytest.mark.parametrize("answer", ["n\n", "no\n", "N\n", "No"])
def test_a_line_that_says_no_is_an_answer_without_a_terminal(answer: str) -> None:
    assert asked(answer) == (False, f"{PROMPT}\n")


def test_anything_else_is_asked_again() -> None:
    assert asked("\nmaybe\nyes\n") == (True, f"{PROMPT}\n" * 3)


@pytest.mark.parametrize("answer", ["", "\n", "maybe\n"])
def test_the_end_of_the_input_without_an_answer_is_an_error(answer: str) -> None:
    with pytest.raises(QuestionError) as error:
        asked(answer)
    assert (error.value.sentence, error.value.hints) == (NOBODY, ("answer with -y, or run it at a terminal",))


def test_yes_answers_before_anything_is_asked() -> None:
    said = io.StringIO()
    assert (ask(QUESTION, yes=True, stdin=io.StringIO("n\n"), stderr=said), said.getvalue()) == (True, "")


def test_closed_streams_are_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    monkeypatch.setattr(sys, "stderr", None)
    with pytest.raises(QuestionError, match=r"^nobody is there"):
        ask(QUESTION)


def test_each_question_takes_one_line_of_a_pipe_and_no_more() -> None:
    read, write = os.pipe()
    os.write(write, b"y\nno\nrest")
    os.close(write)
    with os.fdopen(read) as stdin:
        answers = [ask(QUESTION, stdin=stdin, stderr=io.StringIO()) for _ in range(2)]
        rest = os.read(read, 100)
    assert (answers, rest) == ([True, False], b"rest")


def test_a_pipe_that_stays_open_and_silent_is_an_error_and_no_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "PATIENCE_SECONDS", 0.2)
    read, write = os.pipe()
    with os.fdopen(read) as stdin, os.fdopen(write, "w"):
        begun = time.monotonic()
        with pytest.raises(QuestionError, match=r"^nobody is there"):
            ask(QUESTION, stdin=stdin, stderr=io.StringIO())
        assert time.monotonic() - begun < 5


# at a terminal


def at_terminal(program: str) -> "pexpect.spawn[bytes]":
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": ROOT}
    return pexpect.spawn(sys.executable, ["-c", program], env=environ, timeout=30)


ASK = f"""
import os
from eyamlgpg.host.terminal import ask
print("answer", ask({QUESTION!r}))
"""


@pytest.mark.parametrize(("keys", "answer"), [(b"y\r", b"True"), (b"no\r", b"False"), (b"\x04", b"False")])
def test_a_terminal_is_asked(keys: bytes, answer: bytes) -> None:
    session = at_terminal(ASK)
    session.expect_exact(PROMPT.encode())
    session.send(keys)
    session.expect(b"answer " + answer)
    session.expect(pexpect.EOF)


def test_a_terminal_is_asked_until_it_answers() -> None:
    session = at_terminal(ASK)
    for keys in (b"\r", b"what?\r", b"yes\r"):
        session.expect_exact(PROMPT.encode())
        session.send(keys)
    session.expect(b"answer True")
    session.expect(pexpect.EOF)


SECRET = """
from eyamlgpg.errors import Interrupted, QuestionError
from eyamlgpg.host.signals import interruptible
from eyamlgpg.host.terminal import ask_secret
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
    return bytes(session.before)


def shown(secret: bytes) -> bytes:
    return b"\r\nsecret " + secret.hex().encode() + b"\r\necho True\r\n"


@pytest.mark.parametrize(
    ("keys", "secret"),
    [
        (b"Tr0ub4dor\r", b"Tr0ub4dor"),
        (b" blanks kept \n", b" blanks kept "),
        ("gr\u00fc\u00dfe \u20ac\r".encode(), "gr\u00fc\u00dfe \u20ac".encode()),
        (b"\xff\xfe\r", b"\xff\xfe"),
        (b"\r", b""),
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
from eyamlgpg.host.terminal import ask_secret
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
    monkeypatch.setattr(terminal, "TERMINAL", os.ttyname(theirs))
    os.close(theirs)
    os.close(ours)
    with pytest.raises(QuestionError):
        ask_secret("Enter the secret: ")
