"""python-gnupg with the session's command line, and with processes that can be stopped.

Its encoding, latin-1 by default, is for gpg's words alone; plaintexts are bytes, and stay so. It reads any words
without failing, where a strict UTF-8 would stop the thread that reads them.
"""

from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import gnupg

from eyamlgpg.formats.gnupg import status
from eyamlgpg.gpg.session import Ran, Session

if TYPE_CHECKING:
    from subprocess import Popen


class Engine(gnupg.GPG):  # type: ignore[misc]  # python-gnupg has no types
    """Runs `gpg --decrypt`, in several threads if wanted."""

    def __init__(self, session: Session) -> None:
        """Starts gpg once, as python-gnupg does to learn its version; OSError where there is none."""
        self._session = session
        self._running: WeakSet[Popen[bytes]] = WeakSet()
        super().__init__(gnupghome=str(session.homedir), env=session.environment)

    def opened(self, message: bytes, *options: str) -> Ran:
        """What came of `gpg --decrypt` with these options."""
        try:
            made = self.decrypt(message, extra_args=list(options))
        except BrokenPipeError:  # gpg gave up on the message before its end, and python-gnupg keeps no result then
            return self._session.run(["--decrypt", *options], message)
        words = made.stderr.encode("latin-1")
        return Ran(made.returncode, made.data, words, status.parse(words))

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
