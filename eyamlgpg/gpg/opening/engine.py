"""python-gnupg with the session's command line, and with processes that can be stopped.

Its encoding, latin-1 by default, is for gpg's words alone; plaintexts are bytes, and stay so. It reads any words
without failing, where a strict UTF-8 would stop the thread that reads them.
"""

from typing import IO, TYPE_CHECKING, Any
from weakref import WeakSet

import gnupg

from eyamlgpg.errors import GnupgError
from eyamlgpg.formats.gnupg import status
from eyamlgpg.gpg.session import ASKING, FEWER, Ran, Session
from eyamlgpg.model import limits

if TYPE_CHECKING:
    from subprocess import Popen


_CHUNK = 1 << 16

_MOST = limits.PLAINTEXT + 2 * limits.MEBIBYTE
"""Bytes that are read: a plaintext that is too long is seen to be so at fewer (see `proof.bound`)."""


class Engine(gnupg.GPG):  # type: ignore[misc]  # python-gnupg has no types
    """Runs `gpg --decrypt`, in several threads if wanted."""

    def __init__(self, session: Session) -> None:
        """Starts gpg once, as python-gnupg does to learn its version; OSError where there is none."""
        self._session = session
        self._running: WeakSet[Popen[bytes]] = WeakSet()
        super().__init__(gnupghome=str(session.homedir), env=session.environment)

    def opened(self, message: bytes, *options: str) -> Ran:
        """What came of `gpg --decrypt` with these options; pinentry asks where gpg.conf would have gpg ask."""
        ran = self._opened(message, *options)
        return self._opened(message, ASKING, *options) if ran.must_ask else ran

    def _opened(self, message: bytes, *options: str) -> Ran:
        try:
            made = self.decrypt(message, extra_args=list(options))
        except BrokenPipeError:  # gpg gave up on the message before its end, and python-gnupg keeps no result then
            return self._session.run(["--decrypt", *options], message)
        except RuntimeError as error:  # no thread to be had
            self.stop()
            raise GnupgError(f"gpg's answer could not be read: {error}", FEWER) from error
        words = made.stderr.encode("latin-1")
        return Ran(made.returncode, made.data, words, status.parse(words))

    def _read_data(self, stream: IO[bytes], result: Any, *_: object) -> None:
        """Read a plaintext, and end a gpg that does not end it itself at `--max-output`, which it always gets."""
        chunks, length = list[bytes](), 0
        while (chunk := stream.read(_CHUNK)) and length <= _MOST:
            chunks.append(chunk)
            length += len(chunk)
        if length > _MOST:
            for process in [one for one in self._running if one.stdout is stream]:
                process.kill()
        result.data = b"".join(chunks)

    def stop(self) -> None:
        """Kill what is still running and wait for it, so that no process is left behind."""
        for process in list(self._running):
            # Its pipes are left to python-gnupg's threads, which are reading them and now come to their end.
            process.kill()
            process.wait()

    def make_args(self, args: list[str], passphrase: bool) -> list[str]:  # noqa: ARG002, FBT001  # its signature
        """The session's command line; a passphrase is never passed, the agent asks for it."""
        if "--list-config" in args:
            # The first start: `passphrase-fd 0` in gpg.conf would wait for an input that nobody closes.
            args = [*args, "--passphrase-fd=-1"]
        return self._session.argv(args)

    def _open_subprocess(self, args: list[str], passphrase: bool = False) -> Any:  # noqa: FBT001, FBT002  # its too
        process = super()._open_subprocess(args, passphrase)
        self._running.add(process)
        return process
