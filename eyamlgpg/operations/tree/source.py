"""Which source of recipients applies to a folder, and whom it names as written."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError, RecipientError
from eyamlgpg.formats.eyaml import recipients_file
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE, RecipientsFile
from eyamlgpg.model.recipients import Recipient, Resolved
from eyamlgpg.operations.paths import short_path
from eyamlgpg.operations.ports import Files
from eyamlgpg.operations.tree.list_text import read_text

MAKE_ONE = "make one: eyamlgpg recipients add ID... --at DIR"

OPTION = ""
"""Stands for the option that names recipients, where a list would be named."""


@dataclass(frozen=True, slots=True)
class RecipientsRequest:
    """Where recipients may come from, in the order in which the first one given wins."""

    listed: str | None = None
    """The comma list of `--gpg-recipients` or of a config file."""
    listed_in: str = "--gpg-recipients"
    file: Path | None = None
    """`--gpg-recipients-file`, or the same from a config file."""
    working: Path | None = None
    """The working directory; paths below it are shown relative to it."""


@dataclass(frozen=True, slots=True)
class Source:
    """The source that applied, and its recipients as written."""

    description: str
    file: Path | None
    recipients: tuple[Recipient, ...]
    warnings: tuple[str, ...] = ()
    parsed: RecipientsFile | None = None
    """Of a list, all of it."""
    text: str | None = field(default=None, repr=False, compare=False)
    """Of a list, what was read: signatures are held against this."""

    @classmethod
    def of(cls, parsed: RecipientsFile, file: Path, text: str) -> "Source":
        """A list that was read."""
        return cls(parsed.source, file, parsed.recipients, parsed.warnings, parsed, text)


def nearest_list(request: RecipientsRequest, folder: Path, files: Files) -> str | None:
    """The source that applies to a folder: OPTION, or the path of a list; None where there is none."""
    if request.listed is not None:
        return OPTION
    path = request.file or files.nearest_upwards(folder, RECIPIENTS_FILE)
    return None if path is None else str(path)


def read_source(request: RecipientsRequest, name: str, files: Files) -> Source:
    """What a source names; raises where it cannot be read."""
    if name == OPTION:
        return Source(request.listed_in, None, recipients_file.parse_option(request.listed or "", request.listed_in))
    path = Path(name)
    called = short_path(path, request.working)
    text = read_text(path, called, files, chosen=path == request.file)
    return Source.of(recipients_file.parse(text, called), path, text)


def find_source(request: RecipientsRequest, folder: Path, files: Files) -> Source:
    """The recipients that govern a folder: option, then file option, then the nearest file upwards.

    Raises RecipientError where there is no source, or one that names nobody; it never falls through to the next.
    """
    name = nearest_list(request, folder, files)
    if name is None:
        raise no_recipients(folder, ways_on(request, folder, files))
    source = read_source(request, name, files)
    if (nothing := names_nobody(source)) is not None:
        raise nothing
    return source


def no_recipients(folder: Path, ways: Sequence[str]) -> RecipientError:
    """The error about a folder that nothing governs."""
    return RecipientError(
        f"no recipients: there is no {RECIPIENTS_FILE} in {folder} or above it",
        *ways,
        "or name the recipients: --gpg-recipients alice@example.com,bob@example.com",
    )


def ways_on(request: RecipientsRequest, folder: Path, files: Files) -> tuple[str, ...]:
    """What to do where no list governs a folder.

    At the root of a control repository the lists stand in `data`, and another one would govern too much.
    """
    lists = files.below(folder, RECIPIENTS_FILE)
    if not lists:
        return (MAKE_ONE,)
    nearest = shlex.quote(short_path(lists[0].parent, request.working))
    more = f", the first of {len(lists)}" if len(lists) > 1 else ""
    return (
        f"one stands below: {short_path(lists[0], request.working)}{more}",
        f"to see who is on it: eyamlgpg recipients list {nearest}; to encrypt for it: eyamlgpg encrypt --for {nearest}",
    )


def names_nobody(source: Source) -> EyamlgpgError | None:
    """What is wrong with a source without recipients."""
    if source.file is None and not source.recipients:
        what = f"{source.description}: names no recipient, so there is nobody to encrypt to"
        return RecipientError(what, "name them: --gpg-recipients alice@example.com,bob@example.com")
    try:
        recipients_file.require_any(source.recipients, source.description)
    except EyamlgpgError as error:
        return error
    return None


def names(readers: Sequence[Resolved]) -> str:
    """The readers' primary user IDs, for a sentence."""
    return ", ".join(reader.key.user_id for reader in readers)
