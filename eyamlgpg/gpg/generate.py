"""Making a key by gpg's batch mode."""

from eyamlgpg.errors import GnupgError
from eyamlgpg.formats.keygen import KeyRequest, parameter_file
from eyamlgpg.formats.status import Keyword
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import Fingerprint


def generate(session: Session, request: KeyRequest) -> Fingerprint:
    """Make a key in this home, give its fingerprint; FormatError for its name, GnupgError where gpg failed."""
    ran = session.run(["--generate-key"], parameter_file(request).encode())
    made = next(ran.statuses.having(Keyword.KEY_CREATED), None)
    if ran.returncode != 0 or made is None:
        raise GnupgError(f"the key {request.name!r} could not be made: {ran.reason}")
    return Fingerprint(made.argument(1))
