"""The list of people says what it means, or every line that is wrong; the JSON Schema for editors says the same."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from eyamlgpg.errors import ConfigError, EyamlgpgError, flattened
from eyamlgpg.formats.settings.people import parse
from eyamlgpg.model.keys import Fingerprint
from eyamlgpg.model.people import Member, People

ALICE = Fingerprint("51F4BC395EEF5EFE3C19D9ECA006732DF5CE8A4F")
BOB = Fingerprint("073E93CD53687E2982B1EB370D0F98448A0C6A33")
HEAD = "version: 1\npeople:\n"
SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "reference" / "people.schema.json"


def wrong(text: str) -> list[str]:
    with pytest.raises(EyamlgpgError) as caught:
        parse(text, "people.yaml")
    errors = list(flattened([caught.value]))
    assert all(isinstance(error, ConfigError) for error in errors)
    return [error.sentence for error in errors]


def test_people_are_read_with_their_lines() -> None:
    text = (
        f"{HEAD}  - key: {ALICE}\n    name: Alice Anders <alice@example.com>\n    roles: [ops, dba]\n"
        f"  - name: Bob Brown\n    key: {BOB.lower()}\n    roles: dba\n    until: 2027-03-31\n"
    )
    assert parse(text, "p") == People(
        "p",
        (
            Member(ALICE, "Alice Anders <alice@example.com>", ("ops", "dba"), None, 3),
            Member(BOB, "Bob Brown", ("dba",), date(2027, 3, 31), 6),
        ),
    )


@pytest.mark.parametrize("people", ["", "people:\n", "people: []\n"], ids=["not-there", "nothing", "empty"])
def test_nobody_need_be_there(people: str) -> None:
    assert parse(f"version: 1\n{people}", "p") == People("p")


def test_every_line_that_is_wrong_is_told_at_once() -> None:
    text = (
        f"version: 2\n{HEAD.splitlines()[1]}\n  - key: F5CE8A4F\n    name: Alice\n    until: 31.3.2027\n    role: ops\n"
        f"  - name: 'eyamlgpg: end'\n    key: {BOB}\n    roles: [a b, dba, dba]\n  - {{}}\n"
    )
    assert wrong(text) == [
        "people.yaml:1: version is 1, as a plain number",
        "people.yaml:6: 'role' means nothing in a person",
        "people.yaml:3: 'F5CE8A4F' is not a full fingerprint: 40 hexadecimal digits, without spaces",
        "people.yaml:5: until is a day such as 2027-03-31, not '31.3.2027'",
        "people.yaml:7: 'eyamlgpg: end' is not the name of a person",
        "people.yaml:9: 'a b' is not the name of a role",
        "people.yaml:9: 'dba' stands here a second time",
        "people.yaml:10: a person has a key",
        "people.yaml:10: a person has a name",
    ]


ONLY_WE_KNOW = {
    "a-key-twice": (
        f"  - {{key: {ALICE}, name: A}}\n  - {{key: {ALICE}, name: B}}\n",
        4,
        f"the key {ALICE} stands in line 3 already",
    ),
    "a-day-that-is-none": (f"  - {{key: {ALICE}, name: A, until: '2027-02-30'}}\n", 3, "until is a day such as"),
    "not-yaml": ("  - [\n", 4, "not YAML: "),
    "a-field-twice": (f"  - {{key: {ALICE}, name: A, name: B}}\n", 3, "'name' stands here a second time"),
}
"""What a schema cannot say, or sees only after YAML was read."""


@pytest.mark.parametrize(("text", "line", "sentence"), ONLY_WE_KNOW.values(), ids=ONLY_WE_KNOW)
def test_what_no_schema_can_say_is_refused_by_line(text: str, line: int, sentence: str) -> None:
    [*_, last] = wrong(f"{HEAD}{text}")
    assert last.startswith(f"people.yaml:{line}: {sentence}")


def person(fields: str) -> str:
    return f"{HEAD}  - {{key: {ALICE}{fields}}}\n"


INVALID = {
    "nothing": "",
    "a-list": "- a\n",
    "no-version": "people: []\n",
    "a-newer-version": "version: 2\n",
    "an-unknown-field": "version: 1\nroles: {}\n",
    "people-as-a-mapping": "version: 1\npeople: {alice: x}\n",
    "people-as-text": "version: 1\npeople: alice\n",
    "a-person-as-text": f"{HEAD}  - {ALICE}\n",
    "no-name": person(""),
    "no-key": f"{HEAD}  - {{name: Alice}}\n",
    "an-empty-name": person(", name: ' '"),
    "a-name-with-blanks-around": person(", name: ' Alice '"),
    "a-name-of-two-lines": person(', name: "Alice\\nAnders"'),
    "a-name-like-our-comments": person(", name: 'EyamlGPG: end'"),
    "a-name-that-plays-with-the-terminal": person(', name: "A\\u001bc"'),
    "a-short-key-id": f"{HEAD}  - {{key: '0xF5CE8A4F', name: A}}\n",
    "a-fingerprint-with-a-mark": f"{HEAD}  - {{key: '{ALICE}!', name: A}}\n",
    "no-role": person(", name: A, roles: []"),
    "a-role-twice": person(", name: A, roles: [a, a]"),
    "a-role-with-a-blank": person(", name: A, roles: [a b]"),
    "a-role-with-an-at": person(", name: A, roles: '@dba'"),
    "a-long-role": person(f", name: A, roles: {'a' * 65}"),
    "a-day-in-words": person(", name: A, until: tomorrow"),
    "a-moment": person(", name: A, until: '2027-03-31T12:00:00'"),
    "an-unknown-field-of-a-person": person(", name: A, email: a@example.com"),
}
VALID = {
    "the-version-alone": "version: 1\n",
    "nobody": "version: 1\npeople:\n",
    "an-empty-list": "version: 1\npeople: []\n",
    "no-roles": person(", name: Alice Anders <alice@example.com>"),
    "one-role": person(", name: Älice, roles: dba"),
    "roles-and-a-day": person(", name: 'A: B', roles: [dba, Ops.2_x-y], until: 2027-03-31"),
    "a-day-in-quotes": person(", name: A, until: '2027-03-31'"),
    "a-long-fingerprint": f"{HEAD}  - {{key: '{'0a' * 32}', name: A}}\n",
}


def schema_says(text: str) -> bool:
    document: Any = YAML(typ="safe", pure=True).load(text)
    # JSON has no dates, and editors read YAML as JSON: a day is the text that is written.
    as_json = json.loads(json.dumps(document, default=str))
    return bool(jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).is_valid(as_json))


@pytest.mark.parametrize("text", INVALID.values(), ids=INVALID)
def test_what_the_parser_refuses_the_schema_refuses(text: str) -> None:
    assert all(sentence.startswith("people.yaml:") for sentence in wrong(text))
    assert not schema_says(text)


@pytest.mark.parametrize("text", VALID.values(), ids=VALID)
def test_what_the_parser_takes_the_schema_takes(text: str) -> None:
    assert parse(text, "people.yaml").source == "people.yaml"
    assert schema_says(text)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(SCHEMA.read_text()))
