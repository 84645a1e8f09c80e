"""What git runs to show a file of a difference."""

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from eyamlgpg.cli.messages import Messages, answer
from eyamlgpg.cli.options import NAMED, gnupg_options
from eyamlgpg.cli.teaching import TeachingCommand
from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.host import digests
from eyamlgpg.host.bounded_files import BoundedDiskFiles
from eyamlgpg.operations.values.textconv import LARGEST, convert, summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eyamlgpg.api.gateways import Gateways
    from eyamlgpg.gpg.opening.lasting import Opener
    from eyamlgpg.model.keys import Key
    from eyamlgpg.repo.conversion import GitProcess


@click.command("textconv", cls=TeachingCommand, hidden=True)
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
    if converted.closed and keys.is_locked:
        messages.warn("values are shown encrypted until gpg-agent knows your passphrase; `eyamlgpg get` asks for it")
    return 0


class _Keys:
    """The user's keys, asked for only where the file holds a value; what is wrong with them is told once."""

    def __init__(self, options: dict[str, Any], messages: Messages) -> None:
        self._options = options
        self._messages = messages
        self._made: Gateways | None = None
        self._opener: Opener | None = None

    @property
    def is_locked(self) -> bool:
        """Whether gpg-agent would have had to ask somebody."""
        return self._opener is not None and self._opener.is_locked

    def opener(self) -> "Opener | None":
        """None where nothing is to be opened, or nothing can be."""
        from eyamlgpg.gpg.opening import lasting
        from eyamlgpg.repo.conversion import UNKNOWN, git_above, kept_by

        git = git_above()
        try:
            path = None if git in (None, UNKNOWN) else lasting.place(os.environ, git.number, git.started)
            self._opener = self._asking(path)
            if self._opener is None:
                kept = None if git is None else kept_by(git, os.environ)
                if kept is None:
                    self._opener = self._first(git, path)
                else:
                    self._messages.warn(f"values are shown encrypted, since {kept}")
        except EyamlgpgError as error:
            self._messages.warn(f"values are shown encrypted: {error.sentence}")
        return self._opener

    def public(self) -> "Sequence[Key]":
        """The keyring, for the names of readers."""
        return self._gateways.keyring.keys()

    @property
    def _gateways(self) -> "Gateways":
        from eyamlgpg.api.gateways import Gateways
        from eyamlgpg.cli.settings import read_settings

        if self._made is None:
            # As if run from home: the settings of the folder count for commands that somebody gives on purpose.
            home = Path(os.environ.get("HOME") or "/")
            self._made = Gateways(read_settings(self._options, os.environ, home), self._messages, os.environ)
        return self._made

    def _first(self, git: "GitProcess | None", path: Path | None) -> "Opener":
        """The opener of this process, or that of one which the next processes of the same git ask, too."""
        from eyamlgpg.gpg.opening import lasting
        from eyamlgpg.gpg.opening.silent import SilentOpener

        session = self._gateways.session
        session.require()
        if git is not None and path is not None:
            with suppress(OSError):  # another one was quicker, or there is no process to spare
                lasting.leave_behind(path, lambda: SilentOpener(session), lambda: lasting.is_running(git.number))
            asking = self._asking(path)
            if asking is not None:
                return asking
        return SilentOpener(session)

    def _alone(self) -> "Opener | None":
        """Once the other process is gone, as it is where gpg cannot be run."""
        try:
            return self._first(None, None)
        except EyamlgpgError as error:
            self._messages.warn(f"values are shown encrypted: {error.sentence}")
        return None

    def _asking(self, path: Path | None) -> "Opener | None":
        from eyamlgpg.gpg.opening.lasting import Asking
        from eyamlgpg.gpg.waiting import Waiting

        try:
            return None if path is None else Asking(path, self._alone, Waiting(self._messages.say))
        except OSError:
            return None
