"""What `hiera check` says: the levels of each hiera.yaml, and where Puppet would not decrypt a value, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from eyamlgpg.model.diagnosis import State
from eyamlgpg.model.keys import Fingerprint, Key, KeyId, Protection


@dataclass(frozen=True, slots=True)
class HieraFinding:
    """One thing about a hiera.yaml or about a file that it reads."""

    id: str
    """Keeps its meaning: `not-decrypted`, `no-gnupghome`."""
    state: State
    message: str
    path: str
    """The file that the line belongs to: a hiera.yaml, or Hiera data."""
    line: int
    level: str | None = None
    key: str | None = None
    """The Hiera key of the first value that is meant."""
    master: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class LevelReport:
    """One level, and what was found in it."""

    name: str
    line: int
    function: str
    files: tuple[str, ...]
    """Those that it reads, or that it may read on some node."""
    values: int
    """Encrypted values in them."""
    findings: tuple[HieraFinding, ...]
    home: State = State.GOOD
    """Of the GnuPG home that it names, whose findings are told once a file."""

    @property
    def state(self) -> State:
        """The worst of its findings and its home, if it has values to decrypt."""
        order = (State.PROBLEM, State.UNKNOWN, State.NOTE)
        states = {*(one.state for one in self.findings), *((self.home,) if self.values else ())}
        return next((state for state in order if state in states), State.GOOD)


@dataclass(frozen=True, slots=True)
class HieraFileReport:
    """One hiera.yaml."""

    path: str
    version: int
    layer: str
    """`environment`, `module`, or `unknown`."""
    levels: tuple[LevelReport, ...]
    findings: tuple[HieraFinding, ...]
    """Those of the file as a whole."""


@dataclass(frozen=True, slots=True)
class HieraReport:
    """Everything that was found."""

    files: tuple[HieraFileReport, ...]
    masters: tuple[str, ...]
    """Those that values were held against."""
    findings: tuple[HieraFinding, ...]
    """Those of the tree as a whole."""

    def every(self) -> tuple[HieraFinding, ...]:
        """All findings, by file and level."""
        inside = [
            one
            for file in self.files
            for one in (*file.findings, *(found for level in file.levels for found in level.findings))
        ]
        return (*inside, *self.findings)


@dataclass(frozen=True, slots=True)
class Master:
    """A Puppet server, and the key IDs by which a message names it."""

    name: str
    key_ids: frozenset[KeyId]
    fingerprint: Fingerprint | None = None
    """None for a GnuPG home with several keys."""
    is_asked_for: bool = False
    """Whether the user named it: then every value that it cannot open is a problem."""


@dataclass(frozen=True, slots=True)
class HomeLook:
    """A master's GnuPG home as it is on this machine."""

    path: Path
    exists: bool
    closed: str | None = None
    """Why we cannot look into it; None where we can."""
    unreadable: str | None = None
    """Why the user that Puppet runs as cannot read it; None where they can."""
    mend: str | None = None
    """The shell command that lets them."""
    user_is_known: bool = True
    keys: tuple[Key, ...] = ()
    protections: Mapping[KeyId, Protection] = field(default_factory=dict)
    """How the secret part of each key or subkey is kept, of those whose secret part is there."""
