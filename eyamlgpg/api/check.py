"""A tree held against its policy, people, baseline and approvers: what `check` does, and `Repository.check`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eyamlgpg.api.approvers import approvers_of
from eyamlgpg.detectors.names import NamePolicy
from eyamlgpg.errors import FileProblem
from eyamlgpg.formats.settings import baseline
from eyamlgpg.formats.settings.baseline import BASELINE_FILE, Accepted
from eyamlgpg.formats.text import decode
from eyamlgpg.gpg import homedir
from eyamlgpg.host.paths import real
from eyamlgpg.model.limits import BASELINE
from eyamlgpg.model.policy import Policy
from eyamlgpg.model.resolve import Resolver
from eyamlgpg.operations.check.baseline import Baseline
from eyamlgpg.operations.check.check import Check
from eyamlgpg.operations.check.keys import repository_keys
from eyamlgpg.operations.check.report import CheckReport, Terms
from eyamlgpg.operations.tree.governance import Governance, TreeLists
from eyamlgpg.operations.tree.settings import POLICY, TreeSettings
from eyamlgpg.operations.tree.stored_keys import KEYS
from eyamlgpg.render.words import counted
from eyamlgpg.trees.index import IndexTree

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from eyamlgpg.api.run import Run
    from eyamlgpg.model.keys import Key
    from eyamlgpg.trees.working import WorkingTree


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """By what a tree is judged, beside what it says itself."""

    by_stored_keys: bool = False
    """Whether the keys of `.eyamlgpg/keys` alone count, and not those of the GnuPG home."""
    approved_in: str | None = None
    """The commit whose approvers count; None for the default branch."""
    baseline: Path | None = None
    """The file of accepted findings; None for the tree's own."""


class TreeCheck:
    """The check of one tree; it may be made several times."""

    def __init__(self, tree: IndexTree | WorkingTree, request: CheckRequest, run: Run, stack: ExitStack) -> None:
        """`stack` ends with the check: it holds a throwaway GnuPG home, and the commit of the approvers."""
        self.tree = tree
        self.request = request
        self._run = run
        self._settings = TreeSettings(tree)
        self.policy = self._settings.policy or Policy(POLICY.as_posix())
        approvers = approvers_of(tree, self.policy, request, run, stack)
        self._resolver = self._stored_keys(stack) if request.by_stored_keys else run.resolver
        self._terms = Terms(
            NamePolicy(self.policy.clear_text),
            self.policy,
            is_next_commit=isinstance(tree, IndexTree),
            roster=self._settings.roster,
            approvers=approvers,
        )

    def report(self, accepted: Baseline) -> CheckReport:
        """What is found beside what is accepted."""
        lists = TreeLists(self.tree, self._run.files, self._other_list())
        governance = Governance(lists, self._resolver, frozenset(self.policy.puppetmasters.values()))
        return Check(self.tree, governance, accepted, self._terms).run()

    def accepted(self, *, must_exist: bool = True) -> Baseline:
        """The baseline that was named, else the tree's, which need not be there."""
        named = self.request.baseline
        if named is None:
            return Baseline(BASELINE_FILE, self._settings.accepted, self.tree.is_whole)
        return Baseline(str(named), self._entries(named, must_exist=must_exist), self.tree.is_whole)

    def nothing_accepted(self) -> Baseline:
        """The same baseline without its entries."""
        named = self.request.baseline
        return Baseline(BASELINE_FILE if named is None else str(named), (), self.tree.is_whole)

    def _entries(self, named: Path, *, must_exist: bool) -> tuple[Accepted, ...]:
        files = self._run.files
        if files.exists(named):
            return baseline.parse(decode(files.read(named, limit=BASELINE)), str(named))
        if must_exist:
            raise FileProblem(f"{named}: there is no such baseline", "make it: add --update-baseline")
        return ()

    def _other_list(self) -> str | None:
        """The list that an option or a config file names: from the root of the tree, absolute where it is outside."""
        file = self._run.settings.recipients_file
        if file is None:
            return None
        place, root = real(file), real(self.tree.root)
        return place.relative_to(root).as_posix() if place.is_relative_to(root) else str(place)

    def _stored_keys(self, stack: ExitStack) -> Resolver:
        """By the keys of the tree alone; the GnuPG home is made only where something is encrypted."""
        run = self._run

        def stored() -> Sequence[Key]:
            from eyamlgpg.gpg.keyring import GnupgKeyring
            from eyamlgpg.gpg.session import Session

            keys = repository_keys(self.tree)
            ring = GnupgKeyring(Session(stack.enter_context(homedir.throwaway(run.environ)), run.environ))
            ring.import_keys(b"".join(keys.contents))
            run.messages.warn(*keys.warnings)
            count = counted(len(keys.contents), "key")
            run.messages.say(f"readers are judged by the {count} of .eyamlgpg/keys alone; validity is not judged")
            return ring.keys()

        return Resolver(stored, run.now, always_trust=True, keys_in=KEYS.as_posix())
