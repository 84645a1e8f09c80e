"""Which GnuPG home to use, whether it is fit for use, and a throwaway one."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from eyamlgpg.errors import GnupgError

LONGEST_SOCKET = 103 if sys.platform == "darwin" else 107
"""Bytes in a socket's path: `sun_path` of sys/un.h without its final NUL."""

_LONGEST_NAME = "S.gpg-agent.browser"


def choose(environ: Mapping[str, str], option: Path | None) -> Path:
    """The absolute path of the home: HIERA_EYAML_GPG_GNUPGHOME, the option or config, GNUPGHOME, ~/.gnupg.

    The gems know the first, which beats even their option, and not GNUPGHOME. An empty variable counts as none.
    """
    named = _named(environ, option)
    chosen = Path(named) if named else Path("~", ".gnupg")
    if chosen.parts[:1] == ("~",):
        chosen = _users_home(environ).joinpath(*chosen.parts[1:])
    return chosen.absolute()


def is_yet_to_be_made(environ: Mapping[str, str], option: Path | None) -> bool:
    """Whether nobody named a home, and the user's own ~/.gnupg is not there: gpg would make it."""
    return not _named(environ, option) and not os.path.lexists(choose(environ, option))


def _named(environ: Mapping[str, str], option: Path | None) -> str | Path | None:
    return environ.get("HIERA_EYAML_GPG_GNUPGHOME") or option or environ.get("GNUPGHOME")


def _users_home(environ: Mapping[str, str]) -> Path:
    """The user's home; GnupgError where there is neither HOME nor an entry for this user ID, as in containers."""
    try:
        return Path(environ.get("HOME") or Path.home())
    except RuntimeError:
        raise GnupgError(
            f"there is no GnuPG home: HOME is not set, and the user ID {os.geteuid()} has no home directory",
            "name the GnuPG home with --gpg-gnupghome or GNUPGHOME",
        ) from None


def check(path: Path) -> tuple[str, ...]:
    """What is unwise about a home, for the user to mend; GnupgError where it cannot be used at all."""
    try:
        state = path.stat()
        is_folder = path.is_dir()
    except FileNotFoundError as error:
        raise GnupgError(
            f"{path}: there is no such GnuPG home",
            "for a key of your own: eyamlgpg keys generate --person 'Your Name' --email you@example.com",
            f"another home is named with --gpg-gnupghome or GNUPGHOME; this one is made by: mkdir -m 700 -p '{path}'",
        ) from error
    except OSError as error:
        raise GnupgError(f"{path}: cannot be looked at: {error.strerror}") from error
    if not is_folder:
        raise GnupgError(f"{path}: a GnuPG home is a folder, this is none")
    if not os.access(path, os.R_OK | os.X_OK):
        raise GnupgError(f"{path}: may not be read by this user")
    return tuple(_warnings(path, state))


def _warnings(path: Path, state: os.stat_result) -> Iterator[str]:
    if state.st_uid != os.geteuid():
        yield f"{path}: belongs to another user; gpg may leave files there that its owner cannot read"
    if state.st_mode & 0o077:
        yield f"{path}: mode {state.st_mode & 0o777:o} lets other users in; chmod 700 '{path}'"
    if socket_is_too_long(path):
        yield f"{path}: too long for gpg-agent's sockets, so no secret key can be used; link to it by a shorter path"


def socket_is_too_long(path: Path, uid: int | None = None) -> bool:
    """Whether gpg-agent cannot open its sockets in this home.

    Where a folder of this user stands under /run/user, they are there (gnupg's common/homedir.c,
    `_gnupg_socketdir_internal`).
    """
    user = str(os.geteuid() if uid is None else uid)
    elsewhere = any(Path(run, "user", user).is_dir() for run in ("/run", "/var/run"))
    return not elsewhere and len(os.fsencode(path / _LONGEST_NAME)) > LONGEST_SOCKET


@contextmanager
def throwaway(environ: Mapping[str, str]) -> Iterator[Path]:
    """An empty GnuPG home with a short path, 0700; its agent is stopped and all is removed on every way out."""
    import tempfile

    from eyamlgpg.gpg.session import Session

    home = Path(tempfile.mkdtemp(prefix="eg-", dir=short_base(environ)))
    try:
        yield home
    finally:
        with suppress(GnupgError):  # there may be no gpgconf
            Session(home, environ).stop_agent()
        _remove(home)


def short_base(environ: Mapping[str, str]) -> str:
    """Where a throwaway home has a path that is short enough for sockets."""
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    # Not $TMPDIR: on macOS it is half as long as a socket's path may be.
    return runtime if runtime and os.access(runtime, os.W_OK | os.X_OK) else "/tmp"  # noqa: S108


def _remove(home: Path) -> None:
    """Remove a folder in which an ending agent may be removing its sockets at the same time."""
    import shutil

    for _ in range(5):
        with suppress(OSError):  # which `ignore_errors` does not know of what it has opened already
            shutil.rmtree(home, ignore_errors=True)
        if not home.exists():
            return
