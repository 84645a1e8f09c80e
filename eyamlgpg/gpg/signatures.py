"""Detached signatures: verified by python-gnupg with our command line, and made through gpg-agent."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from eyamlgpg.errors import FormatError, GnupgError
from eyamlgpg.formats.gnupg import signatures
from eyamlgpg.formats.gnupg.status import Keyword, Statuses
from eyamlgpg.formats.openpgp import detached
from eyamlgpg.gpg import passphrases
from eyamlgpg.gpg.importing import PythonGnupg
from eyamlgpg.model.approval import Judgement, Signed

if TYPE_CHECKING:
    from eyamlgpg.gpg.session import Session
    from eyamlgpg.model.keys import Fingerprint

_VERIFY = ["--no-auto-check-trustdb", "--trust-model=always", "--no-auto-key-retrieve"]
"""The policy names its approvers by fingerprint, so what a keyring thinks of user IDs does not matter."""

_SIGN = ("--no-armor", "--no-textmode", "--digest-algo=SHA256", "--output=-")
"""Whatever gpg.conf says."""


class GnupgSignatures:
    """Signatures by the keys of one home."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def verify(self, content: bytes, signature_file: bytes) -> tuple[Signed, ...]:
        """What gpg says of each signature of a file: each by itself, so that none hides another."""
        try:
            parted = detached.parted(signature_file)
        except FormatError:
            return (Signed(Judgement.UNREADABLE),)
        return tuple(self._verified(content, one) for one in parted)

    def sign(self, content: bytes, key: Fingerprint, path: str) -> bytes:
        """A signature over the content for this path, one binary packet; GnupgError where none is made.

        gpg takes the newest signing subkey of the key; a passphrase is asked for by pinentry.
        """
        options = [*_SIGN, f"--local-user={key}", f"--sig-notation={signatures.note_for(path)}", "--detach-sign"]
        ran = self._session.run_asking(options, content)
        if ran.returncode == 0 and ran.stdout and ran.statuses.has(Keyword.SIG_CREATED):
            return ran.stdout
        sentence = f"{path}: was not signed by {key}"
        if words := passphrases.not_given(ran, self._session.environment):
            what, hints = words
            raise GnupgError(f"{sentence}: {what}", *hints)
        raise GnupgError(f"{sentence}: {ran.reason}")

    def _verified(self, content: bytes, signature: bytes) -> Signed:
        with tempfile.NamedTemporaryFile(prefix="eyamlgpg-", suffix=".sig") as file:
            Path(file.name).write_bytes(signature)
            statuses = Statuses()
            # gpg that gives up early does not read the content
            with suppress(OSError), self._session.waiting.watching("gpg"):
                statuses = self._gnupg.ran(self._gnupg.verify_data(file.name, content, _VERIFY)).statuses
        return signatures.judged(statuses)

    @cached_property
    def _gnupg(self) -> PythonGnupg:
        return PythonGnupg(self._session)
