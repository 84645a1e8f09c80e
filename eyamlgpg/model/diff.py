"""What a change means for secrets: who reads, and what became of each value."""

from dataclasses import dataclass, field
from enum import StrEnum

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.model.audit import Party


class Kind(StrEnum):
    """What became of a value, the most urgent first."""

    DECRYPTED = "decrypted"
    """Clear text stands in its place."""
    CHANGED = "changed"
    UNKNOWN = "changed or re-encrypted"
    """The message is another one, and nobody here can tell whether the plaintext is."""
    ADDED = "added"
    REMOVED = "removed"
    ENCRYPTED = "encrypted"
    """It stood in clear text, and stays readable in the history."""
    MOVED = "moved"
    READERS = "readers"
    """The same plaintext for other people."""
    REENCRYPTED = "re-encrypted"
    """The same plaintext for the same people."""


FOLLOWING = frozenset({Kind.READERS, Kind.REENCRYPTED, Kind.UNKNOWN})
"""What may follow from a change of a recipients file."""


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One value that differs."""

    path: str
    """From the root of the tree; the old path of a removed value."""
    key: str | None
    """The Hiera key; None in a comment, and where the file is not YAML."""
    line: int
    kind: Kind
    same_value: bool | None
    """None where nobody can tell, and where there is only one side."""
    added_readers: tuple[str, ...] = ()
    """The `id` of each party, or `passphrase`; of an added value everybody who can read it."""
    removed_readers: tuple[str, ...] = ()
    from_path: str | None = None
    """Where a moved value stood; for any other one the former name of a renamed file."""
    from_key: str | None = None
    because: str | None = None
    """The recipients file that this follows from."""
    old: bytes | None = field(default=None, repr=False)
    """The plaintext, where it was asked for and could be opened."""
    new: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ListedReader:
    """A line of a recipients file."""

    id: str
    """The fingerprint of its key; what is written where that cannot be told."""
    name: str
    """The user ID of its key; the comment above, marked as such, where the key is not known."""
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class ListChange:
    """A folder whose values other people should read now."""

    path: str
    """Of the recipients file that came, changed or went."""
    state: str
    """`added`, `changed` or `removed`."""
    added: tuple[ListedReader, ...]
    removed: tuple[ListedReader, ...]


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A line of `.eyamlgpg` that decides who reads."""

    path: str
    what: str


@dataclass(frozen=True, slots=True)
class TextChange:
    """Lines of a file that differ beside its values."""

    path: str
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Diff:
    """All that differs between two moments."""

    lists: tuple[ListChange, ...]
    settings: tuple[SettingChange, ...]
    changes: tuple[ValueChange, ...]
    """By urgency, path and line."""
    texts: tuple[TextChange, ...]
    parties: tuple[Party, ...]
    """Everybody whom a change names."""
    renamed: tuple[tuple[str, str], ...] = ()
    errors: tuple[EyamlgpgError, ...] = ()
    warnings: tuple[str, ...] = ()
    has_plaintexts: bool = False
    """Whether plaintexts were asked for."""
