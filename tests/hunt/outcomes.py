"""What comes of a way to get a plaintext secret past `check`: found, told, or possible."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """A rule reports it as an error, so that the hook and CI refuse it."""

    rule: str


@dataclass(frozen=True, slots=True)
class Told:
    """It passes, or the run fails, and a warning, a new exception, or an error of the run names it."""

    words: str


@dataclass(frozen=True, slots=True)
class Possible:
    """Nothing is said. `kind` is the row of the table in docs/security.md that tells people."""

    kind: str


@dataclass(frozen=True, slots=True)
class Absent:
    """Nothing is said, and rightly: the secret is not in what is looked at."""


Outcome = Found | Told | Possible | Absent

INNOCENT = Possible("a name that says nothing")
ENCODED = Possible("an encoded or divided value")
LOOKED_UP = Possible("a lookup")
BESIDE = Possible("a comment, a key or an anchor")
REFERENCE = Possible("a value that says it comes from elsewhere")
FORGED = Possible("a forged ciphertext")
OTHER_FILE = Possible("another file")
OUR_FILES = Possible("a file of settings")
FILTER = Possible("a filter of git")
PAST_THE_HOOK = Possible("past the hook")
HISTORY = Possible("the history")
ACCEPTED = Possible("what was accepted before")
ON_THE_DISK = Possible("another text on the disk")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run said: the rules of its errors, and all its other words."""

    errors: frozenset[str]
    words: tuple[str, ...]

    def holds(self, expected: Outcome) -> bool:
        """True if this is the outcome that was expected, and no other."""
        match expected:
            case Found(rule):
                return rule in self.errors
            case Told(words):
                return not self.errors and any(words in line for line in self.words)
            case Possible() | Absent():
                return not self.errors and not self.words
