"""The settings of a program that calls the library, and the environment of one that passes none."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from eyamlgpg.formats.eyaml.methods import Method


@dataclass(frozen=True, slots=True)
class Given:
    """`api.ports.RunSettings` without any config file: what the caller passed, and the recipients files of the tree."""

    gnupghome: Path | None = None
    always_trust: bool = False
    recipients: str | None = None
    recipients_from: str = ""
    recipients_file: Path | None = None
    method: Method | None = None


class Silence:
    """`api.ports.Notices` that drops every sentence."""

    def warn(self, *sentences: str) -> None:
        """Drop them."""

    def say(self, sentence: str) -> None:
        """Drop it."""

    def note(self, sentence: str) -> None:
        """Drop it."""


def bare_environment() -> dict[str, str]:
    """The standard places of programs, and the home that the system knows for this user."""
    import pwd

    environment = {"PATH": os.defpath}
    try:
        environment["HOME"] = pwd.getpwuid(os.geteuid()).pw_dir
    except KeyError:  # a container may run under a user ID that nobody named
        environment["HOME"] = "/"
    return environment
