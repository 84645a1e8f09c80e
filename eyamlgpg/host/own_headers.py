"""What this user has sealed: digests of the session key packets that eyamlgpg made here, in a file of the user's own.

Nothing in it is secret, and it may be removed at any time: then the next edit of a file begins a new session key. It is
there since nothing in a repository proves who made a session key.
"""

import contextlib
import os
from collections.abc import Mapping
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

MOST = 10_000
"""Digests that are kept, the last ones."""

_SIZE = 16
_DIGITS = 2 * _SIZE


class OwnHeaders:
    """Read when first asked. Whatever keeps the file from being read or written leaves a header unknown."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """`environ`: the environment, for XDG_STATE_HOME and HOME."""
        self._path = _place(environ)

    def has(self, header: bytes) -> bool:
        """Whether this user has made these session key packets."""
        return _digest(header) in self._known

    def add(self, header: bytes) -> None:
        """Remember them."""
        digest = _digest(header)
        if digest in self._known:
            return
        self._known[digest] = None
        if self._path is not None:
            with contextlib.suppress(OSError):
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                _append(self._path, digest, rewrite=list(self._known)[-MOST:] if len(self._known) > 2 * MOST else None)

    @cached_property
    def _known(self) -> dict[str, None]:
        if self._path is None:
            return {}
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            with os.fdopen(descriptor, "rb") as file:
                if os.fstat(file.fileno()).st_uid != os.geteuid():
                    return {}
                lines = file.read(4 * MOST * (_DIGITS + 1)).decode("ascii", "replace").splitlines()
        except OSError:
            return {}
        return dict.fromkeys(line for line in lines if len(line) == _DIGITS)


def _place(environ: Mapping[str, str]) -> Path | None:
    state, home = environ.get("XDG_STATE_HOME", ""), environ.get("HOME", "")
    folder = Path(state) if state.startswith("/") else Path(home, ".local", "state") if home.startswith("/") else None
    return None if folder is None else folder / "eyamlgpg" / "own-session-keys"


def _append(path: Path, digest: str, rewrite: list[str] | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    content = digest if rewrite is None else "\n".join(rewrite)
    descriptor = os.open(path, flags | (os.O_APPEND if rewrite is None else os.O_TRUNC), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(f"{content}\n".encode())


def _digest(header: bytes) -> str:
    return blake2b(header, digest_size=_SIZE).hexdigest()
