"""A worker process of `gpg.recrypting.recrypter`: opens messages and encrypts them anew; no plaintext leaves it.

It is a program of its own, started anew and not forked: a forked child would share the state of the random number
generator, and whatever locks its parent held. It reads its orders from standard input and ends with it,
so it does not outlive a parent that was killed; it never writes to a terminal, and an exception of its own is but a
failure to whoever ordered, who then tries alone.
"""

import os
import pickle
import shutil
import signal
import threading
from collections.abc import Iterable, Iterator, Sequence
from io import RawIOBase
from pathlib import Path
from queue import SimpleQueue
from types import FrameType
from typing import NoReturn

from eyamlgpg.gpg.opening.stream import MessageStream
from eyamlgpg.gpg.recrypting import frames
from eyamlgpg.gpg.sealing.sealer import OpenpgpEncrypter
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import Subkey

RECIPIENTS, ORDER = b"recipients", b"order"
"""Of a set of subkeys and its export; of a message, an octet for each set of recipients whose copy is to be opened
again, and the sets' numbers."""
DONE, FAILED = b"done", b"failed"


class _Exports:
    """`gpg.sealing.sealer.Exporter` over what the parent exported."""

    def __init__(self) -> None:
        self.by_subkeys: dict[tuple[Subkey, ...], bytes] = {}

    def export(self, subkeys: Iterable[Subkey]) -> bytes:
        """The certificates of a set of subkeys that was announced."""
        return self.by_subkeys[tuple(subkeys)]


class Worker:
    """Answers one frame for each order; sets of recipients are announced once, and then go by their number."""

    def __init__(self, session: Session, stream: MessageStream) -> None:
        self._stream = stream
        self._exports = _Exports()
        self._encrypter = OpenpgpEncrypter(session, self._exports)
        self._recipient_sets: list[tuple[Subkey, ...]] = []

    def answer(self, request: Sequence[bytes]) -> list[bytes] | None:
        """The answer to one frame; None where none is wanted."""
        kind, *parts = request
        if kind == RECIPIENTS:
            # What the parent pickled itself, through a pipe that nobody else holds.
            subkeys = pickle.loads(parts[0])  # noqa: S301
            self._exports.by_subkeys[subkeys] = parts[1]
            self._recipient_sets.append(subkeys)
            return None
        try:
            return self._recrypted(parts[0], [int(number) for number in parts[2:]], verify=parts[1])
        except Exception:  # noqa: BLE001 - the parent tries alone, and has the true error then
            return [FAILED]

    def _recrypted(self, message: bytes, recipient_sets: Sequence[int], *, verify: bytes) -> list[bytes]:
        plaintext = self._stream.open(message)
        if plaintext is None:
            return [FAILED]
        made = [self._encrypter.encrypt(plaintext, self._recipient_sets[number]) for number in recipient_sets]
        again = [one for one, is_wanted in zip(made, verify, strict=False) if is_wanted]
        return [DONE if all(self._stream.open(one) == plaintext for one in again) else FAILED, *made]


def main() -> None:
    """Work until standard input ends."""
    signal.signal(signal.SIGTERM, _leave)
    # Unbuffered, as both ends are.
    with open(0, "rb", buffering=0) as requests, open(1, "wb", buffering=0) as answers:
        first = frames.read(requests)
        if first is None:
            return
        session = pickle.loads(first[0])  # noqa: S301 - as above
        folder = os.fsdecode(first[1])
        try:
            with MessageStream(session, Path(folder)) as stream:
                worker = Worker(session, stream)
                for request in _requests(requests):
                    answer = worker.answer(request)
                    if answer is not None:
                        frames.write(answers, answer)
        finally:
            # Whoever made it may have been killed.
            shutil.rmtree(folder, ignore_errors=True)


def _requests(pipe: RawIOBase) -> Iterator[list[bytes]]:
    """The requests as they come; read ahead, so that the parent never waits for us while we wait for it."""
    ahead: SimpleQueue[list[bytes] | None] = SimpleQueue()

    def read_all() -> None:
        while (request := frames.read(pipe)) is not None:
            ahead.put(request)
        ahead.put(None)

    threading.Thread(target=read_all, daemon=True).start()
    while (request := ahead.get()) is not None:
        yield request


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
