"""Questions to the user, answered with yes or no."""

import io
import os
import select
import sys
from typing import TextIO

from eyamlgpg.errors import QuestionError
from eyamlgpg.host.streams import give_up

PATIENCE_SECONDS = 5.0
"""How long an answer may take that comes from a pipe: it is there, or somebody left a pipe open that stays silent."""

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
        try:
            line = _line(stdin, patient=at_terminal)
        except BaseException:
            _show("\n", stderr)  # so that what is said next, such as that we were interrupted, has a line of its own
            raise
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
