import io
import os
import sys
from pathlib import Path

import pexpect
import pytest

from eyamlgpg.errors import QuestionError
from eyamlgpg.host import terminal
from eyamlgpg.host.terminal import ask
from tests.host.conftest import FORKS
from tests.support import terminals

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
    with os.fdopen(read) as stdin, os.fdopen(write, "w"), pytest.raises(QuestionError, match=r"^nobody is there"):
        ask(QUESTION, stdin=stdin, stderr=io.StringIO())


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


def test_what_is_said_after_ctrl_c_has_a_line_of_its_own() -> None:
    program = ASK.replace("print(", "from eyamlgpg.host.signals import interruptible\nwith interruptible(): print(")
    session = at_terminal(program)
    session.expect_exact(PROMPT.encode())
    session.send(b"\x03")
    session.expect(pexpect.EOF)
    assert terminals.shown(session).replace(b"^C", b"").startswith(b"\r\nTraceback")
