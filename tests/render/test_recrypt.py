"""What is due and what was done, in words and as JSON."""

import json
from pathlib import Path

import pytest

from eyamlgpg.operations.readers.recrypt_plan import RecryptRequest
from eyamlgpg.render.recrypt import plan_as_json, plan_as_text, recryption_as_json, recryption_in_short
from tests.support.keys import ALICE, BOB, MALICE
from tests.support.trees import Tree, value

STRANGER = "0123456789ABCDEF"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """A tree for Alice and Bob in the working directory."""
    monkeypatch.chdir(tmp_path)
    made = Tree(tmp_path)
    made.governs(".", ALICE, BOB)
    return made


def test_a_plan_in_words_names_each_file_and_everybody_whom_it_concerns(tree: Tree) -> None:
    tree.write("a.eyaml", f"a: {value('x', ALICE)}\nb: {value('y', ALICE, BOB, MALICE)}\nc: {value('z', ALICE, BOB)}\n")
    tree.write("b.eyaml", f"a: {value('x', ALICE, BOB, STRANGER, '0' * 16)}\n")
    tree.write("d.eyaml", f"a: {value('x', ALICE, BOB, ALICE)}\n")
    tree.write("c.eyaml", "a: ENC[PKCS7,MIIBeQYJKoZIhvcNAQcDoIIBajCC]\n")
    assert plan_as_text(tree.plan(Path())) == (
        "a.eyaml: 2 of 3 values due\n"
        "  1 readable by Malice Aforethought <malice@example.com>, who should not\n"
        "  1 missing Bob Brown <bob@example.com>\n"
        "b.eyaml: 1 of 1 value due\n"
        f"  1 readable by the unknown key {STRANGER}\n"
        "  1 with hidden recipients\n"
        "d.eyaml: 1 of 1 value due\n"
        "  1 with a key ID that stands more than once: somebody else's key may stand behind it\n"
        "4 of 5 values in 3 of 4 files are due; 1 value of another method left alone "
        "(1 of PKCS7: see `recrypt --from pkcs7`)\n"
    )


def test_a_tree_in_line_is_one_sentence(tree: Tree) -> None:
    tree.write("a.eyaml", f"a: {value('x', ALICE, BOB)}\n")
    assert plan_as_text(tree.plan(Path())) == "1 value in 1 file in line, nothing is due\n"
    assert recryption_in_short(tree.recrypt(Path())) == "1 value in 1 file in line, nothing is due"


def test_where_only_some_were_left_as_they_were_that_is_counted(tree: Tree) -> None:
    tree.write("a.eyaml", f"a: {value('x', ALICE)}\nb: {value('y', ALICE, MALICE)}\n")
    assert recryption_in_short(tree.recrypt(Path())) == (
        "2 values in 1 file re-encrypted, 1 of them in the header only, 0 in line already"
    )


def test_what_was_done_is_one_sentence(tree: Tree) -> None:
    tree.write("a.eyaml", f"a: {value('x', ALICE)}\nb: {value('y', ALICE, BOB)}\nc: {value('z', BOB, MALICE)}\n")
    assert recryption_in_short(tree.recrypt(Path())) == (
        "1 value in 1 file re-encrypted, in the header only, 1 in line already, 1 could not be"
    )


def test_file_names_of_strangers_reach_no_terminal_raw(tree: Tree) -> None:
    tree.write("a\x1b[31m.eyaml", f"a: {value('x', ALICE)}\n")
    assert plan_as_text(tree.plan(Path())).startswith("a\\x1b[31m.eyaml: 1 of 1 value due\n")


def test_a_plan_as_json(tree: Tree) -> None:
    tree.write("a.eyaml", f"a: {value('x', ALICE, STRANGER)}\nb: {value('z', ALICE, BOB)}\n")
    assert json.loads(plan_as_json(tree.plan(Path()))) == {
        "schema_version": 1,
        "summary": {"files": 1, "files_due": 1, "due": 1, "in_line": 1, "left_alone": 0},
        "files": [
            {
                "path": "a.eyaml",
                "recipients": str(tree.root / "hiera-eyaml-gpg.recipients"),
                "due": 1,
                "in_line": 1,
                "missing": [{"fingerprint": BOB.fingerprint, "user_id": BOB.user_id, "values": 1}],
                "unexpected": [],
                "stale": [],
                "unknown": [{"key_id": STRANGER, "values": 1}],
                "hidden": 0,
                "passphrase": 0,
            }
        ],
        "errors": [],
    }


def test_a_run_as_json_has_the_outcome_of_each_file_and_every_error(tree: Tree) -> None:
    tree.write("a.eyaml", f"a: {value('x', ALICE)}\nb: {value('z', BOB)}\n")
    document = json.loads(recryption_as_json(tree.recrypt(Path(), request=RecryptRequest(every=True))))
    assert document["summary"] == {
        "files": 1,
        "files_due": 1,
        "due": 2,
        "in_line": 0,
        "left_alone": 0,
        "rewritten": 1,
        "extended": 0,
        "failed": 1,
        "verified": 0,
        "unverified": 0,
    }
    assert [(file["path"], file["rewritten"], file["failed"]) for file in document["files"]] == [("a.eyaml", 1, 1)]
    [error] = document["errors"]
    assert error["message"].startswith("a.eyaml:2: b: no secret key here opens it")
    assert (error["hints"], error["status"]) == ([], 4)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("name", ["a.eyaml", "a.yaml", "A.EYAML"])
def test_a_file_whose_values_nobody_finds_is_an_error_of_the_plan(tree: Tree, name: str, encoding: str) -> None:
    """As PowerShell writes them; `recrypt` said that nothing is due."""
    (tree.root / name).write_bytes(f"a: {value('x', ALICE)}\n".encode(encoding))
    [error] = tree.plan(Path()).errors
    assert error.sentence == f"{name}: is written in {encoding[:6].upper()}: its values cannot be seen"
