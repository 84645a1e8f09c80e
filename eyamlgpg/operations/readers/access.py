"""What is asked of `who`, and what it answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError, RecipientError
from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.model.access import AccessDrift, HiddenReader, Reader, UnknownReader
from eyamlgpg.model.governed import Governed
from eyamlgpg.model.keys import KeyId

Readers = tuple[Reader | UnknownReader | HiddenReader, ...]


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """Which values are asked about; all that are given must hold."""

    default: Method | None = None
    person: frozenset[KeyId] | None = None
    """Key IDs of one person: only values that they can read, or should and cannot."""
    person_name: str = ""
    """As the user wrote it."""
    key: KeyPath | None = None
    """Only values at this key path or further in."""
    only_drift: bool = False
    """Only values that are not in line (`--check`)."""


@dataclass(frozen=True, slots=True)
class ValueAccess:
    """Who can read one value."""

    line: int
    path: KeyPath | None
    """None in a comment, and where the file is not YAML."""
    readers: Readers
    """In the order of the message."""
    passphrase: bool
    """Whether a passphrase opens it, too."""
    drift: AccessDrift | None
    """None where the recipients that govern the file are not known."""
    copied_from: tuple[Path, ...] = ()
    """Other recipients files whose readers are exactly those of a value that is not in line."""

    @property
    def is_in_line(self) -> bool:
        """Readable by exactly those who should."""
        return self.drift is not None and self.drift.is_clean and not self.passphrase


@dataclass(frozen=True, slots=True)
class FileAccess:
    """The values of one file that were asked for."""

    name: str
    governed: Governed
    values: tuple[ValueAccess, ...]


@dataclass(frozen=True, slots=True)
class AccessReport:
    """Who can read the values of a tree."""

    files: tuple[FileAccess, ...]
    """Those with values that were asked for."""
    looked_at: int
    """Files that hold values of the person and the key that were asked for."""
    in_line: int
    drifted: int
    """Values that differ from their lists; both count all values of that person and key, shown or not."""
    unjudged: int
    """Values whose recipients are not known."""
    left_alone: int
    """Values of another method, at that key; whose they are is not known."""
    errors: tuple[EyamlgpgError, ...] = ()
    policy_errors: tuple[EyamlgpgError, ...] = ()
    """What is wrong with recipients files: it matters where values are held against them."""
    warnings: tuple[str, ...] = ()
    unmatched: RecipientError | None = None
    """Where no value is the person's or stands at the key that was asked for."""

    def unknown(self) -> Iterator[KeyId]:
        """The key IDs that are not on the keyring, each once."""
        found = dict.fromkeys(
            reader.key_id
            for file in self.files
            for value in file.values
            for reader in value.readers
            if isinstance(reader, UnknownReader)
        )
        return iter(found)
