"""The worker processes of one run, and what each of them has to do."""

import contextlib
import os
import pickle
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from io import RawIOBase
from typing import Self, cast

from eyamlgpg.errors import GnupgError
from eyamlgpg.gpg.recrypting import frames, worker
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.messages import Order, RecipientSubkeys

DEPTH = 3
"""Orders that a worker has at a time: one under way, the others so that it never waits for us."""

PATIENCE_SECONDS = 2.0
"""How long a worker may take to clean up."""

PROGRAM = "from eyamlgpg.gpg.recrypting.worker import main; main()"


@dataclass(slots=True)
class Slot:
    """An order in the pool; `answer` is None until it is back."""

    order: Order
    verify: tuple[bool, ...] = ()
    """Of each new message whether the worker is to open it again; empty for none."""
    answer: list[bytes] | None = None


@dataclass(slots=True)
class _Worker:
    """One process, and the orders that it has not answered yet."""

    process: "subprocess.Popen[bytes]"
    requests: RawIOBase
    answers: RawIOBase
    slots: deque[Slot] = field(default_factory=deque)
    is_greeted: bool = False
    recipient_sets: dict[int, int] = field(default_factory=dict)
    """The numbers of the sets of recipients that it knows, by identity."""
    folder: str | None = None
    """Its private folder, which we remove where it was killed and could not."""


class Pool:
    """Up to `size` workers, started when there is work for them; a context manager that ends them."""

    def __init__(self, session: Session, export: Callable[[RecipientSubkeys], bytes], size: int) -> None:
        self._session = session
        self._export = export
        self._size = size
        self._workers: list[_Worker] = []
        self._exports: dict[int, tuple[RecipientSubkeys, list[bytes]]] = {}
        """By identity: to compare sixty subkeys for each order would cost more than the order itself."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        for each in self._workers:
            _end(each, at_once=kind is not None)
        self._workers.clear()

    def submit(self, slot: Slot) -> None:
        """Give an order to the worker with the least to do; waits until one has room."""
        each = self._with_room()
        if each is None:
            slot.answer = [worker.FAILED]
            return
        try:
            self._send(each, slot)
        except GnupgError:
            slot.answer = [worker.FAILED]
        except OSError:
            slot.answer = [worker.FAILED]
            self._lose(each)

    def wait(self) -> None:
        """Take at least one answer; returns at once where none is to come."""
        busy = {each.answers.fileno(): each for each in self._workers if each.slots}
        if not busy:
            return
        poll = select.poll()
        for descriptor in busy:
            poll.register(descriptor, select.POLLIN)
        for descriptor, _ in poll.poll():
            each = busy[descriptor]
            answer = frames.read(each.answers)
            if answer is None:
                self._lose(each)
            else:
                each.slots.popleft().answer = answer

    def drain(self) -> None:
        """Wait until no worker has anything to do."""
        while any(each.slots for each in self._workers):
            self.wait()

    def _with_room(self) -> _Worker | None:
        """The worker that is to have the next order; None where all of them died."""
        while self._size:
            each = min(self._workers, key=lambda each: len(each.slots), default=None)
            if (each is None or each.slots) and len(self._workers) < self._size:
                return self._start()
            if each is not None and len(each.slots) < DEPTH:
                return each
            self.wait()
        return None

    def _start(self) -> _Worker:
        path = os.pathsep.join(folder for folder in sys.path if folder)
        process = subprocess.Popen(
            # -P: nothing is imported from the working directory, which may be anybody's.
            [sys.executable, "-P", "-c", PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**self._session.environment, "PYTHONPATH": path},
            bufsize=0,
            # Ctrl-C is for us, who then end the workers; and each is a group with its gpg, which ends with it.
            start_new_session=True,
        )
        made = _Worker(process, cast("RawIOBase", process.stdin), cast("RawIOBase", process.stdout))
        self._workers.append(made)
        return made

    def _send(self, each: _Worker, slot: Slot) -> None:
        if not each.is_greeted:
            each.folder = tempfile.mkdtemp(prefix="eg-")
            frames.write(each.requests, [pickle.dumps(self._session), os.fsencode(each.folder)])
            each.is_greeted = True
        for readers in slot.order.recipient_sets:
            if id(readers) not in each.recipient_sets:
                frames.write(each.requests, [worker.RECIPIENTS, *self._exported(readers)])
                each.recipient_sets[id(readers)] = len(each.recipient_sets)
        numbers = [b"%d" % each.recipient_sets[id(readers)] for readers in slot.order.recipient_sets]
        frames.write(each.requests, [worker.ORDER, slot.order.message, bytes(slot.verify), *numbers])
        each.slots.append(slot)

    def _exported(self, readers: RecipientSubkeys) -> list[bytes]:
        if id(readers) not in self._exports:
            # Kept with the readers themselves, so that their identity stays theirs.
            self._exports[id(readers)] = (readers, [pickle.dumps(readers), self._export(readers)])
        return self._exports[id(readers)][1]

    def _lose(self, each: _Worker) -> None:
        """A worker died: what it had to do has failed, and there is one worker less."""
        for slot in each.slots:
            slot.answer = [worker.FAILED]
        self._workers.remove(each)
        self._size -= 1
        _end(each, at_once=True)


def _end(each: _Worker, *, at_once: bool) -> None:
    with contextlib.suppress(OSError):
        each.requests.close()
    if at_once:
        _signal(each, signal.SIGTERM)
    try:
        each.process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        _signal(each, signal.SIGKILL)
        each.process.wait()
    each.answers.close()
    if each.folder is not None:
        shutil.rmtree(each.folder, ignore_errors=True)


def _signal(each: _Worker, number: signal.Signals) -> None:
    """To the worker and its gpg, which would wait for a dead worker for ever; only before the worker is waited for."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(each.process.pid, number)
