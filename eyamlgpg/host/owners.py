"""Users and groups of this machine, by name."""

import grp
import os
import pwd
from pathlib import Path

from eyamlgpg.errors import FileProblem, UsageError


def look_up(text: str) -> tuple[str, str, int, int, Path]:
    """The user, group, their numbers and the user's folder that `USER:GROUP` names.

    Raises UsageError where that is not how it is written, FileProblem for a user or group that is not here.
    """
    user, colon, group = text.partition(":")
    if not (user and colon and group):
        raise UsageError(f"--owner {text}: is not USER:GROUP", "as in --owner puppet:puppet")
    try:
        account = pwd.getpwnam(user)
    except KeyError:
        raise FileProblem(f"--owner {text}: there is no user {user} on this machine") from None
    try:
        gid = grp.getgrnam(group).gr_gid
    except KeyError:
        raise FileProblem(f"--owner {text}: there is no group {group} on this machine") from None
    return user, group, account.pw_uid, gid, Path(account.pw_dir)


def require_right(text: str, uid: int) -> None:
    """Raise FileProblem unless this process may make files for a user: it is that user, or root."""
    if os.geteuid() not in (0, uid):
        user = text.partition(":")[0]
        raise FileProblem(
            f"--owner {text}: only root or {user} may make a GnuPG home for {user}",
            f"run it by sudo, or as that user: sudo -u {user} eyamlgpg keys generate …",
        )
