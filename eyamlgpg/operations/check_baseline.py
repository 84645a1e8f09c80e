"""The baseline of a check: which findings were accepted, and which entries accept nothing any more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from eyamlgpg.formats.baseline import Accepted
from eyamlgpg.model.findings import Finding
from eyamlgpg.rules.exceptions import STALE
from eyamlgpg.rules.rule import Place


@dataclass(slots=True)
class Ledger:
    """The entries of a baseline, and which of them were needed."""

    source: str
    """The baseline as findings name it."""
    entries: Sequence[Accepted]
    is_whole: bool
    """Whether all of the tree is looked at, so that an entry for a file that is gone is stale."""
    used: set[tuple[str, str, str | None]] = field(default_factory=set)

    def accepts(self, finding: Finding) -> bool:
        """Whether an entry accepts a finding; remembers that it was needed."""
        identity = (finding.path, finding.rule, finding.key)
        if all(entry.identity != identity for entry in self.entries):
            return False
        self.used.add(identity)
        return True

    def stale(self, looked_at: Iterable[str]) -> list[Finding]:
        """A finding for each entry that accepted nothing though its file was looked at, or is gone."""
        seen = frozenset(looked_at)
        return [
            _stale(entry, self.source)
            for entry in self.entries
            if entry.identity not in self.used and (self.is_whole or entry.file in seen)
        ]


def updated(findings: Iterable[Finding], entries: Iterable[Accepted], today: date) -> tuple[Accepted, ...]:
    """The entries that accept exactly these findings; the reasons of those that are there already are kept."""
    reasons = {entry.identity: entry.reason for entry in entries}
    wanted = dict.fromkeys((finding.path, finding.rule, finding.key) for finding in findings)
    new = f"was there when the baseline was made, {today:%Y-%m-%d}"
    return tuple(Accepted(*identity, reasons.get(identity, new)) for identity in wanted)


def _stale(entry: Accepted, source: str) -> Finding:
    where = f"{entry.file}, {entry.key}" if entry.key else entry.file
    message = f"this entry is stale: {entry.rule} finds nothing in {where}"
    return STALE.finding(Place(source, entry.line), message, "eyamlgpg check --update-baseline takes it out")
