"""One run's world: its settings, its gateways, and who is to read what, each imported when first asked for."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from eyamlgpg.cli.gateways import Gateways
from eyamlgpg.cli.messages import Messages
from eyamlgpg.cli.settings import read_settings
from eyamlgpg.host import paths
from eyamlgpg.host.editing.left_behind import sweep

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eyamlgpg.formats.eyaml.methods import Method
    from eyamlgpg.model.governed import Governed
    from eyamlgpg.model.import_hints import Kept
    from eyamlgpg.model.keys import Fingerprint, Key
    from eyamlgpg.model.resolve import Resolver
    from eyamlgpg.operations.approvals.disk import DiskApprovals
    from eyamlgpg.operations.approvals.ports import Signatures
    from eyamlgpg.operations.tree.governance import Governance
    from eyamlgpg.operations.tree.settings import TreeSettings
    from eyamlgpg.operations.tree.source import RecipientsRequest
    from eyamlgpg.trees.working import WorkingTree


@dataclass
class World(Gateways):
    """Everything that a command reaches outside of itself: the gateways, and who is to read what."""

    now: datetime
    yes: bool = False
    signs: bool | None = None
    """Whether the user wants to sign the lists that they change; None: if they are an approver."""
    has_told_of_overruling: bool = False

    @cached_property
    def root(self) -> Path:
        """The root of the tree that the working directory stands in, links resolved."""
        return self.trees.root(paths.working_folder())

    @cached_property
    def tree(self) -> WorkingTree:
        """The same tree as it lies in the working directory."""
        from eyamlgpg.repo.git import find_repository
        from eyamlgpg.trees.working import WorkingTree

        tree = WorkingTree(self.root, find_repository(self.root, self.environ))
        click.get_current_context().call_on_close(tree.close)
        return tree

    @property
    def near_root(self) -> Path:
        """The same as the user would write it from where they are: `.`, or `../..`."""
        return Path(os.path.relpath(self.root, paths.real(paths.working_folder())))

    @cached_property
    def tree_settings(self) -> TreeSettings:
        """What that tree says about itself."""
        from eyamlgpg.operations.tree.settings import TreeSettings

        return TreeSettings(self.tree)

    @property
    def default_method(self) -> Method | None:
        """The method of values that name none; None: as their message looks."""
        return self.settings.method

    @property
    def recipients_request(self) -> RecipientsRequest:
        """Where recipients may come from."""
        from eyamlgpg.operations.tree.source import RecipientsRequest

        settings = self.settings
        return RecipientsRequest(
            listed=settings.recipients,
            listed_in=settings.recipients_from,
            file=None if settings.recipients is not None else settings.recipients_file,
            working=paths.working_folder(),
        )

    @cached_property
    def resolver(self) -> Resolver:
        """Recipients against the keyring."""
        from eyamlgpg.model.resolve import Resolver

        def listed() -> Sequence[Key]:
            return self.keyring.keys()

        return Resolver(listed, self.now, always_trust=self.settings.always_trust, kept=self.kept)

    @cached_property
    def kept(self) -> Kept:
        """What the repository keeps, for hints."""
        from eyamlgpg.operations.tree.kept_keys import KeptKeys

        return KeptKeys(lambda: self.tree).find

    def look_again(self) -> None:
        """List the keyring anew: a key came, or its validity changed."""
        self.keyring.refresh()
        for name in ("resolver", "governance", "approved_governance", "list_governance", "approvals"):
            self.__dict__.pop(name, None)

    @cached_property
    def governance(self) -> Governance:
        """Which list governs a folder, or the option that stands for all lists."""
        from eyamlgpg.cli.overruled import WatchedLists
        from eyamlgpg.operations.tree.governance import DiskLists, Governance

        lists = WatchedLists(DiskLists(self.recipients_request, self.files), self.warn_of_overruling)
        return Governance(lists, self.resolver)

    @cached_property
    def approvals(self) -> DiskApprovals:
        """Which lists an approver must have signed, and how they stand."""
        from eyamlgpg.operations.approvals.disk import ApprovalPorts, DiskApprovals

        def signatures() -> Signatures:
            from eyamlgpg.gpg.signatures import GnupgSignatures

            return GnupgSignatures(self.session)

        def listed() -> Sequence[Key]:
            return self.keyring.keys()

        working = paths.working_folder()
        return DiskApprovals(
            ApprovalPorts(
                self.files, self.trees, signatures, listed, self.now, working, self._agreed_approvers, self.signs
            )
        )

    def _agreed_approvers(self, root: Path) -> Sequence[Fingerprint]:
        """The approvers on the default branch of a tree."""
        from eyamlgpg.cli.agreed import agreed
        from eyamlgpg.operations.approvals.sign import approvers_agreed_on

        with agreed(root, None, self) as commit:
            return approvers_agreed_on(commit)

    @cached_property
    def approved_governance(self) -> Governance:
        """Which list governs a folder, for those who encrypt: one that must be signed, and is not, is an error."""
        return self._governance(watched=True)

    def _governance(self, *, watched: bool) -> Governance:
        from eyamlgpg.cli.asked import Asked
        from eyamlgpg.cli.overruled import WatchedLists
        from eyamlgpg.operations.tree.governance import DiskLists, Governance

        lists = DiskLists(self.recipients_request, self.files)
        return Governance(
            WatchedLists(lists, self.warn_of_overruling) if watched else lists,
            self.resolver,
            guard=Asked(lambda: self.approvals, self.files),
        )

    @cached_property
    def list_governance(self) -> Governance:
        """The same by the lists alone, whatever the options say."""
        from eyamlgpg.operations.tree.governance import DiskLists, Governance
        from eyamlgpg.operations.tree.source import RecipientsRequest

        request = self.recipients_request
        if request.listed is None and request.file is None:
            return self.governance
        return Governance(DiskLists(RecipientsRequest(working=request.working), self.files), self.resolver)

    def wanted(self, folder: Path) -> Governed:
        """Who is to read what stands in this folder."""
        wanted = self.approved_governance.wanted(folder)
        self.messages.note(f"recipients from {wanted.source}")
        for reader in wanted.readers:
            self.messages.note(f"encrypting to {reader.key.user_id}, subkey {reader.subkey.fingerprint}")
        return wanted

    def wanted_anew(self, folder: Path) -> Governed:
        """The same, its list read once more and told of no more: somebody may have changed it meanwhile."""
        return self._governance(watched=False).wanted(folder)

    def warn_of_links(self, *named: Path) -> None:
        """Say whose list governs what a path of the user's leads to, where that of the link's own place is another."""
        from eyamlgpg.operations.tree.elsewhere import warning

        if self.settings.recipients is None and self.settings.recipients_file is None:
            found = (warning(path, paths.working_folder(), paths.real, self.files) for path in named)
            self.messages.warn(*dict.fromkeys(sentence for sentence in found if sentence is not None))

    def warn_of_overruling(self, folder: Path) -> None:
        """Say once that a config file of the user's own overrules the list that would govern a folder."""
        from eyamlgpg.cli.overruled import overruling
        from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
        from eyamlgpg.operations.paths import short_path

        setting = self.settings.users_overruling
        if setting is None or self.has_told_of_overruling:
            return
        found = self.files.nearest_upwards(folder, RECIPIENTS_FILE)
        chosen = None if self.settings.recipients is not None else self.settings.recipients_file
        if found is None or (chosen is not None and paths.real(chosen) == paths.real(found)):
            return
        self.has_told_of_overruling = True
        self.messages.warn(overruling(setting, short_path(found, paths.working_folder())))

    def ask(self, question: str) -> bool:
        """A question to the user; `-y` answers yes."""
        from eyamlgpg.host import terminal

        return terminal.ask(question, stdin=sys.stdin, stderr=sys.stderr, yes=self.yes)


def open_world(options: Mapping[str, Any]) -> World:
    """The world that the shared options of a command ask for."""
    messages = click.get_current_context().ensure_object(Messages)
    messages.quiet, messages.verbose = options.get("quiet", False), options.get("verbose", False)
    settings = read_settings(options, os.environ, paths.working_folder())
    messages.quiet = settings.flag("quiet")
    messages.verbose = settings.flag("verbose")
    messages.trace = settings.flag("trace")
    messages.warn(*settings.warnings)
    swept = sweep(os.environ)
    for folder in swept.gone:
        messages.say(f"{folder}: removed, with the plaintext of an edit that was killed")
    for folder in swept.left:
        messages.warn(f"{folder}: may hold the plaintext of an edit that was killed; if none is under way, remove it")
    signs = options.get("signs")
    return World(settings, messages, os.environ, datetime.now(UTC), yes=options.get("yes", False), signs=signs)
