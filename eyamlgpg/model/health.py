"""Facts about GnuPG, the machine and git, gathered without changing anything and without asking anybody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from eyamlgpg.model.keys import Fingerprint, Protection


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """A GnuPG home as the disk has it."""

    path: Path
    reason: str | None = None
    """Why it cannot be used at all; None where it can."""
    exists: bool = True
    mode: int = 0o700
    owner: str | None = None
    """The name of the user whom it belongs to; None for our own."""
    foreign_files: tuple[str, ...] = ()
    """Files inside that belong to somebody else, or that we may not read."""
    socket_is_too_long: bool = False
    longest_socket: int = 107


@dataclass(frozen=True, slots=True)
class GnupgSettings:
    """What the configuration files of gpg and its agent say, as far as it matters here."""

    errors: tuple[str, ...] = ()
    """`gpg-agent.conf:3: invalid option`, as gpg and the agent say it."""
    pinentry: str | None = None
    """The pinentry that `gpg-agent.conf` names."""
    expands_memory: bool = False
    """Whether `auto-expand-secmem` is set."""
    uses_keyboxd: bool = False


class Answering(StrEnum):
    """What became of a greeting to the agent."""

    ALIVE = "alive"
    NOT_RUNNING = "not running"
    SILENT = "silent"
    """Something holds the socket and does not answer."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AgentFacts:
    """gpg-agent of one home."""

    answering: Answering
    version: str | None = None
    process: int | None = None
    """The process that holds the socket, where the system tells."""
    is_restricted: bool = False
    """Whether this is the socket that an agent on another machine is reached by."""


class CardState(StrEnum):
    """What is known of a smart card."""

    PRESENT = "present"
    ABSENT = "absent"
    NO_SCDAEMON = "no scdaemon"
    SILENT = "silent"
    FAILED = "failed"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True)
class CardFacts:
    """The smart card that the agent sees."""

    state: CardState
    serial: str | None = None
    fingerprints: tuple[Fingerprint, ...] = ()
    """Those of the keys on it."""
    code: int | None = None
    """The error that scdaemon gave."""


@dataclass(frozen=True, slots=True)
class SecretFacts:
    """Which secret keys are here, and how each is kept."""

    protections: Mapping[Fingerprint, Protection] = field(default_factory=dict)
    """By the fingerprint of the (sub)key."""

    def weakest(self, fingerprints: "tuple[Fingerprint, ...]") -> Protection:
        """How the weakest of these is kept; unknown where one of them is and none is known to be clear."""
        kept = {self.protections[one] for one in fingerprints if one in self.protections}
        order = (Protection.CLEAR, Protection.UNKNOWN, Protection.PASSPHRASE, Protection.CARD)
        return next((one for one in order if one in kept), Protection.UNKNOWN)


@dataclass(frozen=True, slots=True)
class TerminalFacts:
    """Where a pinentry could ask."""

    terminal: str | None
    """Of this process; None without one."""
    named: str | None
    """GPG_TTY; None where it is not set."""
    named_fault: str | None = None
    """Why the terminal that GPG_TTY names cannot be used: `does not exist`, `belongs to bob`."""
    kind: str = ""
    """TERM."""
    display: str | None = None
    """DISPLAY or WAYLAND_DISPLAY."""
    is_remote: bool = False
    """Whether this is a session of ssh."""
    multiplexer: str | None = None
    """`tmux` or `screen`, where it runs in one."""


@dataclass(frozen=True, slots=True)
class PinentryFacts:
    """The program that asks for passphrases."""

    program: str
    is_there: bool
    flavour: str
    """`curses`, `tty`, `gnome3`, `gtk-2`, `qt`, `mac`; empty where its name does not tell."""


@dataclass(frozen=True, slots=True)
class ScratchFacts:
    """Where the plaintext of an edit would lie."""

    place: Path | None
    """None where no folder can be written to."""
    in_memory: bool = False
    left: tuple[Path, ...] = ()
    """Folders with the plaintext of edits that were killed."""


@dataclass(frozen=True, slots=True)
class EditorFacts:
    """The editor that `edit` would start."""

    name: str
    is_known: bool = False
    """Whether it can be told to leave no copies."""
    is_there: bool = True
    reason: str | None = None
    """Why there is none."""


@dataclass(frozen=True, slots=True)
class HookFacts:
    """One of git's hooks."""

    path: str
    state: str
    is_in_place: bool
    is_damaged: bool
    """Whether it is ours, or should be, and does not run as it was written."""


@dataclass(frozen=True, slots=True)
class DriverFacts:
    """What git knows of the drivers of `git install`."""

    has_attributes: bool
    """Whether the repository asks for them."""
    lacking: tuple[str, ...] = ()
    """Settings that this clone does not have, or not as they should be."""
    stores_plaintext: bool = False
    """Whether git would store what it is shown."""


@dataclass(frozen=True, slots=True)
class GitFacts:
    """Git, and the repository around the working directory."""

    version: str | None
    """None without git."""
    root: Path | None = None
    refusal: str | None = None
    """What git says where it refuses to look."""
    hints: tuple[str, ...] = ()
    last_commit: datetime | None = None
    hooks: tuple[HookFacts, ...] = ()
    drivers: DriverFacts | None = None
    """How git shows and merges values here; None outside of a repository."""


@dataclass(frozen=True, slots=True)
class SettingFact:
    """One setting that holds, and where it was made."""

    name: str
    value: str
    where: str


@dataclass(frozen=True, slots=True)
class SettingsFacts:
    """The eyaml config files of this run."""

    read: tuple[str, ...] = ()
    settings: tuple[SettingFact, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str | None = None
    """What is wrong with one of them, so that none counts."""
    hints: tuple[str, ...] = ()
    home_from: str = ""
    """What chose the GnuPG home: `GNUPGHOME`, `/etc/eyaml/config.yaml:3`; empty for the default."""
