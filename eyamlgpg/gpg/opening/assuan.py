"""The client's side of the Assuan protocol, by which gpg's programs talk (libassuan's manual, "Assuan").

    > PKDECRYPT
    < INQUIRE CIPHERTEXT
    > D (7:enc-val…
    > END
    < S PADDING 0
    < D (5:value…
    < OK

A line has at most 1,000 octets; in `D` lines `%`, CR and LF are written as `%25`, `%0D` and `%0A`.
"""

import re
import socket
import weakref
from dataclasses import dataclass, field
from pathlib import Path

from eyamlgpg.gpg import waiting
from eyamlgpg.gpg.waiting import Waiting

_LONGEST_LINE = 1000
_ROOM = 900
"""Octets of data in one line of ours, so that with `D ` and the end of the last escape it is short enough."""

_MOST_DATA = 1 << 16
"""Octets in one answer; a private-key operation gives some hundred."""

_GREETING_SECONDS = 10.0
"""How long a server may take to say hello, and to answer what it need not ask anybody about."""

_TO_ESCAPE = re.compile(rb"[%\r\n]")
_ESCAPED = re.compile(rb"%([0-9A-Fa-f]{2})")


class Refused(Exception):
    """The other side says ERR; the connection is as good as before."""


class Unexpected(Exception):
    """The other side says what is not foreseen here, or has gone; the connection is to be closed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came before an OK; the data may be secret and never shows in a `repr`."""

    data: bytes = field(repr=False)
    statuses: tuple[bytes, ...] = ()


class Connection:
    """A connection to a server's socket. Raises Refused and Unexpected, nothing else of its own or of the system's."""

    def __init__(self, path: Path, patience: float = _GREETING_SECONDS) -> None:
        """`patience`: seconds that each answer may take."""
        self._socket = socket.socket(socket.AF_UNIX)
        self._waiting: Waiting | None = None
        self._received = b""
        # It lasts as long as whoever talks by it, and nobody has to remember to end it.
        weakref.finalize(self, self._socket.close)
        try:
            self._socket.settimeout(patience)
            self._socket.connect(str(path))
            self._answer({})
        except OSError as error:
            self.close()
            raise Unexpected from error
        except BaseException:
            self.close()
            raise

    def ask(self, command: bytes, inquiries: dict[bytes, bytes] | None = None) -> Answer:
        """What the server answers to a command; `inquiries` are the data that it may ask back for, by its words.

        Whatever else ends this, a signal included, closes the connection: the answer would be taken for the next one's.
        """
        try:
            self._send(command + b"\n")
            return self._answer(inquiries or {})
        except Refused:
            raise
        except OSError as error:
            self.close()
            raise Unexpected from error
        except BaseException:
            self.close()
            raise

    def wait(self, waits: Waiting) -> None:
        """From now on an answer may take any time, since somebody may have to touch a card; `waits` tells of it."""
        self._waiting = waits
        self._socket.settimeout(waiting.QUIET_SECONDS)

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def _send(self, octets: bytes) -> None:
        self._socket.sendall(octets)

    def _answer(self, inquiries: dict[bytes, bytes]) -> Answer:
        data: list[bytes] = []
        statuses: list[bytes] = []
        while True:
            word, _, rest = self._line().partition(b" ")
            match word:
                case b"OK":
                    return Answer(b"".join(data), tuple(statuses))
                case b"D":
                    data.append(_ESCAPED.sub(_unescaped, rest))
                case b"S":
                    statuses.append(rest)
                case b"INQUIRE" if rest in inquiries:
                    self._send(_as_data(inquiries[rest]) + b"END\n")
                case b"ERR":
                    raise Refused(rest.partition(b" ")[0].decode("ascii", "replace"))
                case _ if not word.startswith(b"#"):
                    raise Unexpected
            if sum(map(len, data)) > _MOST_DATA:
                raise Unexpected

    def _line(self) -> bytes:
        while b"\n" not in self._received:
            more = self._more()
            if not more or len(self._received) > _LONGEST_LINE:
                raise Unexpected
            self._received += more
        line, _, self._received = self._received.partition(b"\n")
        return line

    def _more(self) -> bytes:
        try:
            return self._socket.recv(1 << 16)
        except TimeoutError:
            if self._waiting is None:
                raise
        self._waiting.tell("gpg-agent")
        self._socket.settimeout(None)
        return self._socket.recv(1 << 16)


def _as_data(octets: bytes) -> bytes:
    """`D` lines."""
    lines = []
    place = 0
    while place < len(octets):
        piece = octets[place : place + _ROOM // 3]
        lines.append(b"D " + _TO_ESCAPE.sub(_escaped, piece) + b"\n")
        place += len(piece)
    return b"".join(lines)


def _escaped(found: re.Match[bytes]) -> bytes:
    return b"%%%02X" % found[0][0]


def _unescaped(found: re.Match[bytes]) -> bytes:
    return bytes.fromhex(found[1].decode())
