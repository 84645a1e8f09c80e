"""Making a key by gpg's batch mode."""

from collections.abc import Mapping
from pathlib import Path

from eyamlgpg.errors import GnupgError
from eyamlgpg.formats.gnupg.key_parameters import KeyRequest, parameter_file
from eyamlgpg.formats.gnupg.status import Keyword
from eyamlgpg.gpg import passphrases
from eyamlgpg.gpg.homedir import socket_is_too_long
from eyamlgpg.gpg.session import Ran, Session
from eyamlgpg.model.keys import Fingerprint


def generate(session: Session, request: KeyRequest) -> Fingerprint:
    """Make a key in this home and give its fingerprint.

    gpg trusts it ultimately, as one's own. Raises FormatError for its name, GnupgError where gpg failed.
    """
    parameters = parameter_file(request).encode()
    ran = session.run_asking(["--generate-key"], parameters)
    made = next(ran.statuses.having(Keyword.KEY_CREATED), None)
    if ran.returncode != 0 or made is None:
        raise _failed(ran, request, session.environment)
    return Fingerprint(made.argument(1))


def require_usable(home: Path, uid: int) -> None:
    """Raise GnupgError for a home that this user's agent could not run in, before it is made."""
    if ":" in str(home):
        raise GnupgError(
            f"{home}: gpg-agent cannot run in a folder with a colon in its path, and without it no key is made",
            "choose a path without one",
        )
    if socket_is_too_long(home, uid):
        raise GnupgError(
            f"{home}: too long a path for gpg-agent's sockets, and without it no key is made",
            "choose a shorter one, under 88 characters",
        )


def revocation_certificate(session: Session, fingerprint: Fingerprint) -> Path:
    """Where gpg put the certificate that revokes a key it made."""
    return session.homedir / "openpgp-revocs.d" / f"{fingerprint}.rev"


def _failed(ran: Ran, request: KeyRequest, environment: Mapping[str, str]) -> GnupgError:
    sentence = f"the key {request.name!a} was not made"
    if words := passphrases.not_given(ran, environment):
        what, hints = words
        return GnupgError(f"{sentence}: {what}", *hints)
    return GnupgError(f"{sentence}: {ran.reason}")
