"""What a doctor says of one thing: its state, what that means, and the commands that mend it."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a thing stands."""

    GOOD = "ok"
    NOTE = "note"
    """Worth knowing; nothing has to be done."""
    UNKNOWN = "unknown"
    """Could not be told, and the meaning says why."""
    PROBLEM = "problem"
    """Something needs doing."""


class Area(StrEnum):
    """What a thing belongs to, in the order of the report."""

    GNUPG = "gnupg"
    PASSPHRASES = "passphrases"
    KEYS = "keys"
    MACHINE = "machine"
    SETTINGS = "settings"
    REPOSITORY = "repository"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One line of the report."""

    id: str
    """Keeps its meaning: `agent`, `own-key-expiry`."""
    area: Area
    state: State
    message: str
    """The state, in a sentence that names the thing."""
    meaning: str = ""
    """What follows from the state; empty where that is plain."""
    commands: tuple[str, ...] = ()
    """Shell commands that mend it, in their order."""
