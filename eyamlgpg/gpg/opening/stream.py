"""One gpg process that opens many messages: it costs a start of gpg and a reading of the keyring only once.

`gpg --multifile --decrypt` reads file names from its standard input and writes each plaintext to the name without its
`.gpg` (gpg(1), --multifile). Here the plaintext's name is that of a named pipe in a private folder, so a plaintext is
never on a disk; the message, which is no secret, is a plain file beside it.
"""

import contextlib
import os
import select
import subprocess
from pathlib import Path
from typing import Self

from eyamlgpg.formats.gnupg import status
from eyamlgpg.gpg.opening import proof
from eyamlgpg.gpg.session import Session
from eyamlgpg.model import limits

DEATHS = 3
"""How often gpg may end unasked before it is no longer started."""

_DONE = b"[GNUPG:] FILE_DONE"
_TRY_ALONE = tuple(b"[GNUPG:] " + word for word in (b"ERROR ", b"ERRSIG ", b"FAILURE "))
"""What may be harmless, but that can be told by a return code alone, which a stream has not."""

_COUNTS = tuple(b"[GNUPG:] " + word for word in (b"DECRYPTION_", b"PLAINTEXT", b"BADMDC", b"BADSIG"))
"""Of the lines of a message for many readers those that are worth reading."""

_OPTIONS = (
    # Later options win: the words for people would only fill the pipe that the statuses come by.
    "--quiet",
    "--yes",
    # Whatever gpg.conf says: the plaintext goes into the named pipe alone, and the names come by standard input.
    "--no-use-embedded-filename",
    "--debug=none",
    "--passphrase-fd=-1",
    # gpg counts the plaintexts of all messages together, and would cut one somewhere. We end it ourselves.
    "--max-output=0",
)
_CHUNK = 1 << 16


class _Ended(Exception):
    """Gpg has ended before it was done with a message."""


class _TooLong(Exception):
    """A plaintext is longer than one may be here."""


class MessageStream:
    """Opens messages one after another; a context manager that ends gpg.

    It says only whether a message could be opened. Why not, whoever asks for it finds out with a gpg of its own.
    """

    def __init__(self, session: Session, folder: Path) -> None:
        """`folder`: an empty private folder (0700), for this stream alone."""
        self._message = folder / "value.gpg"
        self._plaintext = folder / "value"
        self._session = session
        self._gpg: subprocess.Popen[bytes] | None = None
        self._deaths = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def open(self, message: bytes) -> bytes | None:
        """The plaintext of a message; None where this gpg could not open it, for whatever reason."""
        if self._deaths == DEATHS:
            return None
        if self._gpg is None:
            self._gpg = self._started()
        self._message.write_bytes(message)
        try:
            return self._opened(self._gpg)
        except (_Ended, BrokenPipeError):
            self._end()
            self._deaths += 1
            return None
        except _TooLong:
            self._end()
            return None

    def _started(self) -> "subprocess.Popen[bytes]":
        argv = self._session.argv([*_OPTIONS, "--multifile", "--decrypt"])
        return subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=self._session.environment,
            bufsize=0,
        )

    def _opened(self, gpg: "subprocess.Popen[bytes]") -> bytes | None:
        assert gpg.stdin is not None and gpg.stderr is not None  # noqa: S101, PT018 - both are pipes
        # gpg removes what it could not write to the end, and it must never find the name without a pipe.
        if not self._plaintext.exists():
            os.mkfifo(self._plaintext, 0o600)
        # Opened anew for each message: a pipe whose writer has left is at its end for good.
        pipe = os.open(self._plaintext, os.O_RDONLY | os.O_NONBLOCK)
        try:
            gpg.stdin.write(os.fsencode(self._message) + b"\n")
            words, plaintext = _read_both(gpg.stderr.fileno(), pipe)
        finally:
            os.close(pipe)
        lines = words.split(b"\n")
        if any(line.startswith(_TRY_ALONE) for line in lines):
            return None
        statuses = status.parse(b"\n".join(line for line in lines if line.startswith(_COUNTS)))
        return plaintext if proof.is_whole(statuses, words, plaintext) else None

    def _end(self) -> None:
        gpg, self._gpg = self._gpg, None
        if gpg is None:
            return
        for pipe in (gpg.stdin, gpg.stderr):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        gpg.terminate()
        gpg.wait()


def _read_both(words_from: int, plaintext_from: int) -> tuple[bytes, bytes]:
    """What gpg says about one file up to its FILE_DONE, and what it writes meanwhile; raises _Ended, _TooLong."""
    words, plaintext = bytearray(), bytearray()
    poll = select.poll()
    poll.register(words_from, select.POLLIN)
    poll.register(plaintext_from, select.POLLIN)
    while True:
        for ready, events in poll.poll():
            if ready == words_from:
                said = os.read(words_from, _CHUNK)
                if not said:
                    raise _Ended
                words += said
            elif events & select.POLLIN:
                plaintext += os.read(plaintext_from, _CHUNK)
            else:
                poll.unregister(plaintext_from)
        if len(plaintext) > limits.AT_ONCE:
            raise _TooLong
        if _is_done(words):
            # The writer has closed its end before it said so: what is left is in the pipe.
            while more := os.read(plaintext_from, _CHUNK):
                plaintext += more
            return bytes(words), bytes(plaintext)


def _is_done(words: bytearray) -> bool:
    place = words.rfind(_DONE)
    return place >= 0 and words.find(b"\n", place) >= 0
