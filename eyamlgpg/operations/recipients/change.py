"""A change of one recipients file: planned and proved as a whole, then asked about, then written in one step."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError, RecipientError, raise_all
from eyamlgpg.formats.eyaml import recipients_file
from eyamlgpg.formats.eyaml.recipients_file import Entry
from eyamlgpg.formats.text import encode
from eyamlgpg.model.keys import Key
from eyamlgpg.model.recipients import Refused, Resolution, Resolved
from eyamlgpg.model.resolve import Resolver
from eyamlgpg.model.showable_names import is_plausible
from eyamlgpg.operations.ports import Files
from eyamlgpg.operations.recipients.target import TargetList


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """Whom a change names, and whether the values follow."""

    ids: tuple[str, ...]
    reencrypt: bool = True
    """Whether the values are re-encrypted afterwards, for which every recipient must be usable."""
    only: bool = False
    """Whether an added to list is to name nobody else."""


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A recipient of a file with what its name means on the keyring."""

    entry: Entry
    resolution: Resolution

    @property
    def keys(self) -> tuple[Key, ...]:
        """The key that it means, or all that it may mean; none for one that is not on the keyring."""
        return self.resolution.candidates if isinstance(self.resolution, Refused) else (self.resolution.key,)

    @property
    def person(self) -> str:
        """A user ID, a comment with the name, or what is written."""
        if self.keys:
            return self.keys[0].user_id
        comment = self.entry.comment
        return comment if comment and is_plausible(comment) else self.entry.recipient.shown


@dataclass(frozen=True, slots=True)
class ListChange:
    """What would be written, and what the user should know and agree to before."""

    place: TargetList
    text: str
    readers: tuple[Resolution, ...]
    """Everybody whom the new text names."""
    added: tuple[Resolved, ...] = ()
    removed: tuple[ListedPerson, ...] = ()
    is_copy: bool = False
    """Whether a new list begins with those of the list above."""
    questions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What to tell once it is written, beside who came and went."""

    @property
    def is_due(self) -> bool:
        """Whether there is anything to write."""
        return self.place.content != encode(self.text) if self.place.content is not None else bool(self.text)


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """A file of `.eyamlgpg` that would be written before the lists, which follow from it."""

    path: Path
    name: str
    """As it is shown."""
    content: bytes | None
    """What it holds now; None where it is to be made."""
    text: str
    note: str
    """What to tell once it is written."""


def read_lines(text: str, name: str, resolver: Resolver) -> tuple[ListedPerson, ...]:
    """Every recipient of a text, resolved."""
    entries = recipients_file.parse(text, name).entries
    resolutions = resolver.resolve(entry.recipient for entry in entries)
    return tuple(ListedPerson(entry, resolution) for entry, resolution in zip(entries, resolutions, strict=True))


def resolutions(lines: Iterable[ListedPerson]) -> tuple[Resolution, ...]:
    """What the lines mean."""
    return tuple(line.resolution for line in lines)


def refuse(errors: Sequence[EyamlgpgError], unusable: Sequence[Resolution]) -> None:
    """Raise all that is wrong, before anything is written: first with the change, then with those who stay."""
    others = [resolution.error for resolution in unusable if isinstance(resolution, Refused)]
    if others:
        others.append(
            RecipientError(
                "nothing was changed, for values are re-encrypted to all recipients or not at all",
                "mend or remove what is named above",
                "or change the recipients file alone: --no-recrypt",
            )
        )
    raise_all([*errors, *others])


def lockout(before: Sequence[Resolution], after: Sequence[Resolution], name: str) -> tuple[str, ...]:
    """The question that a user must answer who would no longer read what they could read until now."""
    if not has_own_key(before) or has_own_key(after):
        return ()
    return (f"{name}: none of those who stay has a secret key on this keyring: lock yourself out?",)


def has_own_key(readers: Iterable[Resolution]) -> bool:
    """Whether a secret key of this keyring opens what is encrypted to these."""
    return any(isinstance(reader, Resolved) and reader.subkey.has_secret for reader in readers)


def expiry_note(resolved: Resolved, now: datetime) -> str:
    """`, expires 2026-05-17` for a key that will; nothing for one that never does."""
    dates = [date for date in (resolved.key.primary.expires, resolved.subkey.expires) if date is not None]
    return f", expires {min(dates):%Y-%m-%d}" if dates and min(dates) > now else ""


def write(changes: Iterable[ListChange], files: Files, by_hand: str = "eyamlgpg recrypt") -> tuple[Path, ...]:
    """Write what is due, a whole file at a time; the files that were written.

    Where one cannot be, those before it stay written: the error says which, and `by_hand` what brings their values in
    line.
    """
    written: list[TargetList] = []
    for change in changes:
        if change.is_due:
            try:
                files.replace(change.place.path, encode(change.text), expected=change.place.content)
            except EyamlgpgError as error:
                raise_all([error, *_cut_short(written, by_hand)])
            written.append(change.place)
    return tuple(place.path for place in written)


def _cut_short(written: Sequence[TargetList], by_hand: str) -> Iterable[EyamlgpgError]:
    if written:
        yield EyamlgpgError(
            f"{', '.join(place.name for place in written)}: changed already; the values are as they were",
            "run the same command again for the rest",
            f"then bring the values in line: {by_hand}",
        )
