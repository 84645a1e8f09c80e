"""One process that opens messages for all text conversions of one git, and remembers what it opened, in memory only.

Git starts a process for each version of each file that it shows. The first one leaves this process behind; the others
ask it by a socket in a folder of the user's alone. It ends with the git that it was made for, or when nobody has asked
for a while. Nobody learns more from it than from gpg-agent, whose socket is as open to the same user.

    > 4 bytes of length, a message
    < one byte: `+`, 4 bytes of length, the plaintext; `-` for a message that does not open; `!` where one must be asked
"""

import os
import re
import socket
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import NoReturn, Protocol

from eyamlgpg.gpg import waiting
from eyamlgpg.gpg.waiting import Waiting

IDLE_SECONDS = 60.0
"""How long nobody may ask before it ends: a pager shows a long log for hours."""
PATIENCE_SECONDS = 10.0
"""How long whoever asks may be silent in between."""
REMEMBERED = 64 << 20
"""Bytes of plaintext that it remembers."""

_TICK_SECONDS = 0.5
_LONGEST = 1 << 28
_LONGEST_PATH = 100
_NAME = re.compile(r"S\.eyamlgpg-([0-9]+)-[0-9]+-[0-9a-f]+")


class Opener(Protocol):
    """Opens messages without asking anybody: `silent.SilentOpener`."""

    @property
    def is_locked(self) -> bool:
        """Whether somebody would have had to be asked."""
        ...

    def open(self, message: bytes) -> bytes | None:
        """The plaintext, or None."""
        ...


def place(environ: Mapping[str, str], git: int, started: str) -> Path | None:
    """The socket for a git process, by its number and the time of its start; None where there is no folder for it."""
    homes = [environ.get(name) for name in ("HIERA_EYAML_GPG_GNUPGHOME", "GNUPGHOME")]
    own = str(Path(environ.get("HOME") or "/", ".gnupg"))
    for folder in filter(None, (environ.get("XDG_RUNTIME_DIR"), *homes, own)):
        named = f"S.eyamlgpg-{git}-{started}-{sha256(repr(homes).encode()).hexdigest()[:8]}"
        path = Path(folder).absolute() / named
        if len(os.fsencode(path)) <= _LONGEST_PATH and _is_private(path.parent):
            return path
    return None


class Asking:
    """`silent.SilentOpener` by that process, and by another opener once it is gone."""

    def __init__(self, path: Path, otherwise: Callable[[], Opener | None], waits: Waiting | None = None) -> None:
        """Raises OSError where there is no such process. `otherwise` gives None where nothing opens messages.

        `waits`: tells the user of a message that takes long to open.
        """
        self._otherwise = otherwise
        self._waits = waits or Waiting()
        self._is_gone = False
        self._other: Opener | None = None
        self._locked = False
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self._socket.connect(str(path))
        except BaseException:
            self._socket.close()
            raise

    @property
    def is_locked(self) -> bool:
        """Whether somebody would have had to be asked."""
        return self._locked or (self._other is not None and self._other.is_locked)

    def open(self, message: bytes) -> bytes | None:
        """The plaintext; None for a message that does not open without asking."""
        if not self._is_gone:
            try:
                return self._asked(message)
            except OSError:
                self._socket.close()
                self._is_gone = True
                self._other = self._otherwise()
        return None if self._other is None else self._other.open(message)

    def _asked(self, message: bytes) -> bytes | None:
        self._socket.sendall(len(message).to_bytes(4) + message)
        match self._word():
            case b"+":
                return _received(self._socket, int.from_bytes(_received(self._socket, 4)))
            case b"!":
                self._locked = True
        return None

    def _word(self) -> bytes:
        self._socket.settimeout(waiting.QUIET_SECONDS)
        try:
            return _received(self._socket, 1)
        except TimeoutError:
            self._waits.tell("gpg-agent")
            self._socket.settimeout(None)
            return _received(self._socket, 1)
        finally:
            self._socket.settimeout(None)


def leave_behind(path: Path, make: Callable[[], Opener], is_wanted: Callable[[], bool]) -> None:
    """Start that process; whoever connects waits until it is ready. Raises OSError where it cannot be started.

    `make`: what opens messages, made in the new process; `is_wanted`: whether the git is still there.
    """
    _remove_dead(path.parent)
    listening = socket.socket(socket.AF_UNIX)
    with listening:
        before = os.umask(0o177)
        try:
            listening.bind(str(path))
        finally:
            os.umask(before)
        try:
            listening.listen(16)
            if os.fork() == 0:
                _serve_alone(listening, path, make, is_wanted)
        except OSError:
            path.unlink(missing_ok=True)
            raise


def _serve_alone(
    listening: socket.socket, path: Path, make: Callable[[], Opener], is_wanted: Callable[[], bool]
) -> NoReturn:
    """As a process of its own, with nothing of the other's: git waits until the last one has closed the pipe."""
    try:
        os.setsid()
        os.chdir("/")
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        os.dup2(listening.fileno(), 3)
        os.closerange(4, 1024)
        serve(socket.socket(fileno=3), make(), is_wanted)
    except BaseException:  # noqa: BLE001, S110 - there is nobody to tell, and whoever asks goes on alone
        pass
    finally:
        with suppress(OSError):
            path.unlink()
        os._exit(0)


def serve(listening: socket.socket, opener: Opener, is_wanted: Callable[[], bool]) -> None:
    """Answer until nobody wants it any more."""
    known: dict[bytes, bytes | None] = {}
    left = REMEMBERED
    idle = 0.0
    listening.settimeout(_TICK_SECONDS)
    while is_wanted() and idle < IDLE_SECONDS:
        try:
            asking, _ = listening.accept()
        except TimeoutError:
            idle += _TICK_SECONDS
            continue
        idle = 0.0
        with asking, suppress(OSError, EOFError):
            asking.settimeout(PATIENCE_SECONDS)
            while True:
                message = _received(asking, _length(_received(asking, 4)))
                digest = sha256(message).digest()
                if digest not in known:
                    plaintext = opener.open(message)
                    left -= len(plaintext or b"")
                    # What did not open may do so once somebody has given the passphrase.
                    if left >= 0 and (plaintext is not None or not opener.is_locked):
                        known[digest] = plaintext
                else:
                    plaintext = known[digest]
                _answer(asking, plaintext, is_locked=opener.is_locked)


def _answer(asking: socket.socket, plaintext: bytes | None, *, is_locked: bool) -> None:
    if plaintext is None:
        asking.sendall(b"!" if is_locked else b"-")
    else:
        asking.sendall(b"+" + len(plaintext).to_bytes(4) + plaintext)


def _length(octets: bytes) -> int:
    length = int.from_bytes(octets)
    if length > _LONGEST:
        raise EOFError
    return length


def _received(connection: socket.socket, count: int) -> bytes:
    """So many bytes; ConnectionError where the other side ends before."""
    parts = bytearray()
    while len(parts) < count:
        more = connection.recv(min(count - len(parts), 1 << 20))
        if not more:
            raise ConnectionResetError
        parts += more
    return bytes(parts)


def _is_private(folder: Path) -> bool:
    try:
        status = folder.stat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o077


def _remove_dead(folder: Path) -> None:
    """Sockets of processes that were killed, whose git is gone, too."""
    with suppress(OSError):
        for path in folder.iterdir():
            found = _NAME.fullmatch(path.name)
            if found and not is_running(int(found[1])):
                path.unlink(missing_ok=True)


def is_running(process: int) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
