"""The tier rules of a policy, held against the recipients files and what each of them governs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.model.keys import Fingerprint
from eyamlgpg.model.matching import Form, Identifier
from eyamlgpg.model.policy import Policy, TierRule
from eyamlgpg.model.recipients import Resolution, Resolved
from eyamlgpg.rules.rule import Place, Rule, adding

_POLICY = (
    "# .eyamlgpg/policy.yaml\nversion: 1\npuppetmasters:\n"
    "  puppetmaster-prod: B6C40C49369B07EB665B3415536064919156D527\n"
    "  puppetmaster-dev: 67B38418550F791E1205B656E1B67A1A05591066\n"
    "rules:\n  - paths: production/**\n    needs: puppetmaster-prod\n    never: puppetmaster-dev\n"
)

MISSING = Rule(
    id="tier-missing",
    severity=Severity.ERROR,
    title="a puppetmaster that the policy needs is not among the readers",
    why="A rule of `.eyamlgpg/policy.yaml` says that this puppetmaster reads these paths. Without it every "
    "lookup there fails.",
    example=_POLICY,
    mend="Add its key: `eyamlgpg recipients add FINGERPRINT --at FOLDER`.",
)
FORBIDDEN = Rule(
    id="tier-forbidden",
    severity=Severity.ERROR,
    title="a puppetmaster that the policy forbids is among the readers",
    why="A rule of `.eyamlgpg/policy.yaml` says that this puppetmaster never reads these paths, as one of a "
    "development tier must not read production's secrets.",
    example=_POLICY,
    mend="Remove it, which re-encrypts: `eyamlgpg recipients remove FINGERPRINT --at FOLDER`. Then change what it "
    "could read until now.",
)
UNUSED = Rule(
    id="tier-unused",
    severity=Severity.WARNING,
    title="a tier rule about no path at all",
    why="No file with values and no recipients file stands where the rule looks, so it decides nothing; as a rule a "
    "folder was renamed.",
    example=_POLICY,
    mend="Write the path as it stands in the tree, or take the rule out.",
)

RULES = (MISSING, FORBIDDEN, UNUSED)

SHOWN = 3
"""How many of the governed paths a message names."""


@dataclass(frozen=True, slots=True)
class GovernedFiles:
    """A recipients file, whom it names, and the files whose readers it decides."""

    name: str
    """The recipients file, as it is shown."""
    path: str
    """The same from the root of the tree, with `/`."""
    resolutions: tuple[Resolution, ...]
    paths: tuple[str, ...]
    """From the root of the tree, with `/`."""


def tier_findings(policy: Policy, governed: Sequence[GovernedFiles], *, whole_tree: bool = True) -> Iterator[Finding]:
    """Each reader who is needed and missing, and each who must never read and does.

    Of the whole tree also each rule that is about no path in it.
    """
    for rule in policy.rules:
        used = False
        for one in governed:
            concerned = [path for path in (*one.paths, one.path) if _is_about(rule, path)]
            if concerned:
                used = True
                yield from _broken(policy, rule, one, concerned)
        if whole_tree and not used:
            yield _unused(policy, rule)


def _is_about(rule: TierRule, path: str) -> bool:
    return any(pattern.matches(path) for pattern in rule.paths)


def _broken(policy: Policy, rule: TierRule, governed: GovernedFiles, concerned: Sequence[str]) -> Iterator[Finding]:
    lines = _lines(governed.resolutions)
    because = f"{policy.source}:{rule.line} (it governs {_some(concerned, governed)})"
    for name in rule.needs:
        fingerprint = policy.puppetmasters[name]
        if fingerprint not in lines:
            message = f"{name} must be among the readers, says {because}"
            yield MISSING.finding(Place(governed.name), message, f"add its key: {adding(governed.name, fingerprint)}")
    for name in rule.never:
        fingerprint = policy.puppetmasters[name]
        if fingerprint in lines:
            message = f"{name} must not be among the readers, says {because}"
            hint = "take the line out, then re-encrypt; what it could read until now should be changed"
            yield FORBIDDEN.finding(Place(governed.name, lines[fingerprint]), message, hint)


def _some(concerned: Sequence[str], governed: GovernedFiles) -> str:
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


def _unused(policy: Policy, rule: TierRule) -> Finding:
    patterns = ", ".join(pattern.text for pattern in rule.paths)
    message = f"{patterns}: no file with values and no recipients file is there, so the rule decides nothing"
    hint = "see whether the path is written as it stands in the tree"
    return UNUSED.finding(Place(policy.source, rule.line), message, hint)
