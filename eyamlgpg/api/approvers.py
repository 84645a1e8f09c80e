"""Whose signatures `check` wants to see: the approvers of the tree and of the default branch, and their keys."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from eyamlgpg.api.agreed import agreed
from eyamlgpg.errors import ConfigError
from eyamlgpg.gpg import homedir
from eyamlgpg.model import limits
from eyamlgpg.operations.approvals.sign import approvers_in
from eyamlgpg.operations.check.approvals import Approvers
from eyamlgpg.operations.tree.settings import POLICY
from eyamlgpg.operations.tree.stored_keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from contextlib import ExitStack

    from eyamlgpg.api.check import CheckRequest
    from eyamlgpg.api.run import Run
    from eyamlgpg.model.keys import Fingerprint
    from eyamlgpg.model.policy import Policy
    from eyamlgpg.operations.approvals.ports import Signatures
    from eyamlgpg.operations.tree_ports import Tree
    from eyamlgpg.repo.default_branch import AgreedCommit


def approvers_of(tree: Tree, policy: Policy, request: CheckRequest, run: Run, stack: ExitStack) -> Approvers | None:
    """Those who must have signed; None where neither this tree nor the default branch names anybody."""
    commit = stack.enter_context(agreed(tree.root, request.approved_in, run.environ))
    before = _before(commit, run)
    if not policy.signed_by and not before:
        return None

    @cache
    def signatures() -> Signatures:
        from eyamlgpg.gpg.session import Session
        from eyamlgpg.gpg.signatures import GnupgSignatures

        if not request.by_stored_keys:
            return GnupgSignatures(run.session)
        session = Session(stack.enter_context(homedir.throwaway(run.environ)), run.environ)
        # Each by itself: what follows a damaged one, such as a revocation, would not be read.
        for key in _keys({*policy.signed_by, *before}, tree, commit):
            session.run(["--no-auto-check-trustdb", "--import"], key)
        return GnupgSignatures(session)

    return Approvers(policy.signed_by, before, signatures, run.now, commit)


def _before(commit: AgreedCommit | None, run: Run) -> tuple[Fingerprint, ...]:
    if commit is None:
        return ()
    path = POLICY.as_posix()
    try:
        return approvers_in(commit.policy(path), f"{commit.name}:{path}")
    except ConfigError as error:
        run.messages.warn(f"{error}; so the approvers could not be compared")
        return ()


def _keys(approvers: Collection[Fingerprint], tree: Tree, commit: AgreedCommit | None) -> Iterator[bytes]:
    """The approvers' keys in `.eyamlgpg/keys`: as they are here, and as agreed on, where a revocation may be."""
    for one in sorted(approvers):
        for folder in (KEYS, KEYS / "former"):
            path = (folder / f"{one}.asc").as_posix()
            if tree.has(path):
                yield tree.read(path, limit=limits.MEBIBYTE)
            before = None if commit is None else commit.read(path)
            if before is not None:
                yield before
