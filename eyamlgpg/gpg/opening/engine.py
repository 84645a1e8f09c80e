"""`gpg --decrypt`, in several threads if wanted, by processes that can be stopped and whose plaintext has a bound.

No gpg is started beside the one that opens the message. Only where that one fails it is asked whether it is new enough
and can read its own gpg.conf, since these are better reasons than what it said of the message.
"""

import selectors
import subprocess
from contextlib import suppress
from functools import cached_property
from os import read, write
from select import PIPE_BUF
from typing import IO
from weakref import WeakSet

from eyamlgpg.errors import GnupgError
from eyamlgpg.formats.gnupg import status
from eyamlgpg.gpg import waiting
from eyamlgpg.gpg.session import ASKING, FEWER, Ran, Session, missing
from eyamlgpg.gpg.talk import require_end
from eyamlgpg.gpg.waiting import Waiting
from eyamlgpg.model import limits

_CHUNK = 1 << 16

_MOST = limits.PLAINTEXT + 2 * limits.MEBIBYTE
"""Bytes that are read: a plaintext that is too long is seen to be so at fewer (see `proof.bound`)."""


NEVER_ASK = "--pinentry-mode=error"

WRITES_HERE = ("--output=-", "--no-use-embedded-filename", "--debug=none", "--verbose")
"""Against gpg.conf: the plaintext goes to standard output, with no copy in the working directory (`debug`),
and gpg says something (see `proof.holds_no_words`).
"""


class Engine:
    """Runs gpg with the session's command line."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._running: WeakSet[subprocess.Popen[bytes]] = WeakSet()

    def opened(self, message: bytes, *options: str) -> Ran:
        """What came of `gpg --decrypt` with these options; pinentry asks where gpg.conf would have gpg ask.

        GnupgError where gpg is not there, too old, or cannot be started.
        """
        ran = self._opened(message, *options)
        if ran.must_ask:
            ran = self._opened(message, ASKING, *options)
        if ran.returncode != 0 and self._does_not_start is not None:
            raise self._does_not_start
        return ran

    def stop(self) -> None:
        """Kill what is still running and wait for it, so that no process is left behind."""
        for process in list(self._running):
            # Its pipes are left to the threads that are reading them and now come to their end.
            process.kill()
            process.wait()

    def _opened(self, message: bytes, *options: str) -> Ran:
        argv = self._session.argv(["--decrypt", *options])
        pipe = subprocess.PIPE
        try:
            # As `Session.run` has it, the signals too.
            started = subprocess.Popen(
                argv, stdin=pipe, stdout=pipe, stderr=pipe, env=self._session.environment, restore_signals=False
            )
        except (FileNotFoundError, PermissionError) as error:
            raise missing() from error
        except OSError as error:
            raise GnupgError(f"gpg could not be started: {error.strerror}", FEWER) from error
        with started as process:
            self._running.add(process)
            try:
                plaintext, words = _talk(process, message, self._session.waiting)
            except BaseException:
                process.kill()
                raise
        return Ran(process.returncode, plaintext, words, status.parse(words))

    @cached_property
    def _does_not_start(self) -> GnupgError | None:
        """What keeps gpg from doing anything at all, asked once."""
        self._session.require()
        # `passphrase-fd 0` in gpg.conf would read the standard input that a passphrase is not in.
        ran = self._session.run(["--list-config", "--with-colons", "--passphrase-fd=-1"])
        if ran.returncode == 0:
            return None
        hint = f"see what {self._session.homedir / 'gpg.conf'} says"
        return GnupgError(f"gpg does not start: {ran.reason}", hint)


def _talk(process: "subprocess.Popen[bytes]", message: bytes, waits: Waiting) -> tuple[bytes, bytes]:
    """Write the message and read what gpg writes meanwhile; a gpg that does not end its plaintext itself is killed.

    It should end it at `--max-output`, which it always gets.
    """
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise RuntimeError("gpg was started without its pipes")
    plaintext, words = bytearray(), bytearray()
    into: dict[IO[bytes], bytearray] = {process.stdout: plaintext, process.stderr: words}
    left = memoryview(message)
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdin, selectors.EVENT_WRITE)
        for stream in into:
            selector.register(stream, selectors.EVENT_READ)
        while selector.get_map():
            ready = selector.select(waiting.QUIET_SECONDS)
            if not ready:
                waits.tell("gpg", bytes(words))
            for key, _ in ready:
                if key.fileobj is process.stdin:
                    left = _written(process.stdin, left)
                    if not left:
                        selector.unregister(process.stdin)
                        with suppress(BrokenPipeError):
                            process.stdin.close()
                    continue
                stream = process.stdout if key.fileobj is process.stdout else process.stderr
                part = read(key.fd, _CHUNK)
                into[stream] += part
                if not part:
                    selector.unregister(stream)
            require_end(words)
            if len(plaintext) > _MOST:
                process.kill()
                break
    return bytes(plaintext), bytes(words)


def _written(stream: IO[bytes], left: memoryview) -> memoryview:
    """What is left to write after as much as never blocks; nothing where gpg gave up on the message before its end."""
    try:
        return left[write(stream.fileno(), left[:PIPE_BUF]) :]
    except BrokenPipeError:
        return left[:0]
