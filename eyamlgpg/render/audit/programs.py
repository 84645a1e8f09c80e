"""Who can read what, for programs and for spreadsheets: the fields are those of the contract."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.model.audit import At, Audit, AuditDifference, AuditedValue, Kind, Party, Risk
from eyamlgpg.render.documents import document, table
from eyamlgpg.render.recrypt import errors_as_json
from eyamlgpg.render.words import cell

SCHEMA_VERSION = 1

CSV_COLUMNS = ("path", "line", "key", "reader", "user_id", "kind", "roles", "until", "source", "access", "risks")
DIFFERENCE_COLUMNS = ("path", "key", "change", "access", "reader", "user_id", "kind", "roles", "until", "source")


def single_as_json(audit: Audit) -> Iterator[str]:
    """All that is known at one moment, piece by piece."""
    return _document(
        {
            "at": at_as_json(audit.at),
            "people": [party_as_json(party) for party in audit.parties],
            "values": [_value(value) for value in audit.values],
            "risks": [_risk(risk) for risk in audit.risks],
            "share": {"people": [party.id for party in audit.share.parties], "values": audit.share.values},
            "left_alone": audit.left_alone,
            "errors": errors_as_json(audit.errors),
        }
    )


def difference_as_json(made: AuditDifference) -> Iterator[str]:
    """All that differs between two moments, piece by piece."""
    return _document(
        {
            "from": at_as_json(made.before.at),
            "to": at_as_json(made.after.at),
            "changes": [
                {
                    "path": change.path,
                    "key": change.key,
                    "kind": change.kind.value,
                    "added_readers": list(change.added),
                    "removed_readers": list(change.removed),
                }
                for change in made.changes
            ],
            "people": {
                "joined": [party_as_json(party) for party in made.joined],
                "left": [party_as_json(party) for party in made.left],
                "known": [party_as_json(party) for party in made.parties],
            },
            "errors": errors_as_json(_each_once((*made.before.errors, *made.after.errors))),
        }
    )


def single_as_csv(audit: Audit) -> Iterator[str]:
    """One line for each value and each of its readers, and for each who should be one and is not."""
    parties = {party.id: party for party in audit.parties}
    rules: dict[AuditedValue, dict[str, None]] = {}
    for risk in audit.risks:
        for value in risk.values:
            rules.setdefault(value, {})[risk.rule] = None

    def rows() -> Iterator[Sequence[object]]:
        for value in audit.values:
            place = (cell(value.path), value.line, cell(value.key or ""))
            found = " ".join(rules.get(value, ()))
            for party, access in _access(value, parties):
                yield (*place, *(party or ("",) * 6), access, found)

    return table(CSV_COLUMNS, rows())


def difference_as_csv(made: AuditDifference) -> Iterator[str]:
    """One line for each value that differs and each reader who was added or removed; one where there is none."""
    parties = {party.id: party for party in made.parties}

    def rows() -> Iterator[Sequence[object]]:
        for change in made.changes:
            place = (cell(change.path), cell(change.key or ""), change.kind.value)
            readers = [*(("added", one) for one in change.added), *(("removed", one) for one in change.removed)]
            for access, reader in readers or [("", "")]:
                party = parties.get(reader)
                yield (*place, access, *(_party(party) if party else (reader, *[""] * 5)))

    return table(DIFFERENCE_COLUMNS, rows())


def party_as_json(party: Party) -> dict[str, Any]:
    """One of the people."""
    return {
        "fingerprint": party.id,
        "user_id": party.user_id,
        "kind": party.kind.value,
        "roles": list(party.roles),
        "until": None if party.until is None else party.until.isoformat(),
        "source": None if party.source is None else party.source.value,
    }


def at_as_json(at: At) -> dict[str, Any]:
    """One moment."""
    return {"commit": at.commit, "date": at.date}


def _document(content: dict[str, Any]) -> Iterator[str]:
    return document({"schema_version": SCHEMA_VERSION, **content})


def _value(value: AuditedValue) -> dict[str, Any]:
    return {
        "path": value.path,
        "line": value.line,
        "key": value.key,
        "readers": value.readers,
        "wanted": value.wanted,
        "passphrase": value.passphrase,
    }


def _risk(risk: Risk) -> dict[str, Any]:
    return {
        "rule": risk.rule,
        "severity": risk.severity.value,
        "message": risk.message,
        "people": [party.id for party in risk.parties],
        "values": [{"path": value.path, "line": value.line, "key": value.key} for value in risk.values],
    }


def _access(value: AuditedValue, parties: dict[str, Party]) -> Iterator[tuple[tuple[str, ...] | None, str]]:
    """Whoever has to do with a value, and how; the words are those of `who --format csv`."""
    unexpected = set(value.unexpected)
    for reader in value.readers:
        party = parties[reader]
        match party.kind:
            case Kind.PERSON | Kind.MASTER:
                yield _party(party), "unexpected" if reader in unexpected else "reader"
            case Kind.UNKNOWN | Kind.HIDDEN:
                yield _party(party), party.kind.value
    if value.passphrase:
        yield None, "passphrase"
    if not value.readers and not value.passphrase:
        yield None, "nobody"
    yield from ((_party(parties[one]), "missing") for one in value.missing)


def _party(party: Party) -> tuple[str, ...]:
    until = "" if party.until is None else party.until.isoformat()
    # A key ID of digits alone is one number of many digits to a spreadsheet.
    return party.id, cell(party.user_id), party.kind.value, cell(" ".join(party.roles)), until, party.source or ""


def _each_once(errors: Iterable[EyamlgpgError]) -> tuple[EyamlgpgError, ...]:
    return tuple({str(error): error for error in errors}.values())
