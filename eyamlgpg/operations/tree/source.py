"""Which source of recipients applies to a folder, and whom it names as written."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError, RecipientError
from eyamlgpg.formats.eyaml import recipients_file
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE, RecipientsFile
from eyamlgpg.model.recipients import Recipient, Resolved
from eyamlgpg.operations.paths import shown
from eyamlgpg.operations.ports import Files
from eyamlgpg.operations.tree.list_text import read_text

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

    @classmethod
    def of(cls, parsed: RecipientsFile, file: Path) -> "Source":
        """A list that was read."""
        return cls(parsed.source, file, parsed.recipients, parsed.warnings, parsed)


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
    called = shown(path, request.working)
    return Source.of(recipients_file.parse(read_text(path, called, files, chosen=path == request.file), called), path)


def find_source(request: RecipientsRequest, folder: Path, files: Files) -> Source:
    """The recipients that govern a folder: option, then file option, then the nearest file upwards.

    Raises RecipientError where there is no source, or one that names nobody; it never falls through to the next.
    """
    name = nearest_list(request, folder, files)
    if name is None:
        raise no_recipients(folder)
    source = read_source(request, name, files)
    recipients_file.require_any(source.recipients, source.description)
    return source


def no_recipients(folder: Path) -> RecipientError:
    """The error about a folder that nothing governs."""
    return RecipientError(
        f"no recipients: there is no {RECIPIENTS_FILE} in {folder} or above it",
        "make one: eyamlgpg recipients add ID... --at DIR",
        "or name the recipients: --gpg-recipients alice@example.com,bob@example.com",
    )


def names_nobody(source: Source) -> EyamlgpgError | None:
    """What is wrong with a source without recipients."""
    try:
        recipients_file.require_any(source.recipients, source.description)
    except EyamlgpgError as error:
        return error
    return None


def names(readers: Sequence[Resolved]) -> str:
    """The readers' primary user IDs, for a sentence."""
    return ", ".join(reader.key.user_id for reader in readers)
