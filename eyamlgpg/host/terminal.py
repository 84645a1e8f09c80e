"""Questions to the user, and secrets typed unseen."""

import io
import os
import select
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from eyamlgpg.errors import QuestionError
from eyamlgpg.host.streams import give_up

PATIENCE_SECONDS = 5.0
"""How long an answer may take that comes from a pipe: it is there, or somebody left a pipe open that stays silent."""

TRIES = 3
"""How often a secret that is asked for twice may differ before we give up."""

TERMINAL = "/dev/tty"
_ANSWERS = {"y": True, "yes": True, "n": False, "no": False}


def ask(question: str, *, yes: bool = False, stdin: TextIO | None = None, stderr: TextIO | None = None) -> bool:
    """Ask for yes or no, on stderr, until an answer comes; with `yes` (-y) the answer is given already.

    At a terminal the end of the input (Ctrl-D) means no. A stdin that is none may hold the answer all the same, as a
    line `y` or `n`; QuestionError where it ends without one, or stays silent for PATIENCE_SECONDS.
    """
    if yes:
        return True
    # Either of sys may be None: closed before we were started.
    stdin, stderr = stdin or sys.stdin or io.StringIO(), stderr or sys.stderr or io.StringIO()
    at_terminal = stdin.isatty()
    while True:
        _show(f"eyamlgpg: {question} [y/n] ", stderr)
        line = _line(stdin, patient=at_terminal)
        if not at_terminal:
            _show("\n", stderr)  # nobody typed one
        answer = _ANSWERS.get(line.strip().lower())
        if answer is not None:
            return answer
        if not line and at_terminal:
            _show("\n", stderr)
            return False
        if not line:
            raise QuestionError(f"nobody is there to answer: {question}", "answer with -y, or run it at a terminal")


def ask_secret(prompt: str, *, twice: bool = False) -> bytes:
    """Let the user type (or paste) one line at the terminal, unseen; its exact bytes, without the line's end.

    `twice`: until both entries agree, TRIES times at most. QuestionError where there is no terminal, the entries
    never agree, or Ctrl-D is typed on an empty line.
    """
    try:
        terminal = os.open(TERMINAL, os.O_RDWR | os.O_NOCTTY)
    except OSError:
        raise QuestionError("there is no terminal to type a secret at", "pass it through a pipe: --stdin") from None
    try:
        with _unseen(terminal):
            for _ in range(TRIES):
                secret = _typed(terminal, f"eyamlgpg: {prompt}")
                if not twice or _typed(terminal, "eyamlgpg: Once more: ") == secret:
                    return secret
                os.write(terminal, b"eyamlgpg: the two differ\n")
    finally:
        os.close(terminal)
    raise QuestionError(f"the two entries differed {TRIES} times")


def _show(text: str, stderr: TextIO) -> None:
    """Raises QuestionError where it cannot be shown, for then nobody can answer it."""
    try:
        stderr.write(text)
        stderr.flush()
    except OSError as error:
        give_up(stderr)
        raise QuestionError(f"a question cannot be shown: {error.strerror}", "answer with -y") from None


def _line(stdin: TextIO, *, patient: bool) -> str:
    """The next line with its end, empty at the end of the input or of patience."""
    try:
        descriptor = stdin.fileno()
    except io.UnsupportedOperation:
        return stdin.readline()
    if patient:
        return stdin.readline()
    # Unbuffered, so that select sees all there is, and an editor that inherits stdin finds the rest.
    line = b""
    while not line.endswith(b"\n"):
        ready, _, _ = select.select([descriptor], [], [], PATIENCE_SECONDS)
        byte = os.read(descriptor, 1) if ready else b""
        if not byte:
            break
        line += byte
    return line.decode(errors="replace")


@contextmanager
def _unseen(terminal: int) -> Iterator[None]:
    """No echo, and no line editing by the kernel, which would cut a long line (4095 bytes on Linux, 1024 on macOS)."""
    saved = termios.tcgetattr(terminal)
    unseen = termios.tcgetattr(terminal)
    unseen[3] &= ~(termios.ECHO | termios.ICANON)
    unseen[6][termios.VMIN], unseen[6][termios.VTIME] = 1, 0
    try:
        # What was typed before the prompt was not meant for it.
        termios.tcsetattr(terminal, termios.TCSAFLUSH, unseen)
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, saved)


def _typed(terminal: int, prompt: str) -> bytes:
    """One line, edited as a terminal does: Backspace takes a character back, Ctrl-U all of them."""
    os.write(terminal, prompt.encode())
    line = b""
    while True:
        match os.read(terminal, 1):
            case b"\r" | b"\n":
                break
            case b"\x7f" | b"\b":
                line = _without_last_character(line)
            case b"\x15":
                line = b""
            case b"" | b"\x04" if not line:
                os.write(terminal, b"\n")
                raise QuestionError("no secret was typed")
            case b"" | b"\x04":
                break
            case byte:
                line += byte
    os.write(terminal, b"\n")
    return line


def _without_last_character(line: bytes) -> bytes:
    """Without its last UTF-8 character, which may be several bytes."""
    end = len(line) - 1
    while end > 0 and line[end] & 0xC0 == 0x80:
        end -= 1
    return line[: max(end, 0)]
