"""Ctrl-C, SIGTERM and a closing terminal end a run by the way of its context managers, so that each cleans up."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from eyamlgpg.errors import Interrupted

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""The signals that ask a run to end. SIGQUIT is one of them, since its core dump would hold plaintext."""

TYPED = (signal.SIGINT, signal.SIGQUIT)
"""Those that a key of the terminal sends, to every program in the foreground."""


class Signalled(BaseException):
    """A signal on its way up to `interruptible`.

    No `except Exception` on that way can swallow it, and, since it is no KeyboardInterrupt either, click cannot.
    """

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.name = signal.Signals(number).name


RETRY_SECONDS = 0.02
"""How long a signal that came in the middle of an import waits before it is tried again."""


@dataclass(slots=True)
class _Held:
    """How many `deferred` blocks are open in the main thread, and the signals that wait for an end."""

    depth: int = 0
    waiting: int | None = None
    importing: int | None = None
    left: int | None = None
    """The last signal that was left to a child."""


_held = _Held()


@contextmanager
def interruptible() -> Iterator[None]:
    """Inside, each of ENDING unwinds the main thread's stack; outside, that is `errors.Interrupted` with the name.

    While one signal unwinds the stack, any further one is dropped, so that no cleanup is cut short. A signal that
    was ignored before (SIGHUP under nohup) stays ignored. Afterwards the former handlers are back. In any thread but
    the main one this does nothing, since Python delivers signals to the main thread alone. A signal that still waits
    for the end of an import when the block is left ends it all the same.
    """
    if not _in_main_thread():
        yield
        return
    former = {number: signal.getsignal(number) for number in ENDING}
    # None stands for a handler that was not set from Python and could not be put back.
    ours = [number for number, handler in former.items() if handler not in {signal.SIG_IGN, None}]
    alarm = signal.signal(signal.SIGALRM, _again)
    try:
        try:
            for number in ours:
                signal.signal(number, _unwind)
            yield
        finally:
            for number in ours:
                signal.signal(number, former[number])
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, alarm)
            waiting, _held.importing = _held.importing, None
            if waiting is not None and not _unwinding(sys.exception()):
                raise Signalled(waiting)
    except Signalled as signalled:
        raise Interrupted(f"interrupted by {signalled.name}") from signalled


@contextmanager
def deferred() -> Iterator[None]:
    """Inside, signals wait; the first that came is raised at the end of the outermost block.

    For the few steps that must not be parted: between making a file and remembering that it must be removed.
    """
    if not _in_main_thread():
        yield
        return
    _held.depth += 1
    try:
        yield
    finally:
        _held.depth -= 1
        if _held.depth == 0 and _held.waiting is not None:
            number, _held.waiting = _held.waiting, None
            raise Signalled(number)


@contextmanager
def left_to_the_child() -> Iterator[None]:
    """Inside, what is typed at the terminal to interrupt (TYPED) concerns the child in the foreground, not us."""
    if not _in_main_thread():
        yield
        return
    former = {number: signal.getsignal(number) for number in TYPED}
    # A handler that only takes note, not SIG_IGN: the child would inherit that over its exec.
    ours = [number for number, handler in former.items() if handler not in {signal.SIG_IGN, None}]
    try:
        for number in ours:
            signal.signal(number, _note)
        yield
    finally:
        for number in ours:
            signal.signal(number, former[number])


def taken_by_a_child() -> int | None:
    """The last signal that `left_to_the_child` left to one, told once; None where there was none."""
    number, _held.left = _held.left, None
    return number


def _unwind(number: int, frame: FrameType | None) -> None:
    if _held.depth:
        _held.waiting = number if _held.waiting is None else _held.waiting
    elif _is_importing(frame):
        # An exception in there would leave half a module, or be swallowed by the import system's own locks.
        _held.importing = number
        signal.setitimer(signal.ITIMER_REAL, RETRY_SECONDS)
    elif not _unwinding(sys.exception()):
        raise Signalled(number)


def _again(_number: int, frame: FrameType | None) -> None:
    number, _held.importing = _held.importing, None
    if number is not None:
        _unwind(number, frame)


def _is_importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _unwinding(error: BaseException | None) -> bool:
    """Whether a signal is being handled: a `finally`, an `except` or an `__exit__` runs because of it."""
    while error is not None:
        if isinstance(error, Signalled):
            return True
        error = error.__context__
    return False


def _note(number: int, _frame: FrameType | None) -> None:
    _held.left = number


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
