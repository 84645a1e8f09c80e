"""An audit for programs and spreadsheets: every field, and no cell that a spreadsheet would run."""

import csv
import io
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from eyamlgpg.model.keys import HIDDEN_KEY_ID
from eyamlgpg.operations.audit.difference import difference
from eyamlgpg.render.audit.programs import (
    CSV_COLUMNS,
    DIFFERENCE_COLUMNS,
    difference_as_csv,
    difference_as_json,
    single_as_csv,
    single_as_json,
)
from tests.support.audits import STRANGER, Scene, governed, roster
from tests.support.keys import ALICE, BOB, CAROL, RING, key
from tests.support.trees import value

A, B, C = (one.fingerprint for one in (ALICE, BOB, CAROL))
MASTER = key("prod <prod@example.com>")


def scene(**keys: tuple[Any, ...]) -> Scene:
    text = "".join(f"{name}: {value('x', *who)}\n" for name, who in keys.items())
    people = roster({BOB: (("dba", "ops"), date(2020, 1, 31))}, [MASTER])
    return Scene({"d/a.eyaml": text, **governed("d", ALICE, MASTER)}, (*RING, MASTER), roster=people)


def rows(pieces: Iterable[str]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(pieces))))


def test_json_of_one_moment_has_every_field() -> None:
    told = json.loads("".join(single_as_json(scene(k=(ALICE, BOB, STRANGER)).audit())))
    place = {"path": "d/a.eyaml", "line": 1, "key": "k"}
    assert told == {
        "schema_version": 1,
        "at": {"commit": None, "date": "2025-06-01T00:00:00+00:00"},
        "people": [
            {
                "fingerprint": A,
                "user_id": "Alice Anders (ops) <alice@example.com>",
                "kind": "person",
                "roles": [],
                "until": None,
                "source": "keyring",
            },
            {
                "fingerprint": B,
                "user_id": "Bob Brown <bob@example.com>",
                "kind": "person",
                "roles": ["dba", "ops"],
                "until": "2020-01-31",
                "source": "keyring",
            },
            {
                "fingerprint": MASTER.fingerprint,
                "user_id": "prod <prod@example.com>",
                "kind": "master",
                "roles": [],
                "until": None,
                "source": "keyring",
            },
            {
                "fingerprint": STRANGER,
                "user_id": f"the unknown key {STRANGER}",
                "kind": "unknown",
                "roles": [],
                "until": None,
                "source": None,
            },
        ],
        "values": [place | {"readers": [A, B, STRANGER], "wanted": [A, MASTER.fingerprint], "passphrase": False}],
        "risks": [
            {"rule": rule, "severity": severity, "message": message, "people": people, "values": [place]}
            for rule, severity, message, people in (
                ("access-unknown", "error", "readable by an unknown key", [STRANGER]),
                (
                    "access-unexpected",
                    "error",
                    "readable by somebody whom the recipients file does not name",
                    [B],
                ),
                ("recipients-until-passed", "warning", "readable by somebody whose last day is over", [B]),
                ("access-no-puppetmaster", "warning", "readable by no puppetmaster", []),
            )
        ],
        "share": {"people": [], "values": 0},
        "left_alone": 0,
        "errors": [],
    }


def test_csv_has_a_line_for_each_value_and_reader_and_for_each_who_is_missing() -> None:
    told = rows(single_as_csv(scene(k=(ALICE, BOB, STRANGER), nobody=(), h=(HIDDEN_KEY_ID,)).audit()))
    assert list(told[0]) == list(CSV_COLUMNS)
    assert [(row["key"], row["reader"], row["access"]) for row in told] == [
        ("k", A, "reader"),
        ("k", B, "unexpected"),
        ("k", STRANGER, "unknown"),
        ("k", MASTER.fingerprint, "missing"),
        ("nobody", "", "nobody"),
        ("nobody", A, "missing"),
        ("nobody", MASTER.fingerprint, "missing"),
        ("h", HIDDEN_KEY_ID, "hidden"),
    ]
    assert told[1]["risks"] == "access-unknown access-unexpected access-no-puppetmaster recipients-until-passed"
    assert [told[1][one] for one in ("roles", "until", "kind", "source")] == [
        "dba ops",
        "2020-01-31",
        "person",
        "keyring",
    ]


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(beginning: str) -> None:
    mallory = key(f"{beginning}cmd|x!A1 <m@example.com>")
    text = f'"{beginning.encode("unicode_escape").decode()}k": {value("x", mallory)}\n'
    made = Scene({f"{beginning}a.eyaml": text}, (*RING, mallory), roster=roster({mallory: ((f"{beginning}r",), None)}))
    nothing = Scene({}, RING).audit()
    for told in (single_as_csv(made.audit()), difference_as_csv(difference(nothing, made.audit()))):
        cells = [cell for row in rows(told) for cell in row.values()]
        assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
        assert sum(cell.startswith("'") for cell in cells) >= 3


def test_the_difference_as_json_and_csv() -> None:
    made = difference(scene(k=(ALICE, BOB), gone=(ALICE,)).audit(), scene(k=(ALICE, CAROL)).audit())
    told = json.loads("".join(difference_as_json(made)))
    assert list(told) == ["schema_version", "from", "to", "changes", "people", "errors"]
    assert told["changes"] == [
        {"path": "d/a.eyaml", "key": "gone", "kind": "removed", "added_readers": [], "removed_readers": [A]},
        {"path": "d/a.eyaml", "key": "k", "kind": "readers", "added_readers": [C], "removed_readers": [B]},
    ]
    assert [one["fingerprint"] for one in told["people"]["joined"]] == [C]
    assert [one["fingerprint"] for one in told["people"]["left"]] == [B]
    assert {one["fingerprint"] for one in told["people"]["known"]} == {A, B, C, MASTER.fingerprint}
    lines = rows(difference_as_csv(made))
    assert list(lines[0]) == list(DIFFERENCE_COLUMNS)
    assert [(row["key"], row["change"], row["access"], row["reader"]) for row in lines] == [
        ("gone", "removed", "removed", A),
        ("k", "readers", "added", C),
        ("k", "readers", "removed", B),
    ]
