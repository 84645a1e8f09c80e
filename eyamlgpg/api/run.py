"""The wiring of one run: its gateways, and who is to read what, each imported and made when first asked for."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from eyamlgpg.api.gateways import Gateways
from eyamlgpg.host import paths

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from eyamlgpg.api.ports import Opener
    from eyamlgpg.formats.eyaml.methods import Method
    from eyamlgpg.model.governed import Governed
    from eyamlgpg.model.import_hints import Kept
    from eyamlgpg.model.keys import Fingerprint, Key
    from eyamlgpg.model.resolve import Resolver
    from eyamlgpg.operations.approvals.disk import DiskApprovals
    from eyamlgpg.operations.approvals.ports import Signatures
    from eyamlgpg.operations.ports import Pkcs7Opener
    from eyamlgpg.operations.tree.governance import DiskLists, Governance, Lists
    from eyamlgpg.operations.tree.settings import TreeSettings
    from eyamlgpg.operations.tree.source import RecipientsRequest
    from eyamlgpg.trees.working import WorkingTree


@dataclass
class Run(Gateways):
    """Everything that a use case reaches outside of itself; for one thread, and for as long as the files stand still.

    `cli.world.World` adds what the command line knows besides: options, config files and somebody to ask.
    """

    now: datetime
    base: Path | None = None
    """The folder that relative paths are told from; None for the working directory."""
    signs: bool | None = None
    """Whether the user wants to sign the lists that they change; None: if they are an approver."""
    opener: Opener | None = field(default=None, repr=False)
    """A program's own for values of PKCS7."""
    at_end: ExitStack = field(default_factory=ExitStack, repr=False)

    def close(self) -> None:
        """Let go of what git and gpg hold open."""
        self.at_end.close()

    @property
    def working(self) -> Path:
        """The folder that relative paths are told from."""
        return paths.working_folder() if self.base is None else self.base

    @cached_property
    def root(self) -> Path:
        """The root of the tree that this folder stands in, links resolved."""
        return self.trees.root(self.working)

    @cached_property
    def tree(self) -> WorkingTree:
        """The same tree as it lies in the working directory."""
        from eyamlgpg.repo.git import find_repository
        from eyamlgpg.trees.working import WorkingTree

        tree = WorkingTree(self.root, find_repository(self.root, self.environ))
        self.at_end.callback(tree.close)
        return tree

    @property
    def near_root(self) -> Path:
        """The same as the user would write it from where they are: `.`, or `../..`."""
        return Path(os.path.relpath(self.root, paths.real(self.working)))

    @cached_property
    def tree_settings(self) -> TreeSettings:
        """What that tree says about itself."""
        from eyamlgpg.operations.tree.settings import TreeSettings

        return TreeSettings(self.tree)

    @property
    def pkcs7(self) -> Pkcs7Opener | None:
        """What opens values of PKCS7; None where there is nothing, and they stay closed."""
        if self.opener is None:
            return None
        from eyamlgpg.api.pkcs7 import GivenOpener

        return GivenOpener(self.opener)

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
            working=self.working,
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
        from eyamlgpg.operations.tree.governance import DiskLists, Governance

        return Governance(self.watched(DiskLists(self.recipients_request, self.files)), self.resolver)

    def watched(self, lists: DiskLists) -> Lists:
        """The lists, with somebody who is told of each folder that one is looked for; here nobody is."""
        return lists

    @cached_property
    def approvals(self) -> DiskApprovals:
        """Which lists an approver must have signed, and how they stand."""
        from eyamlgpg.operations.approvals.disk import ApprovalPorts, DiskApprovals

        def signatures() -> Signatures:
            from eyamlgpg.gpg.signatures import GnupgSignatures

            return GnupgSignatures(self.session)

        def listed() -> Sequence[Key]:
            return self.keyring.keys()

        return DiskApprovals(
            ApprovalPorts(
                self.files, self.trees, signatures, listed, self.now, self.working, self._agreed_approvers, self.signs
            )
        )

    def _agreed_approvers(self, root: Path) -> Sequence[Fingerprint]:
        """The approvers on the default branch of a tree."""
        from eyamlgpg.api.agreed import agreed
        from eyamlgpg.operations.approvals.sign import approvers_agreed_on

        with agreed(root, None, self.environ) as commit:
            return approvers_agreed_on(commit)

    @cached_property
    def approved_governance(self) -> Governance:
        """Which list governs a folder, for those who encrypt: one that must be signed, and is not, is an error."""
        return self._governance(watched=True)

    def _governance(self, *, watched: bool) -> Governance:
        from eyamlgpg.api.asked import Asked
        from eyamlgpg.operations.tree.governance import DiskLists, Governance

        lists = DiskLists(self.recipients_request, self.files)
        return Governance(
            self.watched(lists) if watched else lists,
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
            found = (warning(path, self.working, paths.real, self.files) for path in named)
            self.messages.warn(*dict.fromkeys(sentence for sentence in found if sentence is not None))
