"""What a rule is: an id for good, a severity, and the words of its documentation page."""

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from shlex import quote

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.model.showable_names import HIDDEN

GUARDS = ("access-", "recipient-", "recipients-", "tier-")
"""Begin the ids of rules about who can read: these can be excepted in the baseline alone, never in the file itself."""


def argument(path: str) -> str:
    """A path as one word of a shell's command, which no program takes for an option."""
    return quote(f"./{path}" if path.startswith("-") else path)


def adding(recipients_file: str, who: str = "ID") -> str:
    """The command that adds somebody to a recipients file."""
    return f"eyamlgpg recipients add {who} --at {argument(str(PurePosixPath(recipients_file).parent))}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding points: the line and column count from 1, in code points."""

    path: str
    line: int | None = None
    column: int | None = None
    key: str | None = None
    about: str | None = field(default=None, repr=False, compare=False)
    """As in `Finding`."""

    @property
    def argument(self) -> str:
        """The path as a word of a command that somebody may paste into a shell."""
        return argument(self.path)

    @property
    def setting(self) -> str:
        """The command that sets the value of the place anew, but for where the value comes from."""
        key = "KEY" if self.key is None or HIDDEN in self.key else self.key
        return f"eyamlgpg set {self.argument} {quote(key)}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; docs/reference/rules/ID.md is made of it."""

    id: str
    """Keeps its meaning for good. The ids of rules about clear text begin with `plaintext-`."""
    severity: Severity
    title: str
    """What is wrong, as a line of a list."""
    why: str
    """What comes of it, and what the rule looks at."""
    example: str
    """A file, or a part of one, in which the rule finds something."""
    mend: str
    """What to do about it."""

    def finding(self, place: Place, message: str, hint: str | None = None) -> Finding:
        """A finding of this rule at a place."""
        return Finding(
            rule=self.id,
            severity=self.severity,
            path=place.path,
            line=place.line,
            column=place.column,
            key=place.key,
            message=message,
            hint=hint,
            about=place.about,
        )

    @property
    def is_about_clear_text(self) -> bool:
        """Whether the pragmas of other scanners for secrets silence it."""
        return self.id.startswith("plaintext-")
