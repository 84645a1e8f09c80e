"""Who can read what: for people, for spreadsheets and for programs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from eyamlgpg.model.access import AccessDrift, HiddenReader, Reader, UnknownReader
from eyamlgpg.model.keys import KeyId, Validity
from eyamlgpg.operations.readers.access import AccessReport, FileAccess, ValueAccess
from eyamlgpg.render.documents import document, table
from eyamlgpg.render.recrypt import errors_as_json
from eyamlgpg.render.words import at_line_start, cell, counted, escaped

SCHEMA_VERSION = 1

CSV_COLUMNS = ("file", "line", "key", "person", "fingerprint", "key_id", "access")

Shown = Callable[[Path], str]
"""How the path of a recipients file is written."""


def access_as_text(report: AccessReport, shown: Shown = str, names: Mapping[KeyId, str] | None = None) -> Iterator[str]:
    """File by file; values next to each other that the same people can read share one list of them.

    `names` are those of unknown keys, as far as the repository tells any.
    """
    for file in report.files:
        yield "".join(f"{escaped(line)}\n" for line in _file_lines(file, shown, names or {}))
    yield f"{escaped(access_in_short(report))}\n"


def access_in_short(report: AccessReport) -> str:
    """One sentence about all values of the person and the key that were asked for."""
    every = report.in_line + report.drifted + report.unjudged
    parts = [f"{counted(every, 'value')} in {counted(report.looked_at, 'file')}: {report.in_line:,} in line"]
    if report.drifted:
        parts.append(f"{report.drifted:,} not in line")
    if report.unjudged:
        parts.append(f"{report.unjudged:,} whose recipients cannot be told")
    if report.left_alone:
        parts.append(f"{report.left_alone:,} of another method, whose readers cannot be told")
    return ", ".join(parts)


def access_as_csv(report: AccessReport) -> Iterator[str]:
    """One line for each value and each of its readers, and for each person who should be one and is not."""

    def rows() -> Iterator[Sequence[object]]:
        for file in report.files:
            for value in file.values:
                place = (cell(file.name), value.line, cell(str(value.path or "")))
                yield from ((*place, *row) for row in _rows(value))

    return table(CSV_COLUMNS, rows())


def access_as_json(report: AccessReport, *, judged: bool) -> Iterator[str]:
    """All that is known, piece by piece.

    `people` holds each person once, by fingerprint; `judged`: with errors of recipients files.
    """
    people: dict[str, str] = {}
    files = [
        {
            "path": file.name,
            "recipients": str(file.governed.path) if file.governed.path else None,
            "values": [_value(value, people) for value in file.values],
        }
        for file in report.files
    ]
    summary = {
        "files": report.looked_at,
        "in_line": report.in_line,
        "drifted": report.drifted,
        "unjudged": report.unjudged,
        "left_alone": report.left_alone,
    }
    errors = (*report.errors, *(report.policy_errors if judged else ()))
    content = {
        "schema_version": SCHEMA_VERSION,
        "summary": summary,
        "people": [{"fingerprint": fingerprint, "user_id": name} for fingerprint, name in people.items()],
        "files": files,
        "errors": errors_as_json(errors),
    }
    return document(content)


def _file_lines(file: FileAccess, shown: Shown, names: Mapping[KeyId, str]) -> Iterator[str]:
    source = f", recipients from {shown(file.governed.path)}" if file.governed.path else ""
    yield f"{at_line_start(file.name)}{source}"
    for _, alike in groupby(file.values, key=lambda value: (value.readers, value.passphrase, value.drift)):
        values = list(alike)
        yield from (f"  line {value.line}: {value.path or '(no key)'}" for value in values)
        yield f"    read by: {_names(values[0], names)}"
        if values[0].drift is not None:
            yield from (f"    {line}" for line in _drift_lines(values[0].drift))
        if values[0].passphrase:
            yield "    should not: a passphrase opens it, too"
        if values[0].copied_from:
            yield f"    copied from where {' or '.join(map(shown, values[0].copied_from))} governs, it seems"


def _names(value: ValueAccess, names: Mapping[KeyId, str]) -> str:
    readers = dict.fromkeys(_name(reader, names) for reader in value.readers)
    return ", ".join([*readers, *(["a passphrase"] if value.passphrase else [])]) or "nobody"


def _name(reader: Reader | UnknownReader | HiddenReader, names: Mapping[KeyId, str]) -> str:
    match reader:
        case Reader():
            return reader.key.user_id
        case UnknownReader():
            name = names.get(reader.key_id)
            return f"the unknown key {reader.key_id}{'' if name is None else f' ({name})'}"
        case HiddenReader():
            return "a hidden recipient"


def _drift_lines(drift: AccessDrift) -> Iterator[str]:
    for reader in drift.unexpected:
        yield f"should not: {reader.key.user_id}, subkey {reader.subkey.key_id}"
    for key_id in drift.unknown:
        yield f"unknown: {key_id} is not on the keyring"
    for key_id in drift.repeated:
        yield f"unknown: {key_id} stands more than once, so somebody else's key may stand behind it"
    if drift.hidden:
        yield "hidden: the message does not name all of its recipients"
    for missing in drift.missing:
        yield f"missing: {missing.key.user_id}"
    for reader in drift.stale:
        expired = " that has expired" if reader.subkey.validity is Validity.EXPIRED else ""
        yield f"stale: {reader.key.user_id}, by an older subkey{expired}, {reader.subkey.key_id}"


def _rows(value: ValueAccess) -> Iterator[Sequence[str]]:
    drift = value.drift or AccessDrift()
    for reader in value.readers:
        match reader:
            case Reader():
                access = "unexpected" if reader in drift.unexpected else "stale" if reader in drift.stale else "reader"
                yield cell(reader.key.user_id), reader.key.fingerprint, reader.subkey.key_id, access
            case UnknownReader():
                yield "", "", reader.key_id, "unknown"
            case HiddenReader():
                yield "", "", "", "hidden"
    if value.passphrase:
        yield "", "", "", "passphrase"
    for missing in drift.missing:
        yield cell(missing.key.user_id), missing.key.fingerprint, missing.subkey.key_id, "missing"


def _value(value: ValueAccess, people: dict[str, str]) -> dict[str, Any]:
    fingerprints: list[str] = []
    for reader in value.readers:
        if isinstance(reader, Reader):
            fingerprints.append(reader.key.fingerprint)
            people[reader.key.fingerprint] = reader.key.user_id
    unknown = [reader.key_id for reader in value.readers if isinstance(reader, UnknownReader)]
    hidden = sum(isinstance(reader, HiddenReader) for reader in value.readers)
    return {
        "line": value.line,
        "key": str(value.path) if value.path else None,
        "readers": list(dict.fromkeys(fingerprints)),
        "unknown": unknown,
        "hidden": hidden,
        "passphrase": value.passphrase,
        "in_line": None if value.drift is None else value.is_in_line,
        "drift": None if value.drift is None or value.is_in_line else _drift(value.drift, people),
        "copied_from": [str(path) for path in value.copied_from],
    }


def _drift(drift: AccessDrift, people: dict[str, str]) -> dict[str, Any]:
    people |= {missing.key.fingerprint: missing.key.user_id for missing in drift.missing}
    return {
        "missing": [missing.key.fingerprint for missing in drift.missing],
        "unexpected": [_named(reader) for reader in drift.unexpected],
        "stale": [_named(reader) for reader in drift.stale],
        "unknown": [*drift.unknown, *drift.repeated],
        "hidden": drift.hidden,
    }


def _named(reader: Reader) -> dict[str, str]:
    return {"fingerprint": reader.key.fingerprint, "key_id": reader.subkey.key_id}
