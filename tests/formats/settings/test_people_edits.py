"""The list of people is changed person by person: every other byte stays, or nothing is changed at all."""

from datetime import date

import pytest

from eyamlgpg.errors import ConfigError
from eyamlgpg.formats.settings.people_edits import with_key, with_member, without_member
from eyamlgpg.model.keys import Fingerprint
from eyamlgpg.model.people import Member

A, B, C = (Fingerprint(letter * 40) for letter in "ABC")
TEXT = (
    "# who works here\nversion: 1\n\npeople:\n"
    f"  # founder\n  - key: {A}   # her key\n    name: 'Alice'   # boss\n    roles: [ops, dba]\n\n"
    f"  - name: Bob\n    key: {B.lower()}\n    until: 2027-03-31\n\n# the end\n"
)
CAROL = Member(C, "Carol O'Neill: <c@example.com>", ("dba",), date(2028, 1, 1))
CAROLS = f"  - key: {C}\n    name: 'Carol O''Neill: <c@example.com>'\n    roles: [dba]\n    until: 2028-01-01\n"


def test_a_person_is_added_at_the_end_of_the_list() -> None:
    assert with_member(TEXT, CAROL, "p") == TEXT.replace("2027-03-31\n", f"2027-03-31\n{CAROLS}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", f"version: 1\npeople:\n{CAROLS}"),
        ("version: 1\n", f"version: 1\npeople:\n{CAROLS}"),
        ("version: 1\npeople:\n# nobody yet\n", f"version: 1\npeople:\n{CAROLS}# nobody yet\n"),
        ("version: 1\npeople: []  # nobody yet\n", f"version: 1\npeople:  # nobody yet\n{CAROLS}"),
        (
            f"version: 1\npeople:\n- key: {A}\n  name: A",
            f"version: 1\npeople:\n- key: {A}\n  name: A\n" + CAROLS.replace("\n  ", "\n")[2:],
        ),
        ("version: 1\r\npeople:\r\n", f"version: 1\npeople:\n{CAROLS}".replace("\n", "\r\n")),
    ],
)
def test_whatever_is_there_already(text: str, expected: str) -> None:
    assert with_member(text, CAROL, "p") == expected


@pytest.mark.parametrize(
    ("member", "old", "new"),
    [
        (Member(A, "Alice", ("ops",)), "roles: [ops, dba]", "roles: [ops]"),
        (Member(A, "Alice", ("ops", "dba"), date(2028, 1, 1)), "[ops, dba]\n", "[ops, dba]\n    until: 2028-01-01\n"),
        (Member(B, "Bob", ("x",), date(2028, 1, 1)), "2027-03-31\n", "2028-01-01\n    roles: [x]\n"),
    ],
)
def test_of_a_person_who_is_there_only_what_is_new_changes(member: Member, old: str, new: str) -> None:
    assert with_member(TEXT, member, "p") == TEXT.replace(old, new)


@pytest.mark.parametrize("roles", ["roles: dba", "roles:\n      - dba", "roles: ['dba']"])
def test_roles_in_every_way_of_writing(roles: str) -> None:
    text = f"version: 1\npeople:\n  - key: {A}\n    {roles}\n    name: A\n"
    assert with_member(text, Member(A, "A", ("dba", "on")), "p") == text.replace(roles, "roles: [dba, 'on']")


def test_a_person_in_braces_gets_a_role_in_braces() -> None:
    text = f"version: 1\npeople:\n  - {{key: {A}, name: A}}\n"
    assert with_member(text, Member(A, "A", ("dba",)), "p") == text.replace("name: A", "name: A, roles: [dba]")


def test_a_person_is_taken_out_with_all_lines() -> None:
    without_bob = TEXT.replace(f"  - name: Bob\n    key: {B.lower()}\n    until: 2027-03-31\n", "")
    assert without_member(TEXT, B, "p") == without_bob
    assert (
        without_member(without_bob, A, "p") == "# who works here\nversion: 1\n\npeople:\n  # founder\n\n\n# the end\n"
    )
    assert without_member(TEXT, C, "p") == TEXT


def test_a_key_makes_way_for_another() -> None:
    assert with_key(TEXT, B, C, "p") == TEXT.replace(B.lower(), C)


@pytest.mark.parametrize(
    "text",
    [
        f"version: 1\npeople: [{{key: {A}, name: A}}, {{key: {B}, name: B}}]\n",
        f"version: 1\npeople:\n  -\n    key: {A}\n    name: A\n  -\n    key: {B}\n    name: B\n",
    ],
)
def test_what_cannot_be_changed_by_lines_is_left_to_hand(text: str) -> None:
    with pytest.raises(ConfigError, match="p: "):
        without_member(text, A, "p")
