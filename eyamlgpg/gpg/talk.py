"""What a program of GnuPG is told, and all that it answers, with an end to what it may say on stderr.

A gpg that can write the file of its lock and not link it (a disk without a free inode) says so again and again, and
never ends (GnuPG's dotlock.c).
"""

import subprocess
import threading
import time
from typing import IO

from eyamlgpg.errors import GnupgError

MOST = 16 << 20
"""Bytes of messages: some hundred for each key or reader, of which there may be thousands."""


class Talk:
    """A talk with a program that was started with three pipes."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        """It is listened to from now on."""
        stream, process.stderr = process.stderr, None
        if stream is None:
            raise RuntimeError("gpg was started without its pipes")
        self._process = process
        self._words = bytearray()
        self._reader = threading.Thread(target=self._listen, args=(stream,), daemon=True)
        self._reader.start()

    def communicate(self, stdin: bytes | None = None, patience: float | None = None) -> tuple[bytes, bytes]:
        """As Popen's; GnupgError where it said more than MOST, and was ended for that."""
        end = None if patience is None else time.monotonic() + patience
        try:
            stdout, _ = self._process.communicate(stdin, patience)
            self._reader.join(None if end is None else max(0.0, end - time.monotonic()))
            if self._reader.is_alive():  # a program that it started holds its stderr open
                raise subprocess.TimeoutExpired(self._process.args, patience or 0.0)
        except subprocess.TimeoutExpired as late:
            late.stderr = bytes(self._words)
            raise
        require_end(self._words)
        return stdout, bytes(self._words)

    def _listen(self, stream: IO[bytes]) -> None:
        with stream:
            while len(self._words) <= MOST:
                part = stream.read1(1 << 16)  # type: ignore[attr-defined]  # a BufferedReader, as Popen opens it
                if not part:
                    return
                self._words += part
            self._process.kill()


def require_end(words: bytes | bytearray) -> None:
    """GnupgError for more than MOST."""
    if len(words) <= MOST:
        return
    # The last line may be half of one.
    lines = [line for line in bytes(words[-4096:]).splitlines()[:-1] if line.startswith(b"gpg: ")]
    last = lines[-1].removeprefix(b"gpg: ").decode("utf-8", "replace") if lines else "nothing that can be read"
    raise GnupgError(
        f"gpg was stopped, since it said without end: {last}",
        "see whether there is room where its home is: df -h, and df -i for the number of files",
    )
