"""One run's world: the wiring of the api, with the command line's settings, its voice, and a user who can be asked."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from eyamlgpg.api.run import Run
from eyamlgpg.cli.messages import Messages
from eyamlgpg.cli.settings import read_settings
from eyamlgpg.host import paths
from eyamlgpg.host.editing.left_behind import sweep

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from eyamlgpg.cli.pkcs7_keys import Pkcs7Keys
    from eyamlgpg.cli.settings import Settings
    from eyamlgpg.operations.tree.governance import DiskLists, Lists


@dataclass
class World(Run):
    """Everything that a command reaches outside of itself."""

    settings: Settings
    messages: Messages
    yes: bool = False
    has_told_of_overruling: bool = False

    @cached_property
    def pkcs7(self) -> Pkcs7Keys:
        """The key pair of PKCS7, read when a value needs it."""
        from eyamlgpg.cli.pkcs7_keys import Pkcs7Keys

        return Pkcs7Keys(self.settings, self.messages, self.environ)

    def watched(self, lists: DiskLists) -> Lists:
        """The lists; a config file that overrules them is told of."""
        from eyamlgpg.cli.overruled import WatchedLists

        return WatchedLists(lists, self.warn_of_overruling)

    def warn_of_overruling(self, folder: Path) -> None:
        """Say once that a config file of the user's own overrules the list that would govern a folder."""
        from eyamlgpg.cli.overruled import overruling
        from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
        from eyamlgpg.operations.paths import short_path

        setting = self.settings.users_overruling
        if setting is None or self.has_told_of_overruling:
            return
        found = self.files.nearest_upwards(folder, RECIPIENTS_FILE)
        chosen = None if self.settings.recipients is not None else self.settings.recipients_file
        if found is None or (chosen is not None and paths.real(chosen) == paths.real(found)):
            return
        self.has_told_of_overruling = True
        self.messages.warn(overruling(setting, short_path(found, paths.working_folder())))

    def ask(self, question: str) -> bool:
        """A question to the user; `-y` answers yes."""
        from eyamlgpg.host import terminal

        return terminal.ask(question, stdin=sys.stdin, stderr=sys.stderr, yes=self.yes)


def open_world(options: Mapping[str, Any]) -> World:
    """The world that the shared options of a command ask for."""
    messages = click.get_current_context().ensure_object(Messages)
    messages.quiet, messages.verbose = options.get("quiet", False), options.get("verbose", False)
    settings = read_settings(options, os.environ, paths.working_folder())
    messages.quiet = settings.flag("quiet")
    messages.verbose = settings.flag("verbose")
    messages.trace = settings.flag("trace")
    messages.warn(*settings.warnings)
    swept = sweep(os.environ)
    for folder in swept.gone:
        messages.say(f"{folder}: removed, with the plaintext of an edit that was killed")
    for folder in swept.left:
        messages.warn(f"{folder}: may hold the plaintext of an edit that was killed; if none is under way, remove it")
    yes, signs = options.get("yes", False), options.get("signs")
    world = World(settings, messages, os.environ, datetime.now(UTC), yes=yes, signs=signs)
    click.get_current_context().call_on_close(world.close)
    return world
