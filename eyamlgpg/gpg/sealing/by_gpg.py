"""Messages made by gpg, for keys of every other kind."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from eyamlgpg.errors import GnupgError
from eyamlgpg.gpg import homedir
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import Subkey

_PLAINLY = ("--no-options", "--trust-model=always", "--no-armor", "--output=-")
"""How gpg encrypts, without the machine's own gpg.conf either."""


def seal_by_gpg(session: Session, plaintext: bytes, subkeys: Sequence[Subkey], exported: bytes) -> bytes:
    """A binary message to these subkeys, whose export is given; raises GnupgError."""
    recipients = [f"--recipient={subkey.fingerprint}!" for subkey in subkeys]
    # In a home of its own with these keys alone: no gpg.conf may change what is written, and not all that one can
    # do to a message could be overridden or seen (`no-literal`, `textmode`, `passphrase-fd 0`). Validity was judged
    # before.
    with tempfile.TemporaryDirectory(prefix="eg-", dir=homedir.short_base(session.environment)) as name:
        home = Path(name)
        (home / "pubring.gpg").write_bytes(exported)
        moved, command = session.moved(home), [*_PLAINLY, *recipients, "--encrypt"]
        ran = moved.run(command, stdin=plaintext)
        if (home / "public-keys.d").exists():
            # The machine's own common.conf says `use-keyboxd`, and gpg did not look into the file.
            try:
                moved.run(["--no-options", "--no-auto-check-trustdb", "--import"], stdin=exported)
                ran = moved.run(command, stdin=plaintext)
            finally:
                moved.stop_agent()
    if ran.returncode != 0 or not ran.stdout:
        refused = ", ".join(f"{name} is {reason.words}" for name, reason in ran.statuses.refused)
        raise GnupgError(f"gpg could not encrypt: {refused or ran.reason}")
    return ran.stdout
