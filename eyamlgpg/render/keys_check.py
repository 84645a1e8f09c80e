"""The report of `keys check` as text and JSON."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from eyamlgpg.model.keys import Key, expiry
from eyamlgpg.model.recipients import Recipient
from eyamlgpg.operations.keys.check import CheckedKey
from eyamlgpg.render.findings.text import fields_of, findings_as_text
from eyamlgpg.render.shades import Shades, shaded
from eyamlgpg.render.tables import Paper, Table, written

SCHEMA_VERSION = 1


def check_as_text(recipients: Sequence[CheckedKey], *, now: datetime, paper: Paper) -> str:
    """A line or block for each recipient, then each finding with its place and how to mend it."""
    rows = [_row(one, now) for one in recipients]
    headers = ["RECIPIENT", "KEY", "VALIDITY", "EXPIRES", "ALGORITHM", "VALUES", "FINDINGS"]
    overview = written(Table(headers, rows), paper)
    findings = findings_as_text([finding for one in recipients for finding in one.findings])
    findings = shaded(findings, paper, Shades.FINDINGS)
    return f"{overview}\n{findings}" if findings else overview


def check_as_json(recipients: Sequence[CheckedKey], *, now: datetime, within_days: int) -> str:
    """`{schema_version, within_days, recipients: […], findings: […]}`."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "within_days": within_days,
        "recipients": [_recipient(one, now) for one in recipients],
        "findings": [
            {**fields_of(finding), "fingerprint": _fingerprint(one), "values": one.values}
            for one in recipients
            for finding in one.findings
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def _row(one: CheckedKey, now: datetime) -> list[str]:
    findings = ", ".join(finding.rule.removeprefix("key-") for finding in one.findings) or "-"
    if one.key is None:
        return [one.name, "-", "-", "-", "-", f"{one.values:,}", findings]
    expires = expiry(one.key, now)
    return [
        one.name,
        one.key.fingerprint,
        one.key.validity.word,
        f"{expires:%Y-%m-%d}" if expires else "never",
        _algorithms(one, now),
        f"{one.values:,}",
        findings,
    ]


def _algorithms(one: CheckedKey, now: datetime) -> str:
    if one.key is None:
        return "-"
    chosen = one.key.encryption_subkey(now)
    names = [one.key.primary.algorithm, *([] if chosen is None else [chosen.algorithm])]
    return "/".join(dict.fromkeys(names))


def _recipient(one: CheckedKey, now: datetime) -> dict[str, Any]:
    common = {
        "name": one.name,
        "places": [_place(place, one.key) for place in one.places],
        "values": one.values,
        "rules": [finding.rule for finding in one.findings],
        "fingerprint": _fingerprint(one),
    }
    if one.key is None:
        return {
            **common,
            **dict.fromkeys(("user_id", "validity", "expires", "algorithm", "protection", "passphrase_seconds")),
        }
    expires = expiry(one.key, now)
    return {
        **common,
        "user_id": one.key.user_id,
        "validity": one.key.validity.word,
        "expires": expires.isoformat().replace("+00:00", "Z") if expires else None,
        "algorithm": _algorithms(one, now),
        "protection": one.protection.value if one.protection else None,
        "passphrase_seconds": one.passphrase_seconds,
    }


def _place(place: Recipient, key: Key | None) -> dict[str, Any]:
    written = place.shown if key is None else place.name
    return {"path": place.source, "line": place.line, "as_written": written}


def _fingerprint(one: CheckedKey) -> str | None:
    return one.key.fingerprint if one.key else None
