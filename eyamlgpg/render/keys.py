"""Keys and recipients as text and JSON."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from eyamlgpg.model.keys import Key, Subkey, earliest_expiry, expiry, unusable_reason
from eyamlgpg.model.recipients import Refused, Resolution, Resolved
from eyamlgpg.operations.tree.source import Source
from eyamlgpg.render.tables import Paper, Table, written
from eyamlgpg.render.words import escaped

SCHEMA_VERSION = 1


def keys_as_text(keys: Sequence[Key], *, now: datetime, paper: Paper) -> str:
    """One line or block a key: fingerprint, user ID, validity, expiry, what else there is to know."""
    rows = [
        [key.fingerprint, key.user_id, key.validity.word, _expiry(expiry(key, now)), _remarks(key, now)] for key in keys
    ]
    return written(Table(["FINGERPRINT", "USER ID", "VALIDITY", "EXPIRES", "REMARKS"], rows, lead=1), paper)


def keys_as_json(keys: Sequence[Key], *, now: datetime) -> str:
    """All that the text says, and the subkeys."""
    return _document({"keys": [_key(key, now) for key in keys]})


def recipients_as_text(path: str, source: Source, resolutions: Sequence[Resolution]) -> str:
    """The source, then each recipient with its key or the reason why there is none."""
    lines = [f"{path}: recipients from {source.description}"]
    for resolution in resolutions:
        recipient = resolution.recipient
        place = f"line {recipient.line}: " if recipient.line is not None else ""
        name = _name(resolution)
        lines.append(f"  {place}{name}")
        if isinstance(resolution, Refused):
            lines.append(f"    cannot be used: {_reason(resolution).removeprefix(f'{name}: ')}")
            if len(resolution.candidates) > 1:
                lines += [f"      {candidate}" for candidate in resolution.error.hints]
            continue
        validity = resolution.user_id.validity if resolution.user_id else resolution.key.validity
        who = resolution.user_id.text if resolution.user_id else resolution.key.user_id
        fingerprint = resolution.key.fingerprint
        lines.append(f"    {who}" if recipient.name == fingerprint else f"    {fingerprint}  {who}")
        lines.append(f"    validity {validity.word}, {_expiry_phrase(_expires(resolution))}")
    return "".join(f"{escaped(line)}\n" for line in lines)


def recipients_as_json(path: str, source: Source, resolutions: Sequence[Resolution]) -> str:
    """All that the text says."""
    return _document(
        {
            "path": path,
            "source": source.description,
            "recipients": [_recipient(resolution) for resolution in resolutions],
        }
    )


def _document(content: dict[str, Any]) -> str:
    return json.dumps({"schema_version": SCHEMA_VERSION, **content}, indent=2) + "\n"


def _name(resolution: Resolution) -> str:
    """What is written; what means no key may be no name at all."""
    recipient = resolution.recipient
    is_unknown = isinstance(resolution, Refused) and not resolution.candidates
    return recipient.shown if is_unknown else recipient.name


def _reason(refused: Refused) -> str:
    return refused.error.sentence.removeprefix(f"{refused.recipient.where}: ")


def _recipient(resolution: Resolution) -> dict[str, Any]:
    recipient = resolution.recipient
    common = {"name": _name(resolution), "source": recipient.source, "line": recipient.line}
    if isinstance(resolution, Refused):
        return {**common, "usable": False, "problem": _reason(resolution)}
    validity = resolution.user_id.validity if resolution.user_id else resolution.key.validity
    return {
        **common,
        "usable": True,
        "fingerprint": resolution.key.fingerprint,
        "user_id": resolution.key.user_id,
        "validity": validity.word,
        "expires": _iso(_expires(resolution)),
        "encryption_subkey": resolution.subkey.fingerprint,
        "warnings": list(resolution.warnings),
    }


def _key(key: Key, now: datetime) -> dict[str, Any]:
    chosen = key.encryption_subkey(now)
    reason = unusable_reason(key, now=now)
    return {
        "fingerprint": key.fingerprint,
        "user_ids": [{"text": user_id.text, "validity": user_id.validity.word} for user_id in key.user_ids],
        "validity": key.validity.word,
        "ownertrust": key.ownertrust.word,
        "algorithm": key.primary.algorithm,
        "created": _iso(key.primary.created),
        "expires": _iso(key.primary.expires),
        "has_secret": key.has_secret,
        "encryption_subkey": chosen.fingerprint if chosen else None,
        "unusable": reason.value if reason else None,
        "subkeys": [_subkey(subkey) for subkey in key.subkeys],
    }


def _subkey(subkey: Subkey) -> dict[str, Any]:
    return {
        "fingerprint": subkey.fingerprint,
        "algorithm": subkey.algorithm,
        "created": _iso(subkey.created),
        "expires": _iso(subkey.expires),
        "capabilities": sorted(subkey.capabilities),
        "validity": subkey.validity.word,
    }


def _remarks(key: Key, now: datetime) -> str:
    remarks = []
    reason = unusable_reason(key, now=now)
    if reason:
        remarks.append(reason.value)
    if key.has_secret:
        remarks.append("secret key here")
    remarks += [f"not certified as {user_id.text}" for user_id in key.user_ids if key.is_claimed(user_id)]
    return ", ".join(remarks)


def _expires(resolved: Resolved) -> datetime | None:
    return earliest_expiry(resolved.key.primary, resolved.subkey)


def _expiry(expires: datetime | None) -> str:
    return f"{expires:%Y-%m-%d}" if expires else "never"


def _expiry_phrase(expires: datetime | None) -> str:
    return f"expires {expires:%Y-%m-%d}" if expires else "never expires"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
