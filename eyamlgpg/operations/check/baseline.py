"""The baseline of a check: which findings were accepted, and which entries accept nothing any more."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from eyamlgpg.formats.settings import baseline as baseline_format
from eyamlgpg.formats.settings.baseline import Accepted
from eyamlgpg.model.findings import Finding
from eyamlgpg.model.identity import is_undetermined, key_of
from eyamlgpg.operations.ports import BoundedFiles, Files
from eyamlgpg.operations.tree_ports import Tree
from eyamlgpg.rules.reading.exceptions import STALE
from eyamlgpg.rules.rule import Place

_OF_WHOLE_TREES = "tier-"
"""Begins the ids of rules whose findings in one file depend on which other files are looked at."""

Identity = tuple[str, str, str | None]


@dataclass(slots=True)
class Baseline:
    """The entries of a baseline, and how many findings each of them met."""

    source: str
    """The baseline as findings name it."""
    entries: Sequence[Accepted]
    is_whole: bool
    """Whether all of the tree is looked at."""
    met: Counter[Identity] = field(default_factory=Counter)

    def left(self, findings: Sequence[Finding]) -> list[Finding]:
        """What no entry accepts; all findings that share an identity come in one call, so that they can be counted.

        Where there are more than an entry accepts, one of them is new, and nobody can tell which: all are left.
        """
        if not self.entries:
            return list(findings)  # without the cost of a digest
        accepted = {entry.identity: entry.count for entry in self.entries if not is_undetermined(entry.key)}
        there = Counter(map(_identity, findings))
        self.met.update({one: number for one, number in there.items() if one in accepted})
        return [finding for finding in findings if there[_identity(finding)] > accepted.get(_identity(finding), 0)]

    def stale(self, looked_into: Collection[str]) -> list[Finding]:
        """A finding for each entry that met another number of findings in a file that was looked into, or is gone."""
        return [
            _stale(entry, self.met[entry.identity], self.source)
            for entry in self.entries
            if self.met[entry.identity] != entry.count and self._was_held_against_all(entry, looked_into)
        ]

    def _was_held_against_all(self, entry: Accepted, looked_into: Collection[str]) -> bool:
        if self.met[entry.identity] > entry.count:
            return True
        if entry.rule.startswith(_OF_WHOLE_TREES):
            return self.is_whole
        return entry.file in looked_into


def updated(
    findings: Sequence[Finding], entries: Iterable[Accepted], kept: Iterable[Accepted], today: date
) -> tuple[Accepted, ...]:
    """The entries that accept exactly these findings, and those that are kept, for files that were not looked at.

    The reasons of those that are there already are kept as well.
    """
    reasons = {entry.identity: entry.reason for entry in entries}
    wanted = Counter(map(_identity, findings))
    new = f"was there when the baseline was made, {today:%Y-%m-%d}"
    shown = {_identity(finding): (finding.path, finding.rule, finding.key) for finding in findings}
    made = (
        Accepted(*identity, reasons.get(identity) or reasons.get(shown[identity], new), count)
        for identity, count in wanted.items()
    )
    return (*made, *(entry for entry in kept if entry.identity not in wanted))


@dataclass(frozen=True, slots=True)
class Standing:
    """The baseline as it was before the entries were read: what somebody writes from then on is not overwritten."""

    path: Path
    content: bytes | None
    """None where it is to be made."""
    is_own: bool = True
    """Whether it stands in `.eyamlgpg`, which is made if need be; a folder that a user names must be there."""


@dataclass(frozen=True, slots=True)
class UpdatePorts:
    """The world of an update."""

    tree: Tree
    files: Files
    folders: BoundedFiles


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """What a check found, over a baseline that may be there."""

    findings: Sequence[Finding]
    entries: Sequence[Accepted]
    looked_into: Collection[str]
    standing: Standing
    today: date


def update(request: UpdateRequest, ports: UpdatePorts) -> tuple[Accepted, ...]:
    """Write the baseline that accepts these findings; its entries.

    Entries stay for files that were not looked into and are still there. Exceptions that are wrong are not accepted.
    """
    entries, standing = request.entries, request.standing
    elsewhere = [one for one in entries if one.file not in request.looked_into and ports.tree.has(one.file)]
    found = [finding for finding in request.findings if not finding.rule.startswith("exception-")]
    accepted = updated(found, entries, elsewhere, request.today)
    if standing.is_own:
        ports.folders.make(standing.path.parent)
    ports.files.replace(standing.path, baseline_format.render(accepted).encode(), expected=standing.content)
    return accepted


def _identity(finding: Finding) -> Identity:
    return finding.path, finding.rule, key_of(finding)


def _stale(entry: Accepted, met: int, source: str) -> Finding:
    place = Place(source, entry.line)
    where = f"{entry.file}, {entry.key}" if entry.key else entry.file
    if is_undetermined(entry.key):
        message = f"this entry does not say which hidden key of {entry.file} it means, so it accepts nothing"
        return STALE.finding(place, message, "see what is found there, then: eyamlgpg check --update-baseline")
    if not met:
        message = f"this entry is stale: {entry.rule} finds nothing in {where}"
        return STALE.finding(place, message, "eyamlgpg check --update-baseline takes it out")
    message = f"this entry is for another number of findings of {entry.rule} in {where}: {entry.count:,}, not {met:,}"
    if met < entry.count:
        return STALE.finding(place, message, f"write count: {met}, so that no new one slips in")
    return STALE.finding(place, message, "one of them is new, so all are reported; mend that one")
