"""`who` on a terminal: values with the same readers are one row, as wide as the terminal."""

from pathlib import Path

import pytest

from eyamlgpg.model.keys import KeyId
from eyamlgpg.operations.readers.access import AccessReport, AccessRequest
from eyamlgpg.operations.readers.who import report_access
from eyamlgpg.operations.tree.selection import select_files
from eyamlgpg.render.reader_sets import access_by_readers
from eyamlgpg.render.tables import Paper
from eyamlgpg.trees.around import Trees
from eyamlgpg.trees.files import TreeFiles
from tests.support.keys import ALICE, BOB, CAROL, MALICE, key
from tests.support.trees import Tree, value

STRANGER = KeyId("0123456789ABCDEF")
MASTER = key("Puppetmaster Prod <puppetmaster-prod@example.com>")
TWIN = key("Bob Brown <other@example.com>")
NAMES = {STRANGER: "Eve Evans <eve@example.com>, in .eyamlgpg/keys/former"}


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    monkeypatch.chdir(tmp_path)
    made = Tree(tmp_path, ring=(ALICE, BOB, CAROL, MALICE, MASTER, TWIN))
    made.governs(".", ALICE, BOB, MASTER)
    return made


def report(tree: Tree) -> AccessReport:
    files = TreeFiles()
    return report_access(select_files([Path()], Trees({}), files), AccessRequest(), tree.governance(), files)


def several(tree: Tree) -> AccessReport:
    for number in range(4):
        one, two = value("x", MASTER, BOB, ALICE), value("x", BOB, ALICE, MASTER)
        tree.write(f"nodes/web{number}.eyaml", f"a: {one}\nb: {two}\n")
    tree.write("a.eyaml", f"a: {value('x', ALICE, CAROL)}\nb: {value('x', ALICE, STRANGER, '0' * 16)}\n")
    return report(tree)


def test_values_with_the_same_readers_are_one_row_whatever_their_order(tree: Tree) -> None:
    assert access_by_readers(several(tree), Paper(80), NAMES) == (
        "values  readers                                                 where\n"
        "     8  Alice Anders, Bob Brown, Puppetmaster Prod              4 files in nodes\n"
        "     1  Alice Anders, Carol Chen                                a.eyaml\n"
        "                                                                1 not in line\n"
        "     1  Alice Anders, the unknown key 0123456789ABCDEF (Eve     a.eyaml\n"
        "        Evans <eve@example.com>, in .eyamlgpg/keys/former), a   1 not in line\n"
        "        hidden recipient\n"
        "10 values in 5 files: 8 in line, 2 not in line\n"
    )


def test_on_a_narrow_terminal_a_row_is_a_paragraph(tree: Tree) -> None:
    assert access_by_readers(several(tree), Paper(44), {}) == (
        "8 values: Alice Anders, Bob Brown,\n"
        "Puppetmaster Prod\n"
        "  4 files in nodes\n"
        "1 value: Alice Anders, Carol Chen\n"
        "  a.eyaml\n"
        "  1 not in line\n"
        "1 value: Alice Anders, the unknown key\n"
        "0123456789ABCDEF, a hidden recipient\n"
        "  a.eyaml\n"
        "  1 not in line\n"
        "10 values in 5 files: 8 in line, 2 not in line\n"
    )


@pytest.mark.parametrize("width", [20, 40, 59, 60, 80, 200])
def test_no_row_is_wider_than_the_terminal(tree: Tree, width: int) -> None:
    told = access_by_readers(several(tree), Paper(width), NAMES)
    assert max(map(len, told.splitlines()[:-1])) <= width


def test_two_people_of_one_name_are_told_apart(tree: Tree) -> None:
    tree.write("a.eyaml", f"a: {value('x', BOB)}\nb: {value('x', TWIN)}\n")
    told = access_by_readers(report(tree), Paper(120), {})
    assert "Bob Brown <bob@example.com>" in told
    assert "Bob Brown <other@example.com>" in told


def test_colours_only_where_somebody_wants_them_and_no_control_character_of_a_stranger(tree: Tree) -> None:
    odd = key("\x1b[2J[red]Odd[/red] <odd@example.com>")
    tree.ring = (*tree.ring, odd)
    tree.write("[b]a\x1b.eyaml", f"a: {value('x', odd)}\n")
    plain = access_by_readers(report(tree), Paper(120), {})
    assert "\x1b" not in plain
    assert "\\x1b[2J[red]Odd[/red]" in plain
    assert "[b]a\\x1b.eyaml" in plain
    assert "\x1b[31m" in access_by_readers(report(tree), Paper(120, coloured=True), {})


def test_a_tree_without_values_is_one_sentence(tree: Tree) -> None:
    assert access_by_readers(report(tree), Paper(80), {}) == "0 values in 0 files: 0 in line\n"
