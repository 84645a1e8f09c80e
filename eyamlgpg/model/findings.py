"""What a check found: one thing at one place, with how to mend it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that somebody should look at; the field names are those of the JSON report."""

    rule: str
    """The rule's id, which keeps its meaning for good: `recipient-expired`."""
    severity: Severity
    path: str
    """The file as it is shown to the user."""
    line: int | None
    """From 1; None where the whole file is meant."""
    column: int | None
    """From 1; None where the whole line is meant."""
    key: str | None
    """The Hiera key path; None where no value is meant, or where it is unknown."""
    message: str
    hint: str | None
    """How to mend it; several steps or ways stand on lines of their own."""
    about: str | None = field(default=None, repr=False, compare=False)
    """What tells it from others where the key does not: a key that must not be shown, or a line. Never shown itself."""

    @property
    def hints(self) -> Sequence[str]:
        """The lines of the hint."""
        return self.hint.split("\n") if self.hint else ()
