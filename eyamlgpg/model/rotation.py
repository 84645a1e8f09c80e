"""The worklist of a person who left: which values they could read, and which of those still hold the same secret."""

from dataclasses import dataclass
from enum import StrEnum

from eyamlgpg.model.keys import Fingerprint, KeyId


class Status(StrEnum):
    """How far a value is done."""

    DUE = "due"
    UNKNOWN = "unknown"
    CHANGED = "changed"
    GONE = "gone"

    @property
    def is_work(self) -> bool:
        """Whether somebody still has to change the value."""
        return self in (Status.DUE, Status.UNKNOWN)


class Reason(StrEnum):
    """Why a value has its status."""

    READER = "they are still a reader of it"
    SAME_PACKET = "the encrypted data is the same that they could read"
    SAME_PLAINTEXT = "the plaintext is the same that they could read"
    NOT_REWRITTEN = "it was not rewritten since the commit that removed them"
    NO_KEY = "it was written anew, and no key here opens both messages to compare them"
    HIDDEN = "its readers were hidden, so they may have been one"
    DIFFERENT = "the plaintext differs from every one that they could read"
    ELSEWHERE = "it stands on another branch, and not in this tree"
    REMOVED = "it no longer exists in the tree; what it opened may still have to be changed"


@dataclass(frozen=True, slots=True)
class Person:
    """Whose access is asked about."""

    fingerprints: tuple[Fingerprint, ...]
    """Of their keys; none where only a key ID is known."""
    user_id: str
    key_ids: frozenset[KeyId]
    """Of every primary key and subkey that they ever had."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a value stands."""

    path: str
    """From the root of the tree."""
    key: str
    """The Hiera key path; empty in a comment, and where the file is not YAML."""
    number: int = 0
    """Which one of those at the same key, from 0."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened; all None for what is not committed yet."""

    commit: str | None = None
    date: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """One value of the worklist."""

    place: Place
    status: Status
    reason: Reason
    since: Moment
    """When the person could first read it."""
    until: Moment | None
    """When they were removed the last time; None where a message to them still stands, be it on another branch."""
    changed: Moment
    """When the plaintext was set, as far as can be told; of a value that is gone: when it was removed."""
    copied_from: Place | None = None


@dataclass(frozen=True, slots=True)
class Worklist:
    """All values that a person could ever read."""

    person: Person
    values: tuple[Due, ...]
    """By place."""
    gaps: tuple[str, ...] = ()
    """Why something may be missing."""
    warnings: tuple[str, ...] = ()

    def count(self, status: Status) -> int:
        """How many values have this status."""
        return sum(value.status is status for value in self.values)

    @property
    def is_due(self) -> bool:
        """Whether work is left."""
        return any(value.status.is_work for value in self.values)

    @property
    def still_readable(self) -> int:
        """How many values the person can read today."""
        return sum(value.reason is Reason.READER for value in self.values)
