"""What gpg-agent knows of secret keys, without asking anybody for a passphrase."""

import re
from collections.abc import Sequence

from eyamlgpg.errors import GnupgError
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import Fingerprint, Key, Protection

# S KEYINFO <keygrip> <type> <serialno> <idstr> <cached> <protection> …  (gpg-agent's manual, KEYINFO)
_KEYINFO = re.compile(rb"S KEYINFO ([0-9A-F]{40}) ([DTX-]) \S+ \S+ \S+ ([PC-])")

_S2K_TIME = re.compile(rb"D ([0-9]{1,9})\n")
"""Milliseconds (gpg-agent, GETINFO s2k_time)."""


class GnupgSecretKeys:
    """The secret keys of one GnuPG home, as its agent tells of them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def protections(self, keys: Sequence[Key]) -> dict[Fingerprint, Protection]:
        """Of each key whose secret part is here: how the weakest of its parts is kept; raises GnupgError."""
        own = [key.fingerprint for key in keys if key.has_secret]
        if not own:
            return {}
        ran = self._session.run(["--with-colons", "--with-keygrip", "--list-secret-keys", *own])
        if ran.returncode != 0:
            raise GnupgError(f"gpg could not list the secret keys of {self._session.homedir}: {ran.reason}")
        states = _states(self._session)
        found: dict[Fingerprint, Protection] = {}
        for fingerprint, keygrips in _keygrips(ran.stdout).items():
            here = [states[keygrip] for keygrip in keygrips if keygrip in states]
            found[fingerprint] = max(here, key=_exposure, default=Protection.UNKNOWN)
        return found

    def passphrase_seconds(self) -> float | None:
        """What the agent takes to hash a passphrase, measured by itself now; None where it does not tell.

        A key may have been protected under another count than the one that it would take today.
        """
        told = _S2K_TIME.match(self._session.run_tool("gpg-connect-agent", ["GETINFO s2k_time", "/bye"]).stdout)
        return None if told is None else int(told[1]) / 1000


def _states(session: Session) -> dict[str, Protection]:
    told = session.run_tool("gpg-connect-agent", ["keyinfo --list", "/bye"]).stdout
    states: dict[str, Protection] = {}
    for keygrip, kind, letter in _KEYINFO.findall(told):
        if kind == b"T":
            states[keygrip.decode()] = Protection.CARD
        elif kind == b"D":
            states[keygrip.decode()] = {b"P": Protection.PASSPHRASE, b"C": Protection.CLEAR}.get(
                letter, Protection.UNKNOWN
            )
    return states


def _exposure(protection: Protection) -> int:
    return (Protection.CARD, Protection.PASSPHRASE, Protection.UNKNOWN, Protection.CLEAR).index(protection)


def _keygrips(listing: bytes) -> dict[Fingerprint, list[str]]:
    """The keygrips of each key, by the fingerprint of its primary key, in a listing with colons."""
    found: dict[Fingerprint, list[str]] = {}
    awaits_fingerprint, grips = False, list[str]()
    for line in listing.decode("ascii", "replace").splitlines():
        fields = line.split(":")
        match fields[0]:
            case "sec":
                awaits_fingerprint = True
            case "fpr" if awaits_fingerprint:
                awaits_fingerprint, grips = False, found.setdefault(Fingerprint(fields[9]), [])
            case "grp":
                grips.append(fields[9])
    return found
