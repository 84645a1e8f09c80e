"""What a check says of signed recipients: of each list, of the settings, and of the approvers themselves."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from eyamlgpg.errors import FileProblem, FormatError
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.formats.openpgp import detached
from eyamlgpg.model.approval import Approval, Terms, signature_of
from eyamlgpg.model.findings import Finding
from eyamlgpg.model.keys import Fingerprint
from eyamlgpg.operations.approvals.ports import Signatures
from eyamlgpg.operations.approvals.sign import Agreed
from eyamlgpg.operations.approvals.standing import Standing
from eyamlgpg.operations.tree.governance import Governance
from eyamlgpg.operations.tree.list_text import LARGEST
from eyamlgpg.operations.tree.settings import PEOPLE, POLICY
from eyamlgpg.operations.tree_ports import CheckedTree
from eyamlgpg.rules.recipients import signatures as rules


@dataclass(frozen=True)
class Approvers:
    """Those of the policy that is looked at, and those that were agreed on."""

    now: tuple[Fingerprint, ...]
    before: tuple[Fingerprint, ...]
    signatures: Callable[[], Signatures]
    moment: datetime
    agreed: Agreed | None

    @property
    def are_none(self) -> bool:
        """Whether nothing must be signed, here or on the default branch."""
        return not self.now and not self.before


@dataclass
class ApprovalCheck:
    """One look at the signatures of a tree."""

    tree: CheckedTree
    governance: Governance
    approvers: Approvers
    told: list[str] = field(default_factory=list)
    """Changes of approvers that are approved, which somebody should see all the same."""
    warnings: list[str] = field(default_factory=list)

    def findings(self, asked: Collection[str]) -> Iterator[Finding]:
        """What is wrong with the approvers, the settings, and the lists that were asked for or govern what was."""
        if self.approvers.are_none:
            return
        yield from self._approvers()
        if not self.approvers.now:
            return
        if self.approvers.agreed is None:
            self.warnings.append(
                f"{POLICY.as_posix()}: the approvers were compared with no other commit, since no default branch was "
                "found; name it: --approved-in REV"
            )
        standing = self._standing(self.approvers.now)
        for path in (*self._settings(), *self._lists(asked)):
            if PurePosixPath(path).is_absolute():
                yield rules.outside(path)
                continue
            try:
                judged = standing.of(path)
            except FileProblem:
                continue  # it is told where the file is looked at
            if not judged.is_good:
                yield rules.finding(judged)
            elif self._is_older(judged, standing):
                yield rules.older(path, self._branch)

    def _approvers(self) -> Iterator[Finding]:
        now, before = self.approvers.now, self.approvers.before
        if not before or set(now) == set(before):
            return
        path = POLICY.as_posix()
        by = self._standing(before).of(path).by if self.tree.has(path) else None
        if by is None:
            yield rules.approvers_changed(path, self._branch, before, now, is_there=self.tree.has(path))
        else:
            self.told.append(
                f"{path}: changes the approvers, as {by.primary} of {self._branch} agreed: "
                f"{rules.difference(before, now)}"
            )

    def _settings(self) -> Sequence[str]:
        return [one.as_posix() for one in (POLICY, PEOPLE) if self.tree.has(one.as_posix())]

    def _lists(self, asked: Collection[str]) -> Sequence[str]:
        """The lists that were asked for, by themselves or by their signatures, and those that govern what was."""
        links = self.tree.links()
        every = [path for path in (*self.tree.files(), *links) if PurePosixPath(path).name == RECIPIENTS_FILE]
        chosen = [
            path
            for path in every
            if self.tree.is_whole or path in asked or signature_of(path) in asked or links.get(path) in asked
        ]
        governing = [governed.source for governed, paths in self.governance.asked() if paths]
        return list(dict.fromkeys((*chosen, *governing)))

    def _is_older(self, judged: Approval, standing: Standing) -> bool:
        """Whether the signature took the place of a younger one since the branch left the default branch."""
        name = signature_of(judged.path)
        before = None if self.approvers.agreed is None else self.approvers.agreed.at_parting(name)
        if before is None or before == standing.signature(judged.path) or judged.by is None or judged.by.made is None:
            return False
        try:
            return detached.newest(before) > judged.by.made.timestamp()
        except FormatError:
            return False

    def _standing(self, approvers: Collection[Fingerprint]) -> Standing:
        return Standing(Terms(approvers, self.approvers.moment), self.approvers.signatures(), self._read)

    def _read(self, path: str) -> bytes | None:
        return self.tree.read(path, limit=LARGEST) if self.tree.has(path) else None

    @property
    def _branch(self) -> str:
        return "" if self.approvers.agreed is None else self.approvers.agreed.name


def may_be_accepted(finding: Finding) -> bool:
    """Whether a baseline counts for a finding: not where an approver has to sign, since no baseline is signed."""
    return finding.rule not in rules.IDS
