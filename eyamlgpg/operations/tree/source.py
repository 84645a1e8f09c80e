"""Who a text is to be encrypted to: which source of recipients applies, and its names resolved on the keyring."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from eyamlgpg.errors import RecipientError
from eyamlgpg.formats.eyaml import recipients_file
from eyamlgpg.model.recipients import Recipient, Resolution, Resolved
from eyamlgpg.model.resolve import resolve_all, usable
from eyamlgpg.operations.paths import shown
from eyamlgpg.operations.ports import Files, Keyring
from eyamlgpg.operations.tree.list_text import read_text


@dataclass(frozen=True, slots=True)
class RecipientsRequest:
    """Where recipients may come from, in the order in which the first one given wins."""

    now: datetime
    always_trust: bool = False
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Everybody who is to read, one key each."""

    source: Source
    readers: tuple[Resolved, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """Those of the source, then those of each recipient."""
        return (*self.source.warnings, *(warning for reader in self.readers for warning in reader.warnings))


def find_source(request: RecipientsRequest, folder: Path, files: Files) -> Source:
    """The recipients that govern a folder: option, then file option, then the nearest file upwards.

    Raises RecipientError where there is no source, or one that names nobody; it never falls through to the next.
    """
    if request.listed is not None:
        listed = recipients_file.parse_option(request.listed, request.listed_in)
        recipients_file.require_any(listed, request.listed_in)
        return Source(request.listed_in, None, listed)
    path = request.file or files.nearest_upwards(folder, recipients_file.RECIPIENTS_FILE)
    if path is None:
        raise RecipientError(
            f"no recipients: there is no {recipients_file.RECIPIENTS_FILE} in {folder} or above it",
            *_how_to_go_on(request, folder, files),
            "or name the recipients: --gpg-recipients alice@example.com,bob@example.com",
        )
    name = shown(path, request.working)
    parsed = recipients_file.parse(read_text(path, name, files, chosen=path == request.file), name)
    recipients_file.require_any(parsed.recipients, name)
    return Source(name, path, parsed.recipients, parsed.warnings)


def _how_to_go_on(request: RecipientsRequest, folder: Path, files: Files) -> tuple[str, ...]:
    """At the root of a control repository the lists stand in `data`, and another one would govern too much."""
    lists = files.below(folder, recipients_file.RECIPIENTS_FILE)
    if not lists:
        return ("make one: eyamlgpg recipients add ID... --at DIR",)
    nearest = shlex.quote(shown(lists[0].parent, request.working))
    more = f", the first of {len(lists)}" if len(lists) > 1 else ""
    return (
        f"one stands below: {shown(lists[0], request.working)}{more}",
        f"to see who is on it: eyamlgpg recipients list {nearest}; to encrypt for it: eyamlgpg encrypt --for {nearest}",
    )


def resolutions(source: Source, request: RecipientsRequest, keyring: Keyring) -> tuple[Resolution, ...]:
    """Each recipient of a source with its key, or the reason why there is none."""
    return resolve_all(source.recipients, keyring.keys(), now=request.now, always_trust=request.always_trust)


def find_wanted(request: RecipientsRequest, folder: Path, files: Files, keyring: Keyring) -> Wanted:
    """Everybody who is to read what stands in a folder; raises all that is wrong with any of them."""
    source = find_source(request, folder, files)
    return Wanted(source, usable(resolutions(source, request, keyring)))


def names(readers: Sequence[Resolved]) -> str:
    """The readers' primary user IDs, for a sentence."""
    return ", ".join(reader.key.user_id for reader in readers)
