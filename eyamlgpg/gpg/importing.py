"""python-gnupg with the session's command line: it brings keys into a keyring, and runs what verifies signatures.

Values are opened and sealed without it: it starts gpg once more to learn its version, and a plaintext that it has read
has no bound (docs/decisions/20-python-gnupg-imports.md).
"""

import logging
from collections.abc import Sequence
from typing import Any, TextIO

import gnupg

from eyamlgpg.errors import GnupgError
from eyamlgpg.formats.gnupg import status
from eyamlgpg.gpg.session import Ran, Session
from eyamlgpg.gpg.talk import MOST, require_end

_PART = 1 << 16


class PythonGnupg(gnupg.GPG):  # type: ignore[misc]  # python-gnupg has no types
    """Runs gpg with this home and with the session's command line."""

    def __init__(self, session: Session) -> None:
        """GnupgError where gpg is not there, is too old, or does not start."""
        logging.getLogger("gnupg").disabled = True  # it would log the beginning of what it reads
        self._session = session
        session.require()
        try:
            super().__init__(gnupghome=str(session.homedir), env=session.environment)
        except (OSError, ValueError) as error:  # the latter of a gpg that ended with an error
            raise GnupgError(
                "gpg does not start: " + session.run(["--list-config"]).reason,
                f"see what {session.homedir / 'gpg.conf'} says",
            ) from error

    def make_args(self, args: list[str], passphrase: bool) -> list[str]:  # noqa: ARG002, FBT001  # its signature
        """The session's command line; a passphrase is never passed, the agent asks for it."""
        if "--list-config" in args:
            # The first start: `passphrase-fd 0` in gpg.conf would wait for an input that nobody closes.
            args = [*args, "--passphrase-fd=-1"]
        return self._session.argv(args)

    def _read_response(self, stream: TextIO, result: Any) -> None:
        """Keep what gpg writes on stderr, in place of python-gnupg's reading of it.

        That ends in a thread's traceback at a status that it does not expect, and has no bound.
        """
        words: list[str] = []
        length = 0
        while length <= MOST and (part := stream.read(_PART)):
            words.append(part)
            length += len(part)
        if length > MOST:
            stream.close()  # gpg ends when it writes more
        result.stderr = "".join(words)

    @staticmethod
    def ran(made: object) -> Ran:
        """What python-gnupg says of a run, as a session says it; GnupgError for a gpg that talked without end."""
        words = getattr(made, "stderr", "").encode("latin-1")
        require_end(words)
        return Ran(getattr(made, "returncode", 1), b"", words, status.parse(words))


class Importer(PythonGnupg):
    """Runs `gpg --import` with this home."""

    def take(self, certificate: bytes, options: Sequence[str]) -> Ran:
        """What came of importing one public key with these options."""
        with self._session.waiting.watching("gpg"):
            return self.ran(self.import_keys(certificate, extra_args=list(options)))
