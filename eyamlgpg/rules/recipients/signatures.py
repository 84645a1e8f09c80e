"""Recipients files, and the settings around them, that an approver of the policy must have signed."""

from collections.abc import Sequence

from eyamlgpg.model.approval import Approval
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.model.keys import Fingerprint
from eyamlgpg.rules.rule import Place, Rule, argument

_LOOK = "an approver looks at it and signs it"
_BRING_THE_KEY = (
    "if the key is an approver's, store it: eyamlgpg keys export ID, or import it: eyamlgpg keys import --repo"
)

UNSIGNED = Rule(
    id="recipients-unsigned",
    severity=Severity.ERROR,
    title="a recipients file that no approver has signed",
    why="The policy names approvers (`recipients: {signed_by: …}`), so that nobody who can merely push can add "
    "themselves to a list. This recipients file, or the policy or the people, has no signature beside it, and no "
    "command of eyamlgpg encrypts by it. No exception and no baseline counts for this rule.",
    example="# .eyamlgpg/policy.yaml names approvers, and there is no prod/hiera-eyaml-gpg.recipients.sig:\n"
    "51F4BC395EEF5EFE3C19D9ECA006732DF5CE8A4F\n",
    mend="An approver looks at what is new, and signs: `eyamlgpg recipients sign FILE`. Commit the signature with the "
    "file.",
)
BAD_SIGNATURE = Rule(
    id="recipients-bad-signature",
    severity=Severity.ERROR,
    title="a recipients file whose signature does not count",
    why="There is a signature beside the file, and it is not an approver's for this content in this place: it was "
    "changed afterwards, the signature was moved from another place, its key is no approver's, has expired or was "
    "revoked, its hash can be forged (SHA-1), or an earlier list was put back with its earlier signature. No command "
    "of eyamlgpg encrypts by it. No exception and no baseline counts for this rule.",
    example="# somebody added the second line after the file was signed:\n"
    "51F4BC395EEF5EFE3C19D9ECA006732DF5CE8A4F\nE205374CAE1ADCFE8E5DCF76DE26430157B77158\n",
    mend="See what changed: `git diff origin/main -- FILE`. If it is meant, an approver signs it: `eyamlgpg recipients "
    "sign FILE`. If not, take it back: `git checkout origin/main -- FILE FILE.sig`. If the approver's key is missing "
    "here: `eyamlgpg keys import --repo`.",
)
APPROVERS_CHANGED = Rule(
    id="recipients-approvers-changed",
    severity=Severity.ERROR,
    title="the approvers are not those of the default branch",
    why="Whoever may push could name themselves an approver, or take `signed_by` out of the policy. So the approvers "
    "are compared with those of the last commit of the default branch, and a change counts only where one of those "
    "signed the new policy. The commit is that of `origin/HEAD`, else `main` or `master`; `--approved-in REV` names "
    "another. No exception and no baseline counts for this rule.",
    example="# on the default branch: recipients: {signed_by: [51F4BC395EEF5EFE3C19D9ECA006732DF5CE8A4F]}\n"
    "version: 1\nrecipients:\n  signed_by: [E205374CAE1ADCFE8E5DCF76DE26430157B77158]\n",
    mend="If it is meant, one of the approvers of the default branch signs the policy: `eyamlgpg recipients sign "
    ".eyamlgpg/policy.yaml`; then one of the new ones does the same, if none of the old ones stays. If your branch is "
    "merely behind, merge the default branch into it.",
)

RULES = (UNSIGNED, BAD_SIGNATURE, APPROVERS_CHANGED)
IDS = frozenset(rule.id for rule in RULES)


def finding(judged: Approval) -> Finding:
    """The finding for a file that is not approved."""
    rule = UNSIGNED if judged.is_unsigned else BAD_SIGNATURE
    hint = f"{_LOOK}: eyamlgpg recipients sign {argument(judged.path)}"
    if judged.lacks_key:
        hint += f"\n{_BRING_THE_KEY}"
    return rule.finding(Place(judged.path), judged.problem or "", hint)


def older(path: str, branch: str) -> Finding:
    """The finding for a signature that is older than the one it takes the place of."""
    message = f"has an older signature than on {branch}: an earlier content was put back with its earlier signature"
    hint = f"{_LOOK} anew: eyamlgpg recipients sign {argument(path)}"
    return BAD_SIGNATURE.finding(Place(path), message, hint)


def outside(source: str) -> Finding:
    """The finding for a list that stands outside of the tree and governs files of it."""
    message = "governs files of this tree from outside of it, so no approver signed it for them"
    return UNSIGNED.finding(Place(source), message, "copy it into the tree, and have it signed")


def approvers_changed(
    policy: str, branch: str, before: Sequence[Fingerprint], now: Sequence[Fingerprint], *, is_there: bool
) -> Finding:
    """The finding for approvers that none of those of the default branch has agreed to."""
    message = f"names other approvers than on {branch}, and none of those signed it: {difference(before, now)}"
    if not now:
        message = f"takes away the approvers of {branch}, and none of them signed it: {difference(before, now)}"
    hint = f"one of those looks at it and signs it: eyamlgpg recipients sign {policy}"
    if not is_there:
        hint = f"put the policy back: git checkout {branch} -- {policy} {policy}.sig"
    return APPROVERS_CHANGED.finding(Place(policy), message, hint)


def difference(before: Sequence[Fingerprint], now: Sequence[Fingerprint]) -> str:
    """`+FPR -FPR`."""
    came = [f"+{one}" for one in now if one not in before]
    went = [f"-{one}" for one in before if one not in now]
    return " ".join((*came, *went))
