"""`eyamlgpg git textconv`: what git runs to show a file."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from eyamlgpg.cli.messages import Messages, answer
from eyamlgpg.cli.options import NAMED, gnupg_options
from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.host import digests
from eyamlgpg.host.bounded_files import BoundedDiskFiles
from eyamlgpg.operations.values.textconv import LARGEST, convert, summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eyamlgpg.cli.gateways import Gateways
    from eyamlgpg.gpg.opening.silent import SilentOpener
    from eyamlgpg.model.keys import Key


@click.command("textconv", hidden=True)
@click.argument("file", metavar="FILE", type=NAMED)
@gnupg_options
def textconv(file: Path, **options: Any) -> int:
    """Print FILE for git to compare and show.

    A value that can be opened without asking anybody is shown as DEC::GPG[…]!, any other one as its size and its
    readers. Settings come from the user's own config files, not from the folder's, which anybody may have pushed.
    """
    messages = click.get_current_context().ensure_object(Messages)
    messages.quiet, messages.verbose = options["quiet"], options["verbose"]
    if digests.size_of(file) > LARGEST:
        answer(summary(*digests.size_and_digest(file)))
        return 0
    keys = _Keys(options, messages)
    converted = convert(BoundedDiskFiles().read_bounded(file, LARGEST, follow_link=False), keys.opener, keys.public)
    answer(converted.content)
    if converted.closed:
        keys.tell_why()
    return 0


class _Keys:
    """The user's keys, asked for only where the file holds a value; what is wrong with them is told once."""

    def __init__(self, options: dict[str, Any], messages: Messages) -> None:
        self._options = options
        self._messages = messages
        self._gateways: Gateways | None = None
        self._opener: SilentOpener | None = None

    def opener(self) -> "SilentOpener | None":
        """None where nothing is to be opened, or nothing can be."""
        from eyamlgpg.cli.gateways import Gateways
        from eyamlgpg.cli.settings import read_settings
        from eyamlgpg.repo.conversion import kept_by

        home = Path(os.environ.get("HOME") or "/")
        try:
            self._gateways = Gateways(read_settings(self._options, os.environ, home), self._messages, os.environ)
            kept = kept_by(os.environ)
            if kept is not None:
                self._messages.warn(f"values are shown encrypted, since {kept}")
                return None
            from eyamlgpg.gpg.opening.silent import SilentOpener

            self._opener = SilentOpener(self._gateways.session)
        except EyamlgpgError as error:
            self._messages.warn(f"values are shown encrypted: {error.sentence}")
        return self._opener

    def public(self) -> "Sequence[Key]":
        """The keyring, for the names of readers."""
        return () if self._gateways is None else self._gateways.keyring.keys()

    def tell_why(self) -> None:
        """Say what the user can do about values that stayed closed."""
        if self._opener is not None and self._opener.is_locked:
            self._messages.warn(
                "values are shown encrypted until gpg-agent knows your passphrase; eyamlgpg get asks for it once"
            )
