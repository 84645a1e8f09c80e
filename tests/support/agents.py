"""An agent that says what it is told to, for what no real one says."""

import contextlib
import socket
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.support import keyrings


@contextlib.contextmanager
def saying(*answers: bytes) -> Iterator[tuple[Path, list[bytes]]]:
    """A socket that greets, then gives one answer for each line that comes, and hangs up after the last.

    It does so for each connection. Yields its path, and the lines that came.
    """
    folder = keyrings.short_folder()
    path = folder / "s"
    heard: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        thread = threading.Thread(target=_serve, args=(server, answers, heard), daemon=True)
        thread.start()
        try:
            yield path, heard
        finally:
            server.shutdown(socket.SHUT_RDWR)
            server.close()
            thread.join(5)
            keyrings.remove(folder)


def _serve(server: socket.socket, answers: Sequence[bytes], heard: list[bytes]) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with contextlib.suppress(OSError), connection, connection.makefile("rb") as lines:
            first, *others = answers
            connection.sendall(first)
            for answer in others:
                line = lines.readline()
                if not line:
                    break
                heard.append(line)
                connection.sendall(answer)
