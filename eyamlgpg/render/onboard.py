"""Who joins: the plan, what was done, and what is left to do."""

import json
from collections.abc import Sequence

from eyamlgpg.operations.people.newcomer import Newcomer
from eyamlgpg.operations.people.onboard import OnboardPlan
from eyamlgpg.render.people import SCHEMA_VERSION, TO_COMMIT, Closing, Step, closing_as_text, lines, steps_as_json
from eyamlgpg.render.words import counted


def onboard_plan_as_text(newcomer: Newcomer, plan: OnboardPlan) -> str:
    """Whose key it is, and what is to be done; what is done already is said so."""
    key = newcomer.key
    rows = [key.user_id, f"  {key.fingerprint}"]
    rows += [f"  {step}{', already' if done else ': to do'}" for step, done in newcomer.steps]
    if plan.member is not None and plan.member.roles:
        rows.append(f"  roles: {', '.join(plan.member.roles)}")
    if plan.member is not None and plan.member.until is not None:
        rows.append(f"  until: {plan.member.until}")
    rows += [f"  {setting.name}: changes" for setting in plan.settings]
    rows += [f"  {name}: will name them" for name in plan.lists]
    if not plan.changes:
        rows.append("  no recipients file will name them")
    rows.append(f"  {counted(plan.values, 'value')} in {counted(plan.files, 'file')} to re-encrypt")
    return lines(*rows)


def onboard_closing(newcomer: Newcomer, plan: OnboardPlan, *, exportable: bool) -> Closing:
    """What is left to do after somebody joined."""
    key = newcomer.key
    steps = [TO_COMMIT]
    if key.primary.has_secret:
        return _closing(newcomer, plan, steps)
    commands = ["eyamlgpg keys import --repo"]
    if not exportable:
        commands.append(f"eyamlgpg keys sign {key.fingerprint}")
    steps.append(Step("for colleagues, who are to encrypt to them as well", tuple(commands)))
    commands = ["git pull", "eyamlgpg keys import --repo", "eyamlgpg get FILE KEY"]
    steps.append(Step("for the newcomer, to try it", tuple(commands)))
    return _closing(newcomer, plan, steps)


def _closing(newcomer: Newcomer, plan: OnboardPlan, steps: Sequence[Step]) -> Closing:
    key = newcomer.key
    body = [f"Key: {key.fingerprint}"]
    if plan.member is not None:
        body += [f"Roles: {', '.join(plan.member.roles)}"] if plan.member.roles else []
        body += [f"Until: {plan.member.until}"] if plan.member.until else []
    body += [f"Added to: {name}" for name in plan.lists]
    body += [f"Re-encrypted: {counted(plan.values, 'value')}"] if plan.values else []
    return Closing(tuple(steps), "\n".join([f"Onboard {key.user_id}", "", *body]))


def onboard_as_text(done: Sequence[str], closing: Closing) -> str:
    """What was done with the key, and the rest."""
    return (lines("", *done) if done else "") + closing_as_text(closing)


def onboard_as_json(newcomer: Newcomer, plan: OnboardPlan, done: Sequence[str] | None, closing: Closing) -> str:
    """One document; `done` is false for a dry run."""
    member = plan.member
    content = {
        "schema_version": SCHEMA_VERSION,
        "person": {
            "fingerprint": newcomer.key.fingerprint,
            "user_id": newcomer.key.user_id,
            "roles": list(member.roles) if member else [],
            "until": member.until.isoformat() if member and member.until else None,
        },
        "done": done is not None,
        "key": [{"step": step, "done_before": was} for step, was in newcomer.steps],
        "settings": [setting.name for setting in plan.settings],
        "lists": list(plan.lists),
        "values": plan.values,
        "files": plan.files,
        "next": steps_as_json(closing),
        "commit_message": closing.commit_message,
    }
    return json.dumps(content, indent=2) + "\n"
