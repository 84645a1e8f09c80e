"""The worklist of a person: for people, for spreadsheets and for programs."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from textwrap import wrap
from typing import Any

from eyamlgpg.model.rotation import Due, Moment, Place, Status, Worklist
from eyamlgpg.render.words import at_line_start, cell, counted, escaped
from eyamlgpg.render.worklist_overview import LONG, overview

SCHEMA_VERSION = 1

CSV_COLUMNS = (
    "path",
    "key",
    "status",
    "readable_since_commit",
    "readable_since",
    "readable_until_commit",
    "readable_until",
    "changed_commit",
    "changed",
    "changed_by",
    "reason",
    "copied_from_path",
    "copied_from_key",
)

_WIDTH = 80


def rotation_as_text(worklist: Worklist, *, every: bool = False) -> str:
    """File by file, what is to be changed; `every`: with what is done already."""
    lines = [f"{worklist.person.user_id}", *(f"  {one}" for one in worklist.person.fingerprints)]
    chosen = _chosen(worklist, every=every)
    work = _chosen(worklist, every=False)
    is_long = len(work) > LONG
    if is_long:
        lines += ["", *(line for text in overview(work) for line in _wrapped(text) or [""])]
    for path, values in groupby(chosen, key=lambda value: value.place.path):
        lines += ["", at_line_start(path)]
        for alike in _alike(values) if is_long else ([value] for value in values):
            lines += _value_lines(alike)
    lines += ["", *_wrapped(_summary(worklist))]
    gone = worklist.count(Status.GONE)
    if gone:
        verb = "exists" if gone == 1 else "exist"
        lines += _wrapped(
            f"{counted(gone, 'value')} that they could read no longer {verb} in this tree. What a password opened may"
            " still accept it: change it there."
        )
    for gap in worklist.gaps:
        lines += _wrapped(f"Not complete: {gap}")
    return "".join(f"{escaped(line)}\n" for line in lines)


def rotation_as_csv(worklist: Worklist, *, every: bool = False) -> str:
    """One line a value; a cell that a spreadsheet might run begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for value in _chosen(worklist, every=every):
        until, source = value.until or Moment(), value.copied_from or Place("", "")
        writer.writerow(
            [
                cell(text or "")
                for text in (
                    value.place.path,
                    value.place.key,
                    value.status.value,
                    value.since.commit,
                    value.since.date,
                    until.commit,
                    until.date,
                    value.changed.commit,
                    value.changed.date,
                    value.changed.author,
                    value.reason.value,
                    source.path,
                    source.key,
                )
            ]
        )
    return out.getvalue()


def rotation_as_json(worklist: Worklist, *, every: bool = False) -> str:
    """All that is known; `counts` holds the values that are not listed as well."""
    person = worklist.person
    content = {
        "schema_version": SCHEMA_VERSION,
        "person": {
            "fingerprint": person.fingerprints[0] if person.fingerprints else None,
            "user_id": person.user_id,
            "key_ids": sorted(person.key_ids),
        },
        "complete": not worklist.gaps,
        "why_incomplete": list(worklist.gaps),
        "counts": {status.value: worklist.count(status) for status in Status},
        "values": [_value(value) for value in _chosen(worklist, every=every)],
    }
    return json.dumps(content, indent=2) + "\n"


def _chosen(worklist: Worklist, *, every: bool) -> Sequence[Due]:
    return [value for value in worklist.values if every or value.status.is_work]


def _alike(values: Iterable[Due]) -> Iterable[Sequence[Due]]:
    """The values of a file of which the same is to be said, in the order of the first one of each kind."""
    groups: dict[tuple[object, ...], list[Due]] = {}
    for value in values:
        told = (value.status, value.reason, value.since, value.until, value.changed, value.copied_from)
        groups.setdefault(told, []).append(value)
    return groups.values()


def _value_lines(values: Sequence[Due]) -> Iterator[str]:
    """A line for each value, then what holds for all of them."""
    yield from (f"  {value.status.value:<8}{value.place.key or '(no key)'}" for value in values)
    value = values[0]
    since, until = _day(value.since), "today" if value.until is None else _day(value.until)
    written = "removed" if value.status is Status.GONE else "set"
    changed = "" if value.changed == Moment() and value.status is Status.GONE else f", {written} {_day(value.changed)}"
    author = f" by {value.changed.author}" if changed and value.changed.author else ""
    yield from _wrapped(f"readable {since} to {until}{changed}{author}", indent=10)
    yield from _wrapped(value.reason.value, indent=10)
    if value.copied_from is not None:
        yield f"          copied from {value.copied_from.path} {value.copied_from.key}"


def _day(moment: Moment) -> str:
    """`2026-03-01 (1a2b3c4d5)`."""
    if moment.commit is None or moment.date is None:
        return "(not committed)"
    return f"{moment.date[:10]} ({moment.commit[:9]})"


def _summary(worklist: Worklist) -> str:
    work = worklist.count(Status.DUE) + worklist.count(Status.UNKNOWN)
    if not worklist.values:
        return "No value was found that they could ever read." if worklist.gaps else "They could never read any value."
    parts = [f"{worklist.count(status):,} {status.value}" for status in Status]
    todo = f"{counted(work, 'value')} to change" if work else "Nothing is left to change"
    return f"{todo}: {', '.join(parts)}."


def _wrapped(text: str, *, indent: int = 0) -> list[str]:
    space = " " * indent
    return wrap(
        text,
        _WIDTH,
        initial_indent=space,
        subsequent_indent=space,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _value(value: Due) -> dict[str, Any]:
    return {
        "path": value.place.path,
        "key": value.place.key or None,
        "status": value.status.value,
        "readable": {"since": _moment(value.since), "until": None if value.until is None else _moment(value.until)},
        "changed": None if value.changed.commit is None else _moment(value.changed) | {"author": value.changed.author},
        "reason": value.reason.value,
        "copied_from": None
        if value.copied_from is None
        else {"path": value.copied_from.path, "key": value.copied_from.key or None},
    }


def _moment(moment: Moment) -> dict[str, str | None]:
    return {"commit": moment.commit, "date": moment.date}
