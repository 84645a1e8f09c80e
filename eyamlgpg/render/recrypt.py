"""What is due in a tree, and what was done about it."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from eyamlgpg.errors import EyamlgpgError, flattened
from eyamlgpg.model.keys import Fingerprint
from eyamlgpg.operations.readers.recrypt import FileRecrypted, Recryption
from eyamlgpg.operations.readers.recrypt_plan import FilePlan, Plan
from eyamlgpg.operations.tree.tally import Tally
from eyamlgpg.render.words import at_line_start, counted, escaped

SCHEMA_VERSION = 1


def plan_as_text(plan: Plan, *, moves: bool = False) -> str:
    """Each file with values that are due and whom that concerns, then one line about all.

    `moves`: values of PKCS7 are to be moved.
    """
    lines = [line for planned in plan.files for line in _file_lines(planned)]
    lines.append(plan_in_short(plan, moves=moves))
    return "".join(f"{escaped(line)}\n" for line in lines)


def plan_in_short(plan: Plan, *, moves: bool = False) -> str:
    """One sentence."""
    if moves and not plan.due:
        rest = "not all could be judged" if plan.errors else f"{counted(plan.in_line, 'value')} of GPG left alone"
        return f"no value of PKCS7 in {counted(plan.looked_at, 'file')}, {rest}{_left_alone(plan)}"
    every = plan.due + plan.in_line
    if plan.due:
        return (
            f"{plan.due:,} of {counted(every, 'value')} in {len(plan.files):,} of {counted(plan.looked_at, 'file')} "
            f"are {'of PKCS7' if moves else 'due'}{_left_alone(plan)}"
        )
    rest = "not all could be judged" if plan.errors else "nothing is due"
    return f"{counted(every, 'value')} in {counted(plan.looked_at, 'file')} in line, {rest}{_left_alone(plan)}"


def recryption_in_short(recryption: Recryption, *, moves: bool = False) -> str:
    """One sentence."""
    plan = recryption.plan
    if not recryption.files:
        return plan_in_short(plan, moves=moves)
    written = sum(file.rewritten > 0 for file in recryption.files)
    failed = sum(file.failed for file in recryption.files)
    done = "moved from PKCS7 to GPG" if moves else "re-encrypted"
    parts = [f"{counted(recryption.rewritten, 'value')} in {counted(written, 'file')} {done}"]
    if recryption.extended:
        some = "" if recryption.extended == recryption.rewritten else f"{recryption.extended:,} of them "
        parts.append(f"{some}in the header only")
    parts.append(f"{plan.in_line:,} {'of GPG' if moves else 'in line'} already")
    if recryption.verified:
        parts.append(f"{recryption.verified:,} opened again and found the same")
    if recryption.unverified:
        parts.append(f"{recryption.unverified:,} not opened again, since no secret key here opens them")
    if failed:
        parts.append(f"{failed:,} could not be")
    return f"{', '.join(parts)}{_left_alone(plan)}"


def plan_as_json(plan: Plan) -> str:
    """The plan as one JSON document."""
    return _document(plan, [_file(planned) for planned in plan.files], plan.errors)


def recryption_as_json(recryption: Recryption) -> str:
    """The plan and what became of it as one JSON document."""
    done = {file.name: file for file in recryption.files}
    files = [{**_file(planned), **_outcome(done[planned.file.name])} for planned in recryption.plan.files]
    failed = sum(file.failed for file in recryption.files)
    more = {
        "rewritten": recryption.rewritten,
        "extended": recryption.extended,
        "failed": failed,
        "verified": recryption.verified,
        "unverified": recryption.unverified,
    }
    return _document(recryption.plan, files, recryption.errors, more)


def errors_as_json(errors: tuple[EyamlgpgError, ...]) -> list[dict[str, Any]]:
    """Each single error with its hints and the status that it leads to."""
    return [
        {"message": error.sentence, "hints": list(error.hints), "status": error.status} for error in flattened(errors)
    ]


def tally_as_json(tally: Tally) -> dict[str, Any]:
    """Who lacks values, and who can read more than they should."""
    return {
        "missing": _people(tally, tally.missing),
        "unexpected": _people(tally, tally.unexpected),
        "stale": _people(tally, tally.stale),
        "unknown": [{"key_id": key_id, "values": count} for key_id, count in sorted(tally.unknown.items())],
        "hidden": tally.hidden,
        "passphrase": tally.symmetric,
    }


def tally_lines(tally: Tally) -> Iterator[str]:
    """The same as sentences, the heaviest first."""
    for fingerprint, count in tally.unexpected.most_common():
        yield f"{count:,} readable by {_name(tally, fingerprint)}, who should not"
    for key_id, unknown in tally.unknown.most_common():
        yield f"{unknown:,} readable by the unknown key {key_id}"
    if tally.repeated:
        yield f"{tally.repeated:,} with a key ID that stands more than once: somebody else's key may stand behind it"
    if tally.hidden:
        yield f"{tally.hidden:,} with hidden recipients"
    if tally.symmetric:
        yield f"{tally.symmetric:,} that a passphrase opens, too"
    for fingerprint, count in tally.missing.most_common():
        yield f"{count:,} missing {_name(tally, fingerprint)}"
    for fingerprint, count in tally.stale.most_common():
        yield f"{count:,} to an old subkey of {_name(tally, fingerprint)}"


def _file_lines(planned: FilePlan) -> Iterator[str]:
    every = counted(planned.due + planned.in_line, "value")
    yield f"{at_line_start(planned.file.name)}: {planned.due:,} of {every} due"
    yield from (f"  {line}" for line in tally_lines(planned.tally))


def _left_alone(plan: Plan) -> str:
    if not plan.left_alone:
        return ""
    left = f"; {counted(plan.left_alone, 'value')} of another method left alone"
    return f"{left} ({plan.pkcs7:,} of PKCS7: see `recrypt --from pkcs7`)" if plan.pkcs7 else left


def _name(tally: Tally, fingerprint: Fingerprint) -> str:
    return tally.people[fingerprint].user_id


def _people(tally: Tally, counter: Counter[Fingerprint]) -> list[dict[str, Any]]:
    return [
        {"fingerprint": fingerprint, "user_id": _name(tally, fingerprint), "values": count}
        for fingerprint, count in counter.most_common()
    ]


def _file(planned: FilePlan) -> dict[str, Any]:
    return {
        "path": planned.file.name,
        "recipients": str(planned.governed.path) if planned.governed.path else None,
        "due": planned.due,
        "in_line": planned.in_line,
        **tally_as_json(planned.tally),
    }


def _outcome(file: FileRecrypted) -> dict[str, int]:
    return {"rewritten": file.rewritten, "extended": file.extended, "failed": file.failed}


def _document(
    plan: Plan, files: list[dict[str, Any]], errors: tuple[EyamlgpgError, ...], more: dict[str, int] | None = None
) -> str:
    summary = {
        "files": plan.looked_at,
        "files_due": len(plan.files),
        "due": plan.due,
        "in_line": plan.in_line,
        "left_alone": plan.left_alone,
        **(more or {}),
    }
    content = {"schema_version": SCHEMA_VERSION, "summary": summary, "files": files, "errors": errors_as_json(errors)}
    import json

    return json.dumps(content, indent=2) + "\n"
