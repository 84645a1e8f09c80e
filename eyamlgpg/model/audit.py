"""Who can read what at one moment, what is risky about it, and how two moments differ."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.model.findings import Severity
from eyamlgpg.model.keys import HIDDEN_KEY_ID


class Kind(StrEnum):
    """What is known of somebody who can read a value."""

    PERSON = "person"
    MASTER = "master"
    UNKNOWN = "unknown"
    """A key ID that no keyring, no key of the repository and no past one explains."""
    HIDDEN = "hidden"
    """Somebody whom a message does not name."""


class Source(StrEnum):
    """Where the name of a key comes from."""

    KEYRING = "keyring"
    REPOSITORY = "repository"
    """`.eyamlgpg/keys`."""
    FORMER = "former"
    """`.eyamlgpg/keys/former`."""
    HISTORY = "history"
    """Either of them, in another commit."""

    @property
    def words(self) -> str:
        """For a sentence about a key."""
        return {
            Source.KEYRING: "on the keyring",
            Source.REPOSITORY: "in .eyamlgpg/keys",
            Source.FORMER: "in .eyamlgpg/keys/former",
            Source.HISTORY: "in the history of .eyamlgpg/keys",
        }[self]


@dataclass(frozen=True, slots=True)
class Party:
    """Whoever holds a key that messages name."""

    id: str
    """The fingerprint of the primary key; the key ID where the key is unknown or hidden."""
    user_id: str
    """For an unknown or a hidden key a description in its place."""
    kind: Kind
    source: Source | None = None
    """None where nothing names the key."""
    roles: tuple[str, ...] = ()
    until: date | None = None
    """The last day of their access."""

    @property
    def claim(self) -> str:
        """Where the name stands, if the keyring does not have it; empty if it does, and where there is no name."""
        return "" if self.source in (None, Source.KEYRING) else self.source.words

    @property
    def is_known(self) -> bool:
        """Whether anything names the key."""
        return self.kind in (Kind.PERSON, Kind.MASTER)


@dataclass(frozen=True, slots=True)
class AuditedValue:
    """One value and its readers."""

    path: str
    """From the root of the tree."""
    line: int
    key: str | None
    """The Hiera key path; None in a comment, and where the file is not YAML."""
    number: int
    """Which one of those at the same key, from 0."""
    readers: tuple[str, ...]
    """The `id` of each party, in the order of the report."""
    wanted: tuple[str, ...] | None
    """Fingerprints of those whom the recipients file names; None where that cannot be told."""
    passphrase: bool = False
    """Whether a passphrase opens it, too."""

    @property
    def place(self) -> tuple[str, str | None, int]:
        """What makes it the same value at another moment."""
        return self.path, self.key, self.number

    @property
    def folder(self) -> str:
        """Of its file, from the root of the tree; `.` for the root."""
        return self.path.rpartition("/")[0] or "."

    @property
    def unexpected(self) -> tuple[str, ...]:
        """Those who can read it, and should not."""
        if self.wanted is None:
            return ()
        wanted = frozenset(self.wanted)
        return tuple(one for one in self.readers if one not in wanted)

    @property
    def missing(self) -> tuple[str, ...]:
        """Those who should read it, and cannot; nobody where a reader is hidden, who may be each of them."""
        readers = frozenset(self.readers)
        if self.wanted is None or HIDDEN_KEY_ID in readers:
            return ()
        return tuple(one for one in self.wanted if one not in readers)


@dataclass(frozen=True, slots=True)
class Risk:
    """Something about the readers that somebody should look at."""

    rule: str
    """The id of the rule; its page tells more."""
    severity: Severity
    message: str
    """What is wrong with the values, as a phrase behind their number."""
    values: tuple[AuditedValue, ...]
    parties: tuple[Party, ...] = ()
    """The readers that it is about, those of most values first; none where it is about nobody in particular."""


@dataclass(frozen=True, slots=True)
class At:
    """The moment of an audit."""

    commit: str | None
    """None for the working tree."""
    date: str
    """Of the commit, or now; ISO 8601."""
    revision: str | None = None
    """As the user named it."""
    tree: str = ""
    """The name of the root folder."""


@dataclass(frozen=True, slots=True)
class Share:
    """What the person who asks can read."""

    parties: tuple[Party, ...]
    """Their keys, as far as any value names one."""
    values: int


@dataclass(frozen=True, slots=True)
class Audit:
    """Who can read what at one moment."""

    at: At
    parties: tuple[Party, ...]
    """Everybody who can read a value or should: people, masters, unknown and hidden keys, each by name."""
    values: tuple[AuditedValue, ...]
    """By path and line."""
    risks: tuple[Risk, ...]
    share: Share
    files: int
    """How many hold GPG values."""
    left_alone: int = 0
    """Values of another method, whose readers cannot be told."""
    errors: tuple[EyamlgpgError, ...] = ()
    """Values and files that could not be looked into."""
    warnings: tuple[str, ...] = ()


class Change(StrEnum):
    """How a value differs between two moments."""

    READERS = "readers"
    """Other people can read it."""
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class AccessChange:
    """One value whose readers differ."""

    path: str
    key: str | None
    kind: Change
    added: tuple[str, ...]
    """The `id` of each party who can read it only at the second moment."""
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditDifference:
    """How two moments differ."""

    before: Audit
    after: Audit
    parties: tuple[Party, ...]
    """Everybody of either moment, by the newer one's words."""
    changes: tuple[AccessChange, ...]
    """By path and key."""
    joined: tuple[Party, ...]
    """Those who can read something at the second moment, and could read nothing at the first."""
    left: tuple[Party, ...]

    @property
    def alike(self) -> tuple[tuple[AccessChange, ...], ...]:
        """The changes that are the same but for their places: those of readers first, then by the number of values."""
        groups: dict[tuple[Change, tuple[str, ...], tuple[str, ...]], list[AccessChange]] = {}
        for change in self.changes:
            groups.setdefault((change.kind, change.added, change.removed), []).append(change)
        kinds = tuple(Change)
        ordered = sorted(groups.values(), key=lambda group: (kinds.index(group[0].kind), -len(group)))
        return tuple(map(tuple, ordered))
