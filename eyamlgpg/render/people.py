"""Who joins and who leaves: the plan, what was done, and what is left to do."""

import json
from dataclasses import dataclass, replace
from shlex import quote
from textwrap import wrap
from typing import Any

from eyamlgpg.model.rotation import Worklist
from eyamlgpg.operations.people.offboard import Offboarded, OffboardPlan
from eyamlgpg.render.rotation import rotation_as_json, rotation_as_text
from eyamlgpg.render.words import counted, escaped

SCHEMA_VERSION = 1

_WIDTH = 80


@dataclass(frozen=True, slots=True)
class Step:
    """Something that is left to do, with the commands for it, each to be pasted."""

    says: str
    commands: tuple[str, ...] = ()


TO_COMMIT = Step(
    "look at the changes, and commit them with the message below", ("git diff", "git add -A && git commit")
)


@dataclass(frozen=True, slots=True)
class Closing:
    """What stands at the end of a report."""

    next_steps: tuple[Step, ...]
    commit_message: str


def lines(*texts: str) -> str:
    """Lines of a report, each written so that no name plays with the terminal."""
    return "".join(f"{escaped(line)}\n" for line in texts)


def closing_as_text(closing: Closing, *, with_message: bool = True) -> str:
    """The next steps, then the message where there is something to commit."""
    rows = ["", "Next:"] if closing.next_steps else []
    for number, step in enumerate(closing.next_steps, 1):
        rows += wrap(step.says, _WIDTH, initial_indent=f"  {number}. ", subsequent_indent="     ")
        rows += [f"       {command}" for command in step.commands]
    if with_message:
        rows += ["", "Commit message:", "", *(f"  {line}".rstrip() for line in closing.commit_message.splitlines())]
    return lines(*rows)


def steps_as_json(closing: Closing) -> list[dict[str, Any]]:
    """The next steps as fields."""
    return [{"says": step.says, "commands": list(step.commands)} for step in closing.next_steps]


def offboard_plan_as_text(plan: OffboardPlan, *, reencrypt: bool) -> str:
    """Whom it is about, and what changes."""
    rows = [f"{plan.person.user_id}", *(f"  {one}" for one in plan.person.fingerprints)]
    if plan.roles:
        rows.append(f"  roles: {', '.join(plan.roles)}")
    rows += [f"  {setting.name}: changes" for setting in plan.settings]
    rows += [f"  {name}: no longer names them" for name in plan.lists]
    if not plan.lists:
        rows.append("  no recipients file names them")
    if reencrypt:
        rows.append(f"  {counted(plan.values, 'value')} in {counted(plan.files, 'file')} to re-encrypt")
    else:
        rows.append("  values stay as they are (--no-recrypt)")
    return lines(*rows)


def offboard_closing(
    plan: OffboardPlan, worklist: Worklist | None, *, compromised: bool, is_changed: bool = True
) -> Closing:
    """What is left to do after somebody left."""
    who, fingerprint = plan.person.user_id, next(iter(plan.person.fingerprints), min(plan.person.key_ids))
    steps = [TO_COMMIT] if is_changed else []
    if worklist is None or worklist.is_due:
        urgency = "now, since somebody else may have the key" if compromised else "those first that open the most doors"
        steps.append(Step(f"change the secrets, {urgency}; what is left tells", (f"eyamlgpg rotation {fingerprint}",)))
    if compromised:
        says = "have the key revoked, and hand the revocation certificate around; each imports it"
        steps.append(Step(says, (f"eyamlgpg keys import {fingerprint}.rev",)))
    if plan.is_master:
        steps += _new_master(plan)
    else:
        steps.append(Step("take away what is not in this repository, such as shell accounts and tokens"))
    why = "Their key was compromised." if compromised else "They left."
    body = [f"Key: {one}" for one in plan.person.fingerprints]
    body += [f"Roles: {', '.join(plan.roles)}"] if plan.roles else []
    body += [f"Removed from: {name}" for name in plan.lists]
    body += [f"Re-encrypted: {counted(plan.values, 'value')}"] if plan.values else []
    due = sum(one.status.is_work for one in worklist.values) if worklist else 0
    body += [f"Secrets to change: {due:,} (eyamlgpg rotation {fingerprint})"] if due else []
    return Closing(tuple(steps), "\n".join([f"Offboard {who}", "", why, "", *body]))


def proposal(closing: Closing) -> Closing:
    """The same where lists must be signed, and the change is not: an approver is asked once it is committed."""
    commands = ("eyamlgpg recipients sign", "eyamlgpg recrypt")
    asked = Step("have an approver look at it and sign it, and bring the values in line", commands)
    return replace(closing, next_steps=(*closing.next_steps[:1], asked, *closing.next_steps[1:]))


def _new_master(plan: OffboardPlan) -> list[Step]:
    name = plan.members[0].name if plan.members else "NAME"
    folders = dict.fromkeys(change.place.name.rpartition("/")[0] or "." for change in plan.changes if change.is_due)
    at = " ".join(f"--at {quote(folder)}" for folder in folders) or "--at DIR"
    made = f"eyamlgpg keys generate {quote(name)} --homedir DIR"
    steps = [
        Step("make the new key on the server, once that is clean", (made,)),
        Step(f"put the new fingerprint in place of the old one, for {name} in .eyamlgpg/policy.yaml"),
        Step("bring its public key here, and let it read again", (f"eyamlgpg onboard {quote(name)}.asc {at}",)),
    ]
    if plan.roles:
        says = f"give it its roles in the policy again ({', '.join(plan.roles)})"
        steps.append(Step(says, ("eyamlgpg recipients sync",)))
    return steps


def offboard_as_text(done: Offboarded | None, worklist: Worklist | None, closing: Closing) -> str:
    """What was done, the worklist, and the rest."""
    report = "" if done is None else lines(*done.moved)
    listed = "" if worklist is None else "\n" + rotation_as_text(worklist)
    return report + listed + closing_as_text(closing, with_message=TO_COMMIT in closing.next_steps)


def offboard_as_json(plan: OffboardPlan, done: Offboarded | None, worklist: Worklist | None, closing: Closing) -> str:
    """One document; `done` is false for a dry run."""
    content: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "person": {
            "fingerprints": list(plan.person.fingerprints),
            "user_id": plan.person.user_id,
            "key_ids": sorted(plan.person.key_ids),
            "kind": "master" if plan.is_master else "person",
            "roles": list(plan.roles),
        },
        "done": done is not None,
        "settings": [setting.name for setting in plan.settings],
        "lists": list(plan.lists),
        "values": plan.values,
        "files": plan.files,
        "keys": [] if done is None else list(done.moved),
        "worklist": None if worklist is None else json.loads(rotation_as_json(worklist)),
        "next": steps_as_json(closing),
        "commit_message": closing.commit_message,
    }
    return json.dumps(content, indent=2) + "\n"
