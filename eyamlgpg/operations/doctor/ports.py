"""What a doctor needs of the world; whoever fulfils these changes nothing and never waits for somebody."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from eyamlgpg.model.health import (
    AgentFacts,
    CardFacts,
    EditorFacts,
    GitFacts,
    GnupgSettings,
    HomeFacts,
    PinentryFacts,
    ScratchFacts,
    SecretFacts,
    TerminalFacts,
)
from eyamlgpg.model.keys import Key


class GnupgHealth(Protocol):
    """GnuPG with one home."""

    def gpg(self) -> tuple[Path, tuple[int, int, int]]:
        """The program and its version; GnupgError where there is none, or one that is too old."""
        ...

    def home(self) -> HomeFacts:
        """The folder."""
        ...

    def settings(self) -> GnupgSettings:
        """Its configuration files."""
        ...

    def pinentry(self) -> PinentryFacts:
        """The program that asks for passphrases."""
        ...

    def keyboxd(self) -> Path | None:
        """The program that keeps public keys; None where it is not installed."""
        ...

    def agent(self) -> AgentFacts:
        """Whether the agent answers."""
        ...

    def card(self) -> CardFacts:
        """The smart card."""
        ...

    def keys(self) -> Sequence[Key]:
        """The keyring, own keys marked; GnupgError."""
        ...

    def secrets(self) -> SecretFacts:
        """How each secret key is kept; GnupgError."""
        ...


class MachineHealth(Protocol):
    """The machine."""

    def terminal(self) -> TerminalFacts:
        """Where a pinentry could ask."""
        ...

    def scratch(self) -> ScratchFacts:
        """Where plaintext would lie."""
        ...

    def editor(self) -> EditorFacts:
        """The editor that `edit` would start."""
        ...


class RepositoryHealth(Protocol):
    """Git around the working directory."""

    def git(self) -> GitFacts:
        """Its version, the repository and its hooks; asked once."""
        ...
