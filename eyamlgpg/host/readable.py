"""Whether another user of this machine can read a folder, told by owners and modes; access lists are not looked at."""

import grp
import os
import pwd
import shlex
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = 0
_FOLDERS = ("private-keys-v1.d", "public-keys.d")
"""Of a home: the agent's, and keyboxd's."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine and their groups."""

    name: str
    uid: int
    gids: frozenset[int]


def account(name: str) -> Account | None:
    """The user of that name; None where there is none."""
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        return None
    groups = {entry.gr_gid for entry in grp.getgrall() if name in entry.gr_mem}
    return Account(name, found.pw_uid, frozenset({found.pw_gid, *groups}))


@dataclass(frozen=True, slots=True)
class Closed:
    """What a user cannot read."""

    reason: str
    command: str
    """The shell command that opens it."""


def unreadable_by(folder: Path, user: Account) -> Closed | None:
    """What keeps a user from reading a folder with the files in it, the first such thing; None where nothing does.

    Raises OSError where we cannot look ourselves.
    """
    if user.uid == ROOT:
        return None
    real = Path(os.path.realpath(folder))
    for above in reversed(real.parents):
        if not _may(above, user, stat.S_IXOTH):
            return Closed(
                f"the folder {above} around it is closed to that user", shlex.join(["chmod", "o+x", str(above)])
            )
    reason = next(_closed(real, user), None)
    if reason is None:
        return None
    own, private = shlex.join(["chown", "-R", f"{user.name}:", str(real)]), shlex.join(["chmod", "700", str(real)])
    return Closed(reason, f"{own} && {private}")


def _closed(folder: Path, user: Account) -> Iterator[str]:
    if not _may(folder, user, stat.S_IROTH | stat.S_IXOTH):
        state = folder.stat()
        yield f"it belongs to {_name(state.st_uid)} and has mode {stat.S_IMODE(state.st_mode):03o}"
        return
    for path in sorted(folder.iterdir()):
        kind = path.lstat().st_mode
        if stat.S_ISDIR(kind) and path.name in _FOLDERS:
            if _may(path, user, stat.S_IROTH | stat.S_IXOTH):
                yield from _closed(path, user)
            else:
                yield f"{path.name} belongs to {_name(path.stat().st_uid)} and is closed to others"
        elif (
            stat.S_ISREG(kind)
            and path.suffix in (".key", ".kbx", ".db", ".gpg", ".conf")
            and not _may(path, user, stat.S_IROTH)
        ):
            yield f"{path.name} belongs to {_name(path.stat().st_uid)} and is closed to others"


def _may(path: Path, user: Account, bits: int) -> bool:
    """Whether a user has these rights, which are written as those of others."""
    state = path.stat()
    if state.st_uid == user.uid:
        bits <<= 6
    elif state.st_gid in user.gids:
        bits <<= 3
    return state.st_mode & bits == bits


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
