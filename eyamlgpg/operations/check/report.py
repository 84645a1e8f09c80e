"""What a check goes by beside the tree, and what comes of it."""

from dataclasses import dataclass, field

from eyamlgpg.detectors.names import NamePolicy
from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.model.findings import Finding
from eyamlgpg.model.people import Roster
from eyamlgpg.model.policy import Policy
from eyamlgpg.operations.check.approvals import Approvers
from eyamlgpg.operations.check.changes import ReadersChange
from eyamlgpg.operations.check.exceptions import NewException
from eyamlgpg.rules.reading.excerpt import Excerpt


@dataclass(frozen=True, slots=True)
class Reported:
    """A finding, and its line with every value hidden."""

    finding: Finding
    excerpt: Excerpt | None


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What came of a check."""

    reported: tuple[Reported, ...]
    files: int
    """How many were looked into."""
    values: int
    """How many encrypted values they hold."""
    excepted: int
    """Findings that an exception allows."""
    passed_over: int = 0
    """Values that would be findings if the policy did not call their keys harmless."""
    by_pattern: tuple[tuple[str, int], ...] = ()
    """How many of these there are by each pattern of the policy, the most first."""
    changes: tuple[ReadersChange, ...] = ()
    """Of the recipients files that were looked at; nothing is wrong with them, but somebody should see them."""
    new_exceptions: tuple[NewException, ...] = ()
    """What is passed over now and was not in the last commit; to be seen as well."""
    errors: tuple[EyamlgpgError, ...] = ()
    """Files and folders that could not be looked into."""
    warnings: tuple[str, ...] = ()
    """What was passed over, and why; and what others do not have."""
    looked_into: frozenset[str] = field(default=frozenset(), compare=False)
    """The files that any rule had its say about, and those that are gone: only there can an exception be stale."""
    approvers_changed: tuple[str, ...] = ()
    """Changes of the approvers that one of them agreed to: nothing is wrong with them, but somebody should see them."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Without the lines."""
        return tuple(reported.finding for reported in self.reported)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the repository itself says about the check."""

    names: NamePolicy = field(default_factory=NamePolicy)
    policy: Policy | None = None
    is_next_commit: bool = False
    """Whether only what the next commit changes is looked at, so that a file without a past is a new one."""
    roster: Roster = field(default_factory=Roster)
    """Who has which role."""
    approvers: Approvers | None = None
    """Who must have signed the lists; None where nobody asks."""
