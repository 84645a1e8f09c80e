"""The policy of a tree, and what its tier rules have against the recipients files there."""

from collections.abc import Sequence
from pathlib import Path

from eyamlgpg.formats.settings import policy as policy_format
from eyamlgpg.formats.text import decode
from eyamlgpg.model.findings import Finding
from eyamlgpg.model.policy import Policy
from eyamlgpg.model.resolve import resolve_all
from eyamlgpg.operations.ports import BoundedFiles, Keyring
from eyamlgpg.operations.tree.governed import Domain
from eyamlgpg.operations.tree.source import RecipientsRequest
from eyamlgpg.rules import tiers

POLICY = Path(".eyamlgpg", "policy.yaml")
"""Below the root of the tree."""

LARGEST = 1024 * 1024
"""Bytes; a policy of a thousand rules has some 100,000."""


def read_policy(root: Path, bounded: BoundedFiles) -> Policy | None:
    """The policy of a tree, None where there is none; raises what is wrong with it, by line.

    FileProblem for a link, which whoever may push could lead to anybody's file.
    """
    path = root / POLICY
    if path.name not in bounded.names(path.parent):
        return None
    return policy_format.parse(decode(bounded.read_bounded(path, LARGEST, follow_link=False)), str(path))


def policy_findings(
    policy: Policy, domains: Sequence[Domain], request: RecipientsRequest, keyring: Keyring, *, whole_tree: bool
) -> tuple[Finding, ...]:
    """What the rules have against recipients files; of the whole tree also the rules that are about no path in it."""
    keys = keyring.keys()
    governed = [
        tiers.GovernedFiles(
            domain.name,
            domain.place,
            resolve_all(domain.recipients, keys, now=request.now, always_trust=request.always_trust),
            domain.files,
        )
        for domain in domains
    ]
    return tuple(
        found for found in tiers.tier_findings(policy, governed) if whole_tree or found.rule != tiers.UNUSED.id
    )
