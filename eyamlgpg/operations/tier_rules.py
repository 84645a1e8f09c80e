"""The tier rules of a policy, held against the recipients files and what each of them governs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.formats.settings import policy as policy_format
from eyamlgpg.formats.text import decode
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.model.keys import Fingerprint
from eyamlgpg.model.matching import Form, Identifier
from eyamlgpg.model.policy import Policy, TierRule
from eyamlgpg.model.recipients import Resolution, Resolved
from eyamlgpg.model.resolve import resolve_all
from eyamlgpg.operations.ports import BoundedFiles, Keyring
from eyamlgpg.operations.tree.governed import Domain
from eyamlgpg.operations.tree.source import RecipientsRequest
from eyamlgpg.rules.rule import adding

POLICY = Path(".eyamlgpg", "policy.yaml")
"""Below the root of the tree."""

LARGEST = 1024 * 1024
"""Bytes; a policy of a thousand rules has some 100,000."""

NEEDS, NEVER, UNUSED = "tier-missing", "tier-forbidden", "tier-unused"

SHOWN = 3
"""How many of the governed paths a message names."""


@dataclass(frozen=True, slots=True)
class Governed:
    """A recipients file, whom it names, and the files whose readers it decides."""

    name: str
    """The recipients file, as it is shown."""
    path: str
    """The same from the root of the tree, with `/`."""
    resolutions: tuple[Resolution, ...]
    paths: tuple[str, ...]
    """From the root of the tree, with `/`."""


def read_policy(root: Path, bounded: BoundedFiles) -> Policy | None:
    """The policy of a tree, None where there is none; raises what is wrong with it, by line.

    FileProblem for a link, which whoever may push could lead to anybody's file.
    """
    path = root / POLICY
    if path.name not in bounded.names(path.parent):
        return None
    return policy_format.parse(decode(bounded.read_bounded(path, LARGEST, follow_link=False)), str(path))


def tier_findings(
    policy: Policy, domains: Sequence[Domain], request: RecipientsRequest, keyring: Keyring, *, whole_tree: bool
) -> tuple[Finding, ...]:
    """What the rules have against recipients files; of the whole tree also the rules that are about no path in it."""
    keys = keyring.keys()
    governed = [
        Governed(
            domain.name,
            domain.place,
            resolve_all(domain.recipients, keys, now=request.now, always_trust=request.always_trust),
            domain.files,
        )
        for domain in domains
    ]
    return tuple(found for found in judge(policy, governed) if whole_tree or found.rule != UNUSED)


def judge(policy: Policy, governed: Sequence[Governed]) -> Iterator[Finding]:
    """Each reader who is needed and missing, each who must never read and does, and each rule about no path at all."""
    for rule in policy.rules:
        used = False
        for one in governed:
            concerned = [path for path in (*one.paths, one.path) if _is_about(rule, path)]
            if concerned:
                used = True
                yield from _broken(policy, rule, one, concerned)
        if not used:
            yield _unused(policy, rule)


def _is_about(rule: TierRule, path: str) -> bool:
    return any(pattern.matches(path) for pattern in rule.paths)


def _broken(policy: Policy, rule: TierRule, governed: Governed, concerned: Sequence[str]) -> Iterator[Finding]:
    lines = _lines(governed.resolutions)
    because = f"{policy.source}:{rule.line} (it governs {_some(concerned, governed)})"
    for name in rule.needs:
        fingerprint = policy.puppetmasters[name]
        if fingerprint not in lines:
            message = f"{name} must be among the readers, says {because}"
            yield _finding(NEEDS, governed, None, message, f"add its key: {adding(governed.name, fingerprint)}")
    for name in rule.never:
        fingerprint = policy.puppetmasters[name]
        if fingerprint in lines:
            message = f"{name} must not be among the readers, says {because}"
            hint = "take the line out, then re-encrypt; what it could read until now should be changed"
            yield _finding(NEVER, governed, lines[fingerprint], message, hint)


def _some(concerned: Sequence[str], governed: Governed) -> str:
    files = [path for path in concerned if path != governed.path]
    if not files:
        return "no file with values yet"
    more = len(files) - SHOWN
    return ", ".join(files[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _lines(resolutions: Iterable[Resolution]) -> dict[Fingerprint, int | None]:
    """The key of each recipient, usable or not, with its line; a full fingerprint counts without a keyring."""
    lines: dict[Fingerprint, int | None] = {}
    for resolution in resolutions:
        recipient = resolution.recipient
        for fingerprint in _fingerprints(resolution):
            lines.setdefault(fingerprint, recipient.line)
    return lines


def _fingerprints(resolution: Resolution) -> Iterator[Fingerprint]:
    if isinstance(resolution, Resolved):
        yield resolution.key.fingerprint
        return
    yield from (key.fingerprint for key in resolution.candidates)
    identifier = Identifier.read(resolution.recipient.name)
    if identifier is not None and identifier.form is Form.FINGERPRINT:
        yield Fingerprint(identifier.digits)


def _finding(rule: str, governed: Governed, line: int | None, message: str, hint: str) -> Finding:
    return Finding(rule, Severity.ERROR, governed.name, line, None, None, message, hint)


def _unused(policy: Policy, rule: TierRule) -> Finding:
    patterns = ", ".join(pattern.text for pattern in rule.paths)
    message = f"{patterns}: no file with values and no recipients file is there, so the rule decides nothing"
    hint = "see whether the path is written as it stands in the tree"
    return Finding(UNUSED, Severity.WARNING, policy.source, rule.line, None, None, message, hint)
