"""What git runs to merge a file with values, or a recipients file."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from eyamlgpg.cli.messages import Messages
from eyamlgpg.cli.options import NAMED, gnupg_options
from eyamlgpg.cli.teaching import TeachingCommand
from eyamlgpg.errors import EyamlgpgError, FileProblem, Interrupted, Unexpected
from eyamlgpg.host import handed_over
from eyamlgpg.model.limits import MEBIBYTE
from eyamlgpg.operations.merge.versions import Merged, Versions
from eyamlgpg.repo import text_merge

if TYPE_CHECKING:
    from collections.abc import Callable

    from eyamlgpg.gpg.opening.silent import SilentOpener

LARGEST = 16 * MEBIBYTE
"""Bytes of a version in which values are looked for."""

_BY_PLACE = {"allow_interspersed_args": False}
"""Git's words are no options, whatever a file of the repository is called."""

CONFLICT = 1
"""The status by which git takes a file for unmerged; gitattributes(5), "Defining a custom merge driver"."""


@click.command("merge-values", cls=TeachingCommand, hidden=True, context_settings=_BY_PLACE)
@click.argument("base", metavar="BASE", type=NAMED)
@click.argument("ours", metavar="OURS", type=NAMED)
@click.argument("theirs", metavar="THEIRS", type=NAMED)
@click.argument("width", metavar="SIZE", type=click.IntRange(1, 10_000))
@click.argument("path", metavar="PATH")
@gnupg_options
def merge_values(base: Path, ours: Path, theirs: Path, width: int, path: str, **options: Any) -> int:
    """Merge three versions of a file with values for git, and leave the result in OURS.

    The status is 0 for a merge without a conflict, and 1 for one with. Nobody is asked for a passphrase. Whatever goes
    wrong, OURS is what git's own merge makes of it.
    """
    from eyamlgpg.operations.merge.values import merge_values as merged

    keys = _Keys(options, _messages(options))
    run_key = secrets.token_bytes(32)
    status = _merge(
        (base, ours, theirs), width, lambda versions, texts: merged(versions, path, texts, keys.opener, run_key)
    )
    keys.tell_why()
    return status


@click.command("merge-recipients", cls=TeachingCommand, hidden=True, context_settings=_BY_PLACE)
@click.argument("base", metavar="BASE", type=NAMED)
@click.argument("ours", metavar="OURS", type=NAMED)
@click.argument("theirs", metavar="THEIRS", type=NAMED)
@click.argument("width", metavar="SIZE", type=click.IntRange(1, 10_000))
@click.argument("path", metavar="PATH")
@gnupg_options
def merge_recipients(base: Path, ours: Path, theirs: Path, width: int, path: str, **options: Any) -> int:
    """Merge three versions of a recipients file for git, and leave the result in OURS.

    Whoever a side added is in it, and whoever a side removed is not. Where the policy names approvers, it is told that
    one of them has to sign it.
    """
    from eyamlgpg.cli.merge_approvers import approvers_here
    from eyamlgpg.operations.merge.recipients import merge_recipients as merged

    messages = _messages(options)

    def approvers() -> str | None:
        return approvers_here(options, messages)

    return _merge((base, ours, theirs), width, lambda versions, texts: merged(versions, path, texts, approvers))


def _messages(options: dict[str, Any]) -> Messages:
    messages = click.get_current_context().ensure_object(Messages)
    messages.quiet, messages.verbose = options["quiet"], options["verbose"]
    return messages


def _merge(paths: tuple[Path, Path, Path], width: int, merged: Callable[[Versions, _GitTexts], Merged | None]) -> int:
    """Merge, or leave what git's own merge makes of it; the status for git."""
    messages = click.get_current_context().ensure_object(Messages)
    texts = _GitTexts()
    base, ours, theirs = map(handed_over.read, paths)
    versions = Versions(base, ours, theirs, width)
    try:
        if max(map(len, (base, ours, theirs))) > LARGEST:
            raise FileProblem(f"more than {LARGEST // MEBIBYTE} MiB")
        result = merged(versions, texts)
    except Interrupted:
        raise
    except Exception as error:  # noqa: BLE001 - git would take our failure for a conflict whose only side is ours
        messages.warn(f"{_told(error)}; the file is merged as plain text, as git does it")
        messages.traceback()
        return _as_git(paths[1], versions, texts)
    if result is None:
        return CONFLICT
    handed_over.write(paths[1], result.content)
    for sentence in result.said:
        messages.say(sentence)
    return 0 if result.is_clean else CONFLICT


def _told(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename or 'the merge'}: {error.strerror or 'the system refuses it'}"
    return (error if isinstance(error, EyamlgpgError) else Unexpected.from_exception(error)).sentence


def _as_git(ours: Path, versions: Versions, texts: _GitTexts) -> int:
    merged = texts.with_conflicts(versions)
    if merged is None:
        return CONFLICT
    content, conflicts = merged
    handed_over.write(ours, content)
    return CONFLICT if conflicts else 0


class _GitTexts:
    """Git's merge of texts, over files in a folder of our own."""

    def merge(self, versions: Versions, *, union: bool = False) -> bytes | None:
        """The merged text; None for what git does not take for text."""
        merged = self.with_conflicts(versions, union=union)
        return None if merged is None else merged[0]

    def with_conflicts(self, versions: Versions, *, union: bool = False) -> tuple[bytes, int] | None:
        """The same, with the number of conflicts."""
        with handed_over.in_files(versions.base, versions.ours, versions.theirs) as (base, ours, theirs):
            return text_merge.merge_files(Path(), os.environ, (base, ours, theirs), width=versions.width, union=union)


class _Keys:
    """The user's keys, asked for only where a message has to be opened."""

    def __init__(self, options: dict[str, Any], messages: Messages) -> None:
        self._options = options
        self._messages = messages
        self._opener: SilentOpener | None = None

    def opener(self) -> SilentOpener | None:
        """None where nothing can be opened. Settings are the user's own, not those of a folder that others push."""
        from eyamlgpg.api.gateways import Gateways
        from eyamlgpg.cli.settings import read_settings
        from eyamlgpg.gpg.opening.silent import SilentOpener

        home = Path(os.environ.get("HOME") or "/")
        try:
            gateways = Gateways(read_settings(self._options, os.environ, home), self._messages, os.environ)
            self._opener = SilentOpener(gateways.session)
        except EyamlgpgError as error:
            self._messages.warn(f"values are compared by their ciphertext: {error.sentence}")
        return self._opener

    def tell_why(self) -> None:
        """Say what the user can do about values that stayed closed."""
        if self._opener is not None and self._opener.is_locked:
            self._messages.warn(
                "gpg-agent does not know your passphrase, so some values were compared by their ciphertext; "
                "eyamlgpg get asks for it once, then merge again"
            )
