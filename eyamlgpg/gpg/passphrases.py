"""What became of gpg's question for a passphrase, in words: to open, to certify or to make a key."""

import os
import pwd
from collections.abc import Mapping
from pathlib import Path

from eyamlgpg.formats.gnupg import status
from eyamlgpg.gpg.session import Ran

Words = tuple[str, tuple[str, ...]]
"""A part of a sentence, and hints."""

_NOBODY_ASKED = (
    "the passphrase could not be asked for",
    ("install a pinentry, and run `export GPG_TTY=$(tty)` before",),
)


def not_given(ran: Ran, environment: Mapping[str, str]) -> Words | None:
    """Why gpg had no right passphrase; None where that was not what failed. `environment`: what gpg ran with."""
    codes = ran.statuses.codes
    if codes & status.WRONG:
        return "the passphrase was wrong", ()
    if codes & status.CANCELLED:
        return "the passphrase was not given", ()
    if codes & status.TOO_SMALL:
        return (
            "the passphrase could not be asked for: the terminal is too small for pinentry",
            ("make the window larger, and run the command again",),
        )
    if codes & status.NOT_ALLOWED and (terminal := _of_somebody_else(environment.get("GPG_TTY"))):
        return (
            f"the passphrase could not be asked for: pinentry may not use {terminal}",
            ("log in as the user who runs this, or start a terminal of your own: script -q /dev/null",),
        )
    return _NOBODY_ASKED if codes & status.NOT_ASKED else None


def _of_somebody_else(terminal: str | None) -> str | None:
    """A terminal with its owner, where that is another user, as after `su` and `sudo -u`; else None."""
    if terminal is None:
        return None
    try:
        owner = Path(terminal).stat().st_uid
    except OSError:
        return None
    if owner == os.geteuid():
        return None
    try:
        name = pwd.getpwuid(owner).pw_name
    except KeyError:
        name = f"the user ID {owner}"
    return f"{terminal}, which belongs to {name}"
