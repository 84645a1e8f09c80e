"""What a run is given: its settings, and somebody who takes its notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from eyamlgpg.formats.eyaml.methods import Method


class Notices(Protocol):
    """Takes the sentences of a run that are neither its result nor an error. No sentence holds a plaintext.

    Sentences may quote file names and user IDs as they are: escape control characters before a terminal shows them.
    """

    def warn(self, *sentences: str) -> None:
        """Take what somebody should know although the run goes on."""
        ...

    def say(self, sentence: str) -> None:
        """Take what was done, or what the run waits for."""
        ...

    def note(self, sentence: str) -> None:
        """Take a detail, such as the subkey that a value is encrypted to."""
        ...


class Opener(Protocol):
    """Opens messages of PKCS7, with a key that the caller has; `PrivateKey` is one."""

    def decrypt(self, message: bytes) -> bytes:
        """Open one message, which is DER: its exact plaintext. Raises DecryptionError where it cannot be opened."""
        ...


class RunSettings(Protocol):
    """The settings that the wiring of a run goes by; `cli.settings.Settings` is one, `api.settings.Given` another."""

    @property
    def gnupghome(self) -> Path | None:
        """The GnuPG home; None for the one that the environment names."""
        ...

    @property
    def always_trust(self) -> bool:
        """Whether keys that nobody certified count as valid."""
        ...

    @property
    def recipients(self) -> str | None:
        """Recipients in place of all recipients files; None where the files count."""
        ...

    @property
    def recipients_from(self) -> str:
        """Where `recipients` was said."""
        ...

    @property
    def recipients_file(self) -> Path | None:
        """The recipients file in place of all others; None where the nearest one counts."""
        ...

    @property
    def method(self) -> Method | None:
        """The method of values that name none; None where each is judged by its message."""
        ...
