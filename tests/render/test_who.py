"""Who can read what, in words, as CSV and as JSON."""

import csv
import io
import json
from pathlib import Path

import pytest

from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.operations.readers.access import AccessReport, AccessRequest
from eyamlgpg.operations.readers.who import report_access
from eyamlgpg.operations.tree.selection import select_files
from eyamlgpg.render.who import access_as_csv, access_as_json, access_as_text
from eyamlgpg.trees.around import Trees
from eyamlgpg.trees.files import TreeFiles
from tests.support.keys import ALICE, BOB, CAROL, LAST_YEAR, MALICE, key, subkey
from tests.support.trees import Tree, value

STRANGER = "0123456789ABCDEF"
OLD, NEW = subkey("grace's old one"), subkey("grace's new one", created=LAST_YEAR)
GRACE = key("Grace Two <grace@example.com>", subkeys=(OLD, NEW))


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """A tree for Alice and Grace in the working directory; a folder in it is for Alice and Carol."""
    monkeypatch.chdir(tmp_path)
    made = Tree(tmp_path, ring=(ALICE, BOB, CAROL, MALICE, GRACE))
    made.governs(".", ALICE, GRACE)
    made.governs("production", ALICE, CAROL)
    return made


def report(tree: Tree) -> AccessReport:
    files = TreeFiles()
    selection = select_files([Path()], Trees({}), files)
    return report_access(
        selection, AccessRequest(), tree.governance(), files, lambda: Trees({}).named(tree.root, RECIPIENTS_FILE)
    )


def test_values_that_the_same_people_read_share_a_list(tree: Tree) -> None:
    same = value("x", ALICE, GRACE)
    copied = value("x", ALICE, CAROL)
    odd = value("x", ALICE, OLD.key_id, MALICE, STRANGER, "0" * 16)
    tree.write("a.eyaml", f"a: {same}\nb: {same}\n# {same}\nc: {copied}\nd: {odd}\n")
    assert "".join(access_as_text(report(tree), lambda path: str(path.relative_to(tree.root)))) == (
        "a.eyaml, recipients from hiera-eyaml-gpg.recipients\n"
        "  line 1: a\n"
        "  line 2: b\n"
        "  line 3: (no key)\n"
        "    read by: Alice Anders (ops) <alice@example.com>, Grace Two <grace@example.com>\n"
        "  line 4: c\n"
        "    read by: Alice Anders (ops) <alice@example.com>, Carol Chen <carol@example.com>\n"
        f"    should not: Carol Chen <carol@example.com>, subkey {CAROL.subkeys[0].key_id}\n"
        "    missing: Grace Two <grace@example.com>\n"
        "    copied from where production/hiera-eyaml-gpg.recipients governs, it seems\n"
        "  line 5: d\n"
        "    read by: Alice Anders (ops) <alice@example.com>, Grace Two <grace@example.com>, "
        f"Malice Aforethought <malice@example.com>, the unknown key {STRANGER}, a hidden recipient\n"
        f"    should not: Malice Aforethought <malice@example.com>, subkey {MALICE.subkeys[0].key_id}\n"
        f"    unknown: {STRANGER} is not on the keyring\n"
        "    hidden: the message does not name all of its recipients\n"
        f"    stale: Grace Two <grace@example.com>, by an older subkey, {OLD.key_id}\n"
        "5 values in 1 file: 3 in line, 2 not in line\n"
    )


def test_the_list_comes_file_by_file(tree: Tree) -> None:
    tree.write("a.eyaml", f"a: {value('x', ALICE, GRACE)}\n")
    tree.write("b.eyaml", f"b: {value('y', ALICE, GRACE)}\n")
    assert [piece.partition(",")[0] for piece in access_as_text(report(tree))] == [
        "a.eyaml",
        "b.eyaml",
        "2 values in 2 files: 2 in line\n",
    ]


def test_csv_has_a_line_for_each_reader_and_each_missing_person(tree: Tree) -> None:
    tree.write(
        "a.eyaml", f"'a,b': {value('x', ALICE, OLD.key_id, STRANGER, '0' * 16)}\nc: {value('y', CAROL, GRACE)}\n"
    )
    rows = list(csv.reader(io.StringIO("".join(access_as_csv(report(tree))))))
    alice, carol = ALICE.subkeys[0].key_id, CAROL.subkeys[0].key_id
    assert rows == [
        ["file", "line", "key", "person", "fingerprint", "key_id", "access"],
        ["a.eyaml", "1", "a,b", ALICE.user_id, ALICE.fingerprint, alice, "reader"],
        ["a.eyaml", "1", "a,b", GRACE.user_id, GRACE.fingerprint, OLD.key_id, "stale"],
        ["a.eyaml", "1", "a,b", "", "", STRANGER, "unknown"],
        ["a.eyaml", "1", "a,b", "", "", "", "hidden"],
        ["a.eyaml", "2", "c", CAROL.user_id, CAROL.fingerprint, carol, "unexpected"],
        ["a.eyaml", "2", "c", GRACE.user_id, GRACE.fingerprint, NEW.key_id, "reader"],
        ["a.eyaml", "2", "c", ALICE.user_id, ALICE.fingerprint, alice, "missing"],
    ]


def test_json_has_each_person_once_and_the_drift_of_each_value(tree: Tree) -> None:
    tree.write("a.eyaml", f"a: {value('x', ALICE, GRACE)}\nb: {value('y', ALICE, MALICE)}\n")
    document = json.loads("".join(access_as_json(report(tree), judged=True)))
    recipients = str(tree.root / RECIPIENTS_FILE)
    malice = {"fingerprint": MALICE.fingerprint, "key_id": MALICE.subkeys[0].key_id}
    common = {"unknown": [], "hidden": 0, "passphrase": False, "copied_from": []}
    assert document == {
        "schema_version": 1,
        "summary": {"files": 1, "in_line": 1, "drifted": 1, "unjudged": 0, "left_alone": 0},
        "people": [{"fingerprint": one.fingerprint, "user_id": one.user_id} for one in (ALICE, GRACE, MALICE)],
        "files": [
            {
                "path": "a.eyaml",
                "recipients": recipients,
                "values": [
                    {
                        "line": 1,
                        "key": "a",
                        "readers": [ALICE.fingerprint, GRACE.fingerprint],
                        "in_line": True,
                        "drift": None,
                        **common,
                    },
                    {
                        "line": 2,
                        "key": "b",
                        "readers": [ALICE.fingerprint, MALICE.fingerprint],
                        "in_line": False,
                        "drift": {
                            "missing": [GRACE.fingerprint],
                            "unexpected": [malice],
                            "stale": [],
                            "unknown": [],
                            "hidden": False,
                        },
                        **common,
                    },
                ],
            }
        ],
        "errors": [],
    }


def test_errors_of_recipients_files_are_in_the_json_where_values_are_judged(tree: Tree) -> None:
    tree.governs(".", "nobody@example.com")
    tree.write("a.eyaml", f"a: {value('x', ALICE)}\n")
    judged = json.loads("".join(access_as_json(report(tree), judged=True)))
    assert [error["status"] for error in judged["errors"]] == [3]
    assert judged["files"][0]["values"][0]["in_line"] is None
    assert json.loads("".join(access_as_json(report(tree), judged=False)))["errors"] == []
