"""Private-key operations by gpg-agent (its manual, "Agent's Assuan Protocol", PKDECRYPT), without asking anybody.

Ciphertexts and results are libgcrypt's S-expressions in their canonical form: `(7:enc-val(3:rsa(1:a128:…)))`.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from eyamlgpg.formats.openpgp.unusual import LeftToGnupg, Unusual
from eyamlgpg.gpg.opening.assuan import Connection
from eyamlgpg.gpg.session import Session
from eyamlgpg.gpg.waiting import Waiting

_VALUE = re.compile(rb"\(5:value([0-9]{1,5}):")
_UNPADDED = b"PADDING 0"
"""The status of an agent that took the padding of RSA off itself, as it does for a card."""

_ESCAPED = re.compile(rb"%([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Result:
    """What a private-key operation gave; it never shows in a `repr`."""

    value: bytes = field(repr=False)
    is_unpadded: bool = False


class Agent:
    """One connection to the agent. Raises what `assuan.Connection` does, and LeftToGnupg for a strange result.

    A key whose passphrase or PIN would have to be asked for is refused at once: asking is gpg's. So is everything by
    the restricted socket that an agent on another machine is reached by, as that does not know the option.
    """

    def __init__(self, socket: Path, waits: Waiting | None = None) -> None:
        """`waits`: tells the user of an operation that takes long."""
        self._connection = Connection(socket)
        self._keygrip = b""
        try:
            self._connection.ask(b"OPTION pinentry-mode=error")
            self._connection.wait(waits or Waiting())
        except BaseException:
            self.close()
            raise

    def rsa(self, keygrip: str, ciphertext: bytes) -> Result:
        """Of an RSA key: the padded block, or what was in it."""
        # A number with its highest bit set would be negative without a zero in front.
        sign = b"\0" if ciphertext[0] >= 0x80 else b""
        return self._decrypted(keygrip, b"(7:enc-val(3:rsa(1:a" + _atom(sign + ciphertext) + b")))")

    def ecdh(self, keygrip: str, point: bytes, wrapped: bytes) -> Result:
        """Of a key on a curve: the shared point. `wrapped` is only handed on, as gpg does."""
        shared = _atom(bytes([len(wrapped)]) + wrapped)
        return self._decrypted(keygrip, b"(7:enc-val(4:ecdh(1:s" + shared + b")(1:e" + _atom(point) + b")))")

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _decrypted(self, keygrip: str, ciphertext: bytes) -> Result:
        named = keygrip.encode()
        if named != self._keygrip:
            self._keygrip = b""
            self._connection.ask(b"SETKEY " + named)
            self._keygrip = named
        answer = self._connection.ask(b"PKDECRYPT", {b"CIPHERTEXT": ciphertext})
        found = _VALUE.match(answer.data)
        if found is None:
            raise LeftToGnupg(Unusual.AGENT)
        end = found.end() + int(found[1])
        if answer.data[end:].rstrip(b"\0") != b")":
            raise LeftToGnupg(Unusual.AGENT)
        return Result(answer.data[found.end() : end], _UNPADDED in answer.statuses)


def socket_of(session: Session) -> Path | None:
    """The socket of the agent that gpg uses for this home; None where gpgconf does not tell."""
    ran = session.run_tool("gpgconf", ["--list-dirs", "agent-socket"])
    path = ran.stdout.rstrip(b"\n")
    if ran.returncode != 0 or not path.startswith(b"/"):
        return None
    written = _ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), path)
    return Path(written.decode("utf-8", "surrogateescape"))


def _atom(octets: bytes) -> bytes:
    return b"%d:" % len(octets) + octets
