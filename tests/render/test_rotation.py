"""The worklist in words, as CSV and as JSON."""

import csv
import io
import json
from dataclasses import replace

import pytest

from eyamlgpg.model.keys import Fingerprint, KeyId
from eyamlgpg.model.rotation import Due, Moment, Person, Place, Reason, Status, Worklist
from eyamlgpg.render.rotation import rotation_as_csv, rotation_as_json, rotation_as_text

BOB = Person(
    (Fingerprint("073E93CD53687E2982B1EB370D0F98448A0C6A33"),),
    "Bob Brown <bob@example.com>",
    frozenset({KeyId("B" * 16), KeyId("A" * 16)}),
)
JANUARY = Moment("1" * 40, "2024-01-02T03:04:05+01:00", "Alice Anders")
MARCH = Moment("2" * 40, "2026-03-04T05:06:07+00:00", "Carol Clark")
DUE = Due(
    Place("data/a.eyaml", "db::password"),
    Status.DUE,
    Reason.SAME_PLAINTEXT,
    JANUARY,
    MARCH,
    JANUARY,
    Place("b.eyaml", "x"),
)
UNKNOWN = Due(Place("data/b.eyaml", "k", 1), Status.UNKNOWN, Reason.NO_KEY, JANUARY, None, Moment())
CHANGED = Due(Place("data/b.eyaml", "l"), Status.CHANGED, Reason.DIFFERENT, JANUARY, MARCH, MARCH)
GONE = Due(Place("data/c.eyaml", ""), Status.GONE, Reason.REMOVED, JANUARY, MARCH, MARCH)
LIST = Worklist(BOB, (DUE, UNKNOWN, CHANGED, GONE), gaps=("this clone is shallow, so older commits are missing",))


def test_the_text_lists_what_is_to_be_done() -> None:
    assert rotation_as_text(LIST) == (
        "Bob Brown <bob@example.com>\n"
        "  073E93CD53687E2982B1EB370D0F98448A0C6A33\n"
        "\n"
        "data/a.eyaml\n"
        "  due     db::password\n"
        "          readable 2024-01-02 (111111111) to 2026-03-04 (222222222), set\n"
        "          2024-01-02 (111111111) by Alice Anders\n"
        "          the plaintext is the same that they could read\n"
        "          copied from b.eyaml x\n"
        "\n"
        "data/b.eyaml\n"
        "  unknown k\n"
        "          readable 2024-01-02 (111111111) to today, set (not committed)\n"
        "          it was written anew, and no key here opens both messages to compare\n"
        "          them\n"
        "\n"
        "2 values to change: 1 due, 1 unknown, 1 changed, 1 gone.\n"
        "1 value that they could read no longer exists in this tree. What a password\n"
        "opened may still accept it: change it there.\n"
        "Not complete: this clone is shallow, so older commits are missing\n"
    )


def test_all_shows_what_is_done_as_well() -> None:
    text = rotation_as_text(LIST, every=True)
    assert "  changed l\n" in text
    assert "  gone    (no key)\n          readable 2024-01-02 (111111111) to 2026-03-04 (222222222), removed\n" in text
    assert max(map(len, text.splitlines())) <= 80


def test_with_nothing_left_or_nothing_ever_the_text_says_so() -> None:
    assert "Nothing is left to change: 0 due, 0 unknown, 1 changed, 0 gone.\n" in rotation_as_text(
        Worklist(BOB, (CHANGED,))
    )
    assert rotation_as_text(Worklist(BOB, ())).endswith("\nThey could never read any value.\n")
    in_part = rotation_as_text(Worklist(BOB, (), gaps=("this clone is shallow",)))
    assert in_part.endswith("\nNo value was found that they could ever read.\nNot complete: this clone is shallow\n")


def test_the_json_is_what_the_contract_says() -> None:
    assert json.loads(rotation_as_json(LIST)) == {
        "schema_version": 1,
        "person": {
            "fingerprint": "073E93CD53687E2982B1EB370D0F98448A0C6A33",
            "user_id": "Bob Brown <bob@example.com>",
            "key_ids": ["A" * 16, "B" * 16],
        },
        "complete": False,
        "why_incomplete": ["this clone is shallow, so older commits are missing"],
        "counts": {"due": 1, "unknown": 1, "changed": 1, "gone": 1},
        "values": [
            {
                "path": "data/a.eyaml",
                "key": "db::password",
                "status": "due",
                "readable": {
                    "since": {"commit": "1" * 40, "date": "2024-01-02T03:04:05+01:00"},
                    "until": {"commit": "2" * 40, "date": "2026-03-04T05:06:07+00:00"},
                },
                "changed": {"commit": "1" * 40, "date": "2024-01-02T03:04:05+01:00", "author": "Alice Anders"},
                "reason": "the plaintext is the same that they could read",
                "copied_from": {"path": "b.eyaml", "key": "x"},
            },
            {
                "path": "data/b.eyaml",
                "key": "k",
                "status": "unknown",
                "readable": {"since": {"commit": "1" * 40, "date": "2024-01-02T03:04:05+01:00"}, "until": None},
                "changed": None,
                "reason": "it was written anew, and no key here opens both messages to compare them",
                "copied_from": None,
            },
        ],
    }
    assert [value["key"] for value in json.loads(rotation_as_json(LIST, every=True))["values"]] == [
        "db::password",
        "k",
        "l",
        None,
    ]


def test_an_unknown_key_has_no_fingerprint() -> None:
    person = replace(BOB, fingerprints=())
    assert json.loads(rotation_as_json(Worklist(person, ())))["person"]["fingerprint"] is None


def test_the_csv_has_a_line_for_each_value() -> None:
    rows = list(csv.DictReader(io.StringIO(rotation_as_csv(LIST, every=True))))
    assert [(row["path"], row["key"], row["status"]) for row in rows] == [
        ("data/a.eyaml", "db::password", "due"),
        ("data/b.eyaml", "k", "unknown"),
        ("data/b.eyaml", "l", "changed"),
        ("data/c.eyaml", "", "gone"),
    ]
    assert rows[0]["changed_by"] == "Alice Anders"
    assert (rows[1]["readable_until"], rows[1]["changed"]) == ("", "")
    assert (rows[0]["copied_from_path"], rows[0]["copied_from_key"]) == ("b.eyaml", "x")


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula_to_a_spreadsheet(begin: str) -> None:
    evil = f"{begin}HYPERLINK(1)"
    author = Moment("1" * 40, "2024-01-02T03:04:05+01:00", evil)
    value = Due(Place(evil, evil), Status.DUE, Reason.READER, author, author, author, Place(evil, evil))
    [_, row] = csv.reader(io.StringIO(rotation_as_csv(Worklist(BOB, (value,)))))
    assert not any(cell.startswith(begin) for cell in row)
    assert sum(cell.startswith("'") for cell in row) == 5


def test_a_strangers_names_reach_no_terminal_as_they_are() -> None:
    evil = "\x1b[31mred\n"
    value = Due(Place(evil, evil), Status.DUE, Reason.READER, replace(JANUARY, author=evil), None, JANUARY)
    made = Worklist(replace(BOB, user_id=evil), (value,))
    assert "\x1b" not in rotation_as_text(made) + rotation_as_csv(made) + rotation_as_json(made)


def many(count: int, folders: int) -> Worklist:
    """So many values, ten a file, all read and set at the same times."""
    values = (
        replace(DUE, place=Place(f"data/team{number // 10 % folders:02}/f{number // 10:03}.eyaml", f"k{number:04}"))
        for number in range(count)
    )
    return Worklist(BOB, tuple(sorted((replace(one, copied_from=None) for one in values), key=lambda one: one.place)))


def test_a_long_list_says_on_its_first_screen_how_much_there_is_and_where_to_begin() -> None:
    lines = rotation_as_text(many(2000, 14)).splitlines()
    assert lines[2:9] == [
        "",
        "2,000 values to change, in 200 files:",
        "",
        "  values  files  folder",
        "     150     15  data/team00",
        "     150     15  data/team01",
        "     150     15  data/team02",
    ]
    assert lines[16] == "     560     56  4 more folders"
    assert lines[18].startswith("Begin with data/team00. The next run")  # others have as many
    assert max(map(len, lines)) <= 80


def test_values_of_a_file_of_which_the_same_is_to_be_said_stand_together() -> None:
    text = rotation_as_text(many(30, 3))
    assert text.count("readable 2024-01-02") == 3
    assert "Begin with data/team00. The" in text
    assert "  due     k0008\n  due     k0009\n          readable 2024-01-02" in text


@pytest.mark.parametrize(("count", "is_long"), [(20, False), (21, True)])
def test_a_short_list_needs_no_overview(count: int, is_long: bool) -> None:
    assert ("Begin with" in rotation_as_text(many(count, 1))) is is_long


def test_values_at_the_top_of_the_tree_are_named_as_such() -> None:
    values = tuple(replace(DUE, place=Place("a.eyaml", f"k{number}"), copied_from=None) for number in range(30))
    text = rotation_as_text(Worklist(BOB, values))
    assert "      30      1  .\n" in text
    assert "Begin with the top of the tree, where most are." in text
