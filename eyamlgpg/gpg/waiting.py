"""A word for whoever waits: gpg can hang behind its agent, a lock or a card, and nobody else hears what it says."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

QUIET_SECONDS = 10.0
"""How long gpg or its agent may take before it is told that the run waits for them."""

_ASKS = b"[GNUPG:] PINENTRY_LAUNCHED"
"""gpg's status for a pinentry that it has opened (doc/DETAILS): the user sees that one, and it may own the terminal."""


_WAITS = b"gpg: waiting for "
"""What gpg says in the C locale of a lock that another process holds, or that one left behind."""


class Waiting:
    """Tells once a run what it waits for, and that Ctrl-C ends it."""

    def __init__(self, tell: Callable[[str], None] = lambda _sentence: None) -> None:
        """`tell` is given a sentence."""
        self._tell = tell
        self._has_told = False

    def tell(self, program: str, words: bytes = b"") -> None:
        """Say that the program has not ended for QUIET_SECONDS; `words` is what it wrote to its stderr until now."""
        if self._has_told or _ASKS in words:
            return
        self._has_told = True
        lines = [line.removeprefix(b"gpg: ") for line in words.splitlines() if line.startswith(_WAITS)]
        last = f" ({lines[-1].decode('utf-8', 'replace')})" if lines else ""
        self._tell(
            f"still waiting for {program} after {QUIET_SECONDS:.0f} seconds{last}; it may wait for its agent, "
            "a lock, a card or a passphrase; Ctrl-C ends this run, and every file stays whole"
        )

    @contextmanager
    def watching(self, program: str) -> Iterator[None]:
        """Say it where the block takes so long, for a program that somebody else talks to."""
        timer = threading.Timer(QUIET_SECONDS, self.tell, [program])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
