"""Who approved which file, and what is to be approved: for people and for programs."""

import json
from collections.abc import Iterator, Sequence
from difflib import unified_diff

from eyamlgpg.model.approval import Approval
from eyamlgpg.model.keys import Fingerprint, Key
from eyamlgpg.model.recipients import Resolution, Resolved
from eyamlgpg.operations.approvals.sign import FileToSign, SignPlan
from eyamlgpg.operations.approvals.signers import name_of
from eyamlgpg.render.words import at_line_start, escaped

SCHEMA_VERSION = 1


def approvals_as_text(judged: Sequence[Approval], approvers: Sequence[Fingerprint], keys: Sequence[Key]) -> str:
    """A line for each file: who approved it and when, or what is wrong."""
    if not approvers:
        return ""
    return "".join(f"{escaped(f'{at_line_start(one.path)}: {_said(one, keys)}')}\n" for one in judged)


def approvals_as_json(judged: Sequence[Approval], approvers: Sequence[Fingerprint], keys: Sequence[Key]) -> str:
    """`{schema_version, approvers: [FPR], files: [{path, status, signed_by, user_id, at, problem}]}`."""
    names = {key.fingerprint: key.user_id for key in keys}
    files = [
        {
            "path": one.path,
            "status": "signed" if one.is_good else "unsigned" if one.is_unsigned else "bad",
            "signed_by": one.by.primary if one.by else None,
            "user_id": names.get(one.by.primary) if one.by and one.by.primary else None,
            "at": one.by.made.isoformat().replace("+00:00", "Z") if one.by and one.by.made else None,
            "problem": one.problem,
        }
        for one in judged
    ]
    return json.dumps({"schema_version": SCHEMA_VERSION, "approvers": list(approvers), "files": files}, indent=2) + "\n"


def to_sign_as_text(plan: SignPlan) -> str:
    """What is new in each file since it was agreed on, and whom it names anew by their keys."""
    return "".join(f"{line}\n" for one in plan.files for line in _to_sign(one, plan.since))


def _to_sign(file: FileToSign, since: str | None) -> Iterator[str]:
    old = [] if file.before is None else file.before.splitlines()
    origin = "/dev/null" if file.before is None else f"{file.name} ({since})"
    lines = list(unified_diff(old, file.text.splitlines(), origin, file.name, lineterm=""))
    if not lines:
        yield escaped(f"{file.name}: is as on {since}" if file.before is not None else f"{file.name}: is empty")
    if file.doubt is not None:
        yield escaped(f"{file.name} ({since}): {file.doubt}, so all of it is shown as new")
    yield from map(escaped, lines)
    yield from (escaped(f"{file.name}: lets read {_whom(one)}") for one in file.added)
    yield from (escaped(f"{file.name}: no longer lets read {_whom(one)}") for one in file.removed)


def _whom(resolution: Resolution) -> str:
    if isinstance(resolution, Resolved):
        return f"{resolution.key.user_id}, {resolution.key.fingerprint}"
    return f"{resolution.recipient.shown} ({resolution.reason})"


def _said(one: Approval, keys: Sequence[Key]) -> str:
    if one.by is None or one.by.primary is None or one.by.made is None:
        return one.problem or ""
    return f"approved by {name_of(one.by.primary, keys)}, on {one.by.made:%Y-%m-%d}"
