"""`check`: every rule over the files of a tree, with no private key."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from eyamlgpg.errors import EyamlgpgError, FileProblem
from eyamlgpg.formats.settings.baseline import BASELINE_FILE
from eyamlgpg.model.findings import Finding
from eyamlgpg.operations.check import exceptions as check_exceptions
from eyamlgpg.operations.check.affected import Reach, reach
from eyamlgpg.operations.check.approvals import ApprovalCheck
from eyamlgpg.operations.check.baseline import Baseline
from eyamlgpg.operations.check.border import Border
from eyamlgpg.operations.check.changes import changes
from eyamlgpg.operations.check.exceptions import NewException
from eyamlgpg.operations.check.knowledge import gather
from eyamlgpg.operations.check.links import Links
from eyamlgpg.operations.check.look import UNGOVERNED, Counts, Look, Looked, in_order
from eyamlgpg.operations.check.report import CheckReport, Reported, Terms
from eyamlgpg.operations.check.unstaged import unstaged
from eyamlgpg.operations.tree.governance import Governance
from eyamlgpg.operations.tree.selection import PassedOver
from eyamlgpg.operations.tree_ports import CheckedTree
from eyamlgpg.rules import tiers
from eyamlgpg.rules.format import not_judged
from eyamlgpg.rules.reading import exceptions

T = TypeVar("T")


@dataclass(slots=True)
class _Tally:
    looked_at: Counts = field(default_factory=Counts)
    excepted: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)
    new_exceptions: list[NewException] = field(default_factory=list)
    ungoverned: int = 0


class Check:
    """One run over one tree."""

    def __init__(self, tree: CheckedTree, governance: Governance, baseline: Baseline, terms: Terms) -> None:
        self._tree = tree
        self._governance = governance
        self._baseline = baseline
        self._terms = terms
        self._tally = _Tally()
        self._border = Border()
        self._looked_into: set[str] = set()

    def run(self) -> CheckReport:
        """Look at every chosen file; what cannot be read is an error of the result, and the others are looked at."""
        reached = reach(self._tree, self._governance, self._baseline)
        looked = self._looked(reached.files)
        reported = [one for path, of_it in looked for one in self._counted(path, of_it)]
        reported += [Reported(not_judged.finding(*one), None) for one in self._border.unjudged.items()]
        reported += self._left(self._by_keys(self._tiers))
        asked = {*reached.files, *reached.gone, *self._tree.chosen()}
        is_next = self._terms.is_next_commit
        links = Links(self._tree, self._governance, asked, self._border.errors)
        reported += self._left(self._by_keys(lambda: links.elsewhere(is_next_commit=is_next)))
        approvals = self._approvals()
        if approvals is not None:
            # Past the baseline, which is not signed.
            reported += [Reported(one, None) for one in self._by_keys(lambda: approvals.findings(asked))]
        looked_into = frozenset((*self._looked_into, *self._gone(reached)))
        reported += [Reported(finding, None) for finding in self._baseline.stale(looked_into)]
        tally = self._tally
        changed = (
            *self._by_keys(lambda: changes(self._tree, self._governance, self._border, is_next_commit=is_next)),
            *self._by_keys(links.changes),
        )
        if self._governance.resolver.failure is not None:
            # What an exception or an entry is for may be what could not be judged.
            reported = [one for one in reported if one.finding.rule != exceptions.STALE.id]
        over = tally.passed_over
        counts = (
            tally.looked_at.files,
            tally.looked_at.values,
            tally.excepted,
            over.total(),
            tuple(over.most_common()),
        )
        excepted = (*self._excepted_anew(), *tally.new_exceptions)
        left_out = (f"{link}: leads out of the tree, or nowhere, and is left out" for link in reached.left_out)
        unapproved, told = ((), ()) if approvals is None else (approvals.warnings, approvals.told)
        warnings = (*left_out, *unstaged(self._tree, self._governance), *self._passed_over(), *unapproved)
        outcome = (self._told(), warnings, looked_into, tuple(told))
        return CheckReport(tuple(reported), *counts, changed, excepted, *outcome)

    def _approvals(self) -> ApprovalCheck | None:
        approvers = self._terms.approvers
        return None if approvers is None else ApprovalCheck(self._tree, self._governance, approvers)

    def _looked(self, files: Sequence[str]) -> list[tuple[str, Looked]]:
        """What is found in each file; those that asked for a key which another one encrypts are read a second time."""
        look = Look(
            self._tree, self._governance, self._terms, self._baseline.source, self._by_keys, self._tally.looked_at
        )
        gathering = gather(self._tree, self._terms.names, files, self._border)
        first = [(path, self._border.around(path, partial(look.at, path, gathering))) for path in files]
        knowledge = gathering.complete(self._tree, self._border)
        found = []
        for path, one in first:
            looked = one
            if one is not None and gathering.encrypted.knows_any(one.asked):
                looked = self._border.around(path, partial(look.again, path, knowledge, one))
            if looked is not None:
                found.append((path, looked))
        return found

    def _counted(self, path: str, looked: Looked) -> Sequence[Reported]:
        """What the baseline leaves of what is found in a file."""
        tally = self._tally
        if looked is UNGOVERNED:
            tally.ungoverned += 1
            return ()
        self._looked_into.add(path)
        tally.passed_over.update(looked.harmless)
        tally.new_exceptions += looked.new_exceptions
        kept = self._baseline.left([one.finding for one in looked.found])
        tally.excepted += looked.allowed + len(looked.found) - len(kept)
        left = set(map(id, kept))
        return [one for one in looked.found if id(one.finding) in left]

    def _left(self, found: Sequence[Finding]) -> list[Reported]:
        """What the baseline leaves of findings on the tree as a whole."""
        kept = self._baseline.left(in_order(found))
        self._tally.excepted += len(found) - len(kept)
        return [Reported(finding, None) for finding in kept]

    def _by_keys(self, look: Callable[[], Iterable[T]]) -> list[T]:
        """What is found by the keyring; where that cannot be used, nothing, which is told once."""
        try:
            return [] if self._governance.resolver.failure else [*look()]
        except EyamlgpgError as error:
            if error is not self._governance.resolver.failure:
                raise
            self._border.errors.append(error)
            return []

    def _gone(self, reached: Reach) -> Iterator[str]:
        """What was asked for and is there no more; of a whole tree, the files of the baseline that are not there."""
        yield from reached.gone
        if self._baseline.is_whole:
            files = {entry.file for entry in self._baseline.entries}
            yield from (path for path in files if not self._tree.has(path))

    def _passed_over(self) -> Iterator[str]:
        """Reports repositories and YAML files that were not looked into, so that no news is not good news."""
        tally = self._tally
        yield from (PassedOver(Path(one), one).warning("eyamlgpg check") for one in self._tree.repositories())
        if tally.ungoverned:
            yield (
                "YAML files that no recipients file governs and that hold nothing encrypted were not looked into: "
                f"{tally.ungoverned:,}; name one to have it looked into"
            )

    def _told(self) -> tuple[EyamlgpgError, ...]:
        """What stood in the way, each once: many files may have one recipients file that cannot be read."""
        closed = (FileProblem(f"{folder}: cannot be read: {why}") for folder, why in self._tree.closed().items())
        return tuple({str(error): error for error in (*closed, *self._border.errors)}.values())

    def _tiers(self) -> Iterator[Finding]:
        """The tier rules of the policy; that one is about no path can be said only where all paths are looked at."""
        if self._terms.policy is not None:
            yield from tiers.tier_findings(self._terms.policy, self._governed(), whole_tree=self._baseline.is_whole)

    def _governed(self) -> Sequence[tiers.GovernedFiles]:
        """The lists that were asked for, as the tier rules see them."""
        asked = self._governance.asked()
        return [tiers.GovernedFiles(one.source, one.source, one.resolutions, paths) for one, paths in asked]

    def _excepted_anew(self) -> Iterator[NewException]:
        entries = self._baseline.entries if self._baseline.source == BASELINE_FILE else None
        is_next = self._terms.is_next_commit
        yield from check_exceptions.in_settings(self._tree, entries, self._terms.policy, is_next_commit=is_next)
