"""Secrets typed at the terminal unseen: asked for twice, and asked for again after Ctrl-Z and `fg`."""

import contextlib
import errno
import os
import select
import signal
import termios
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Self

from eyamlgpg.errors import QuestionError
from eyamlgpg.host.terminal import ask

TERMINAL = "/dev/tty"

TRIES = 3
"""How often a secret that is asked for twice may differ before we give up."""

AGAIN = "Once more: "


def ask_secret(prompt: str, *, twice: bool = False) -> bytes:
    """Let the user type (or paste) one line at the terminal, unseen; its exact bytes, without the line's end.

    `prompt` ends as it is to be shown, with a colon and a blank. `twice`: until both entries agree, TRIES times at
    most. An empty entry is asked about. QuestionError where there is no terminal, the entries never agree, an empty one
    is not meant, or Ctrl-D is typed on an empty line. However this ends, the terminal is as it was before.
    """
    try:
        terminal = os.open(TERMINAL, os.O_RDWR | os.O_NOCTTY)
    except OSError:
        raise QuestionError("there is no terminal to type a secret at", "pass it through a pipe: --stdin") from None
    try:
        with _told_of_trouble():
            return _asked(terminal, f"eyamlgpg: {prompt}", twice=twice)
    finally:
        os.close(terminal)


def _asked(terminal: int, prompt: str, *, twice: bool) -> bytes:
    for _ in range(TRIES):
        with _Unseen(terminal) as unseen:
            secret = unseen.line(prompt)
            agreed = not secret or not twice or unseen.line(f"eyamlgpg: {AGAIN}") == secret
        if not secret:
            _require_meant()
        if agreed:
            return secret
        os.write(terminal, b"eyamlgpg: the two differ\n")
    raise QuestionError(f"the two entries differed {TRIES} times")


def _require_meant() -> None:
    with open(TERMINAL) as typed, open(TERMINAL, "w") as shown:  # noqa: PTH123 - a device, not a file
        if not ask("Nothing was typed. Encrypt an empty secret?", stdin=typed, stderr=shown):
            raise QuestionError("no secret was typed")


@contextlib.contextmanager
def _told_of_trouble() -> Iterator[None]:
    try:
        yield
    except termios.error as error:
        raise QuestionError(f"the terminal cannot hide what is typed: {error.args[-1]}") from None
    except OSError as error:
        raise QuestionError(f"the terminal cannot be read: {error.strerror}") from None


class _Unseen:
    """A terminal without echo, inside its with block.

    Nor does the kernel edit lines, for it would cut a long one (4095 bytes on Linux, 1024 on macOS). When the user
    stops us (Ctrl-Z), the shell gets its terminal as it was; when we go on (`fg`), echo is off again before we read.
    """

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._stopped = self._resumed = False
        self._watched: dict[int, Callable[[int, FrameType | None], object] | int | None] = {}

    def __enter__(self) -> Self:
        self._saved = termios.tcgetattr(self._terminal)
        self._wake, self._woken = os.pipe()
        os.set_blocking(self._woken, False)
        try:
            self._watch()
            self._hide()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        # What was typed unseen and not taken is for nobody else, the shell and its history least of all.
        try:
            with contextlib.suppress(termios.error):  # the terminal is gone
                self._set(self._saved)
        finally:
            self._unwatch()
            os.close(self._wake)
            os.close(self._woken)

    def line(self, prompt: str) -> bytes:
        """One line, edited as a terminal does: Backspace takes a character back, Ctrl-U all of them."""
        self._show(prompt)
        line = b""
        try:
            while True:
                match self._byte():
                    case None:
                        self._hide()
                        self._show(prompt)
                        line = b""
                    case b"\r" | b"\n":
                        break
                    case b"\x7f" | b"\b":
                        line = _without_last_character(line)
                    case b"\x15":
                        line = b""
                    case b"" | b"\x04" if not line:
                        raise QuestionError("no secret was typed")
                    case b"" | b"\x04":
                        break
                    case byte:
                        line += byte
        finally:
            # Also when we are interrupted: what is said next has a line of its own.
            with contextlib.suppress(OSError):
                self._show("\n")
        return line

    def _byte(self) -> bytes | None:
        """What was typed next; None after a stop, when all is to be typed again."""
        while True:
            if self._stopped:
                self._stop()
            if self._resumed:
                self._resumed = False
                return None
            ready, _, _ = select.select([self._terminal, self._wake], [], [])
            if self._wake in ready:
                os.read(self._wake, 512)
            elif self._terminal in ready and not (self._stopped or self._resumed):
                return os.read(self._terminal, 1)

    def _stop(self) -> None:
        """Stop as the user wishes, with the terminal as it was; back when the shell lets us go on."""
        self._stopped = False
        self._show("\n")
        self._set(self._saved)
        ours = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, ours)
        self._resumed = True

    def _watch(self) -> None:
        """Hear of a stop and of its end; Python lets only the main thread do so."""
        if threading.current_thread() is not threading.main_thread():
            return
        self._former_wake = signal.set_wakeup_fd(self._woken, warn_on_full_buffer=False)
        for number, heard in ((signal.SIGTSTP, self._on_stop), (signal.SIGCONT, self._on_resume)):
            former = signal.getsignal(number)
            # A stop that is ignored, as without job control, stays so. None could not be put back.
            if former is not None and (number == signal.SIGCONT or former != signal.SIG_IGN):
                self._watched[number] = former
                signal.signal(number, heard)

    def _unwatch(self) -> None:
        if self._watched:
            for number, former in self._watched.items():
                signal.signal(number, former)
            signal.set_wakeup_fd(self._former_wake)

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopped = True

    def _on_resume(self, _number: int, _frame: FrameType | None) -> None:
        self._resumed = True

    def _hide(self) -> None:
        """Echo off; what was typed before the prompt was not meant for it."""
        unseen = termios.tcgetattr(self._terminal)
        unseen[3] &= ~(termios.ECHO | termios.ICANON)
        unseen[6][termios.VMIN], unseen[6][termios.VTIME] = 1, 0
        self._set(unseen)

    def _set(self, modes: list[int | list[bytes | int]]) -> None:
        """Set the modes, and drop what was typed until now; in the background this waits for the foreground."""
        while True:
            try:
                termios.tcsetattr(self._terminal, termios.TCSAFLUSH, modes)
            except termios.error as error:
                if error.args[0] != errno.EINTR:
                    raise
            else:
                return

    def _show(self, text: str) -> None:
        os.write(self._terminal, text.encode(errors="surrogateescape"))


def _without_last_character(line: bytes) -> bytes:
    """Without its last UTF-8 character, which may be several bytes."""
    end = len(line) - 1
    while end > 0 and line[end] & 0xC0 == 0x80:
        end -= 1
    return line[: max(end, 0)]
