"""Who can read each value, how that differs from who should, and which values were asked for."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from eyamlgpg.errors import DamagedMessage, RecipientError
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.model.access import HiddenReader, Reader, UnknownReader
from eyamlgpg.model.keys import Key, KeyId
from eyamlgpg.operations.readers.access import AccessReport, AccessRequest, ValueAccess
from eyamlgpg.operations.readers.key_ids import key_ids_of
from eyamlgpg.operations.readers.who import report_access
from eyamlgpg.operations.tree.selection import select_files
from eyamlgpg.trees.around import Trees
from eyamlgpg.trees.files import TreeFiles
from tests.support.fakes import FakeKeyring
from tests.support.keys import ALICE, BOB, CAROL, MALICE, RING, key, subkey
from tests.support.trees import Tree, key_id, value

STRANGER = KeyId("0123456789ABCDEF")
EVERYTHING = AccessRequest()


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A tree for Alice and Bob, and a folder in it for Alice and Carol."""
    made = Tree(tmp_path)
    made.governs(".", ALICE, BOB)
    made.governs("production", ALICE, CAROL)
    return made


def report(tree: Tree, request: AccessRequest = EVERYTHING) -> AccessReport:
    files = TreeFiles()
    selection = select_files([tree.root], Trees({}), files)
    return report_access(
        selection, request, tree.governance(), files, lambda: Trees({}).named(tree.root, RECIPIENTS_FILE)
    )


def values(tree: Tree, request: AccessRequest = EVERYTHING) -> list[ValueAccess]:
    return [one for file in report(tree, request).files for one in file.values]


def paths(found: Sequence[ValueAccess]) -> list[str]:
    return [str(one.path) for one in found]


def reader(of: Key) -> Reader:
    return Reader(of, of.subkeys[0])


def test_a_value_in_line_has_its_readers_and_no_drift(tree: Tree) -> None:
    tree.write("a.eyaml", f"---\nprofile::db:\n  password: {value('x', BOB, ALICE)}\n")
    [one] = values(tree)
    assert (one.line, str(one.path), one.readers) == (3, "profile::db.password", (reader(BOB), reader(ALICE)))
    assert (one.is_in_line, one.copied_from) == (True, ())


def test_unknown_and_hidden_readers_are_shown_as_such(tree: Tree) -> None:
    tree.write("a.eyaml", f"a: {value('x', ALICE, STRANGER, '0' * 16)}\n")
    [one] = values(tree)
    assert one.readers == (reader(ALICE), UnknownReader(STRANGER), HiddenReader())
    assert one.drift
    assert (one.drift.unknown, one.drift.hidden) == ((STRANGER,), True)
    assert [missing.key for missing in one.drift.missing] == [BOB]


def test_counts_are_of_all_values_whether_in_line_or_not(tree: Tree) -> None:
    pkcs7 = "ENC[PKCS7,MIIBeQYJKoZIhvcNAQcDoIIBajCC]"
    tree.write("a.eyaml", f"a: {value('x', ALICE, BOB)}\nb: {value('y', ALICE)}\nc: {pkcs7}\n")
    made = report(tree, AccessRequest(only_drift=True))
    assert (made.looked_at, made.in_line, made.drifted, made.unjudged, made.left_alone) == (1, 1, 1, 0, 1)
    assert [paths(file.values) for file in made.files] == [["b"]]


def test_what_another_method_keeps_at_a_key_is_no_empty_answer(tree: Tree) -> None:
    tree.write("a.eyaml", f"a: {value('x', ALICE, BOB)}\nc: ENC[PKCS7,MIIBeQYJKoZIhvcNAQcDoIIBajCC]\n")
    made = report(tree, AccessRequest(key=KeyPath.parse("c")))
    assert (made.in_line, made.left_alone, made.files, made.unmatched) == (0, 1, (), None)
    assert report(tree, AccessRequest(key=KeyPath.parse("a"))).left_alone == 0
    assert report(tree, AccessRequest(key=KeyPath.parse("d"))).unmatched is not None


def test_a_value_for_the_readers_of_another_folder_was_copied_from_there(tree: Tree) -> None:
    tree.write("a.eyaml", f"copied: {value('x', ALICE, CAROL)}\nleaked: {value('y', ALICE, BOB, MALICE)}\n")
    assert [one.copied_from for one in values(tree)] == [(tree.root / "production" / RECIPIENTS_FILE,), ()]


def test_a_person_has_the_values_that_they_can_read_or_should(tree: Tree) -> None:
    tree.write("a.eyaml", f"can: {value('x', ALICE, BOB)}\nshould: {value('y', ALICE)}\n")
    tree.write("production/b.eyaml", f"not: {value('z', ALICE, CAROL)}\nhidden: {value('z', ALICE, '0' * 16)}\n")
    bob = key_ids_of("bob@example.com", FakeKeyring(RING))
    assert paths(values(tree, AccessRequest(person=bob))) == ["can", "should", "hidden"]
    assert paths(values(tree, AccessRequest(person=bob, only_drift=True))) == ["should", "hidden"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("db", ["db.users.0", "db.users.1", "db.0"]),
        ("db.users", ["db.users.0", "db.users.1"]),
        ("db.users.1", ["db.users.1"]),
        ("db.0", ["db.0"]),
        ("db.'0'", ["db.0"]),
        ("db.users.'1'", []),
        ("d", []),
    ],
)
def test_a_key_means_what_stands_at_it_and_inside(tree: Tree, asked: str, expected: list[str]) -> None:
    token = value("x", ALICE, BOB)
    tree.write("a.eyaml", f"db:\n  users:\n    - {token}\n    - {token}\n  '0': {token}\nother: {token}\n# {token}\n")
    found = values(tree, AccessRequest(key=KeyPath.parse(asked)))
    assert [path.replace("'", "") for path in paths(found)] == expected


def test_a_recipients_file_with_an_error_hides_no_reader(tree: Tree) -> None:
    bad = tree.governs("production", "nobody@example.com")
    tree.write("production/b.eyaml", f"a: {value('x', ALICE)}\nb: {value('y', BOB)}\n")
    made = report(tree)
    assert [one.readers for one in made.files[0].values] == [(reader(ALICE),), (reader(BOB),)]
    assert (made.unjudged, made.drifted, made.errors) == (2, 0, ())
    [error] = made.policy_errors
    assert error.sentence == f"{bad}:1: nobody@example.com: no such key on the keyring"
    assert report(tree, AccessRequest(only_drift=True)).files == ()


def test_a_damaged_message_is_an_error_with_its_place(tree: Tree) -> None:
    path = tree.write("a.eyaml", "a: ENC[GPG,aGVsbG8=]\n")
    [error] = report(tree).errors
    assert isinstance(error, DamagedMessage)
    assert error.sentence.startswith(f"{path}:1: a: not a whole OpenPGP message")


def test_a_person_is_every_key_of_their_address(tree: Tree) -> None:
    new_bob = key("Bob Brown <bob@example.com>", primary=subkey("a new one"), subkeys=CAROL.subkeys)
    both = key_ids_of("bob@example.com", FakeKeyring((BOB, new_bob)))
    assert {key_id(BOB), key_id(CAROL)} <= both


def test_a_key_id_that_nobody_here_has_is_a_person_all_the_same(tree: Tree) -> None:
    tree.write("a.eyaml", f"a: {value('x', ALICE, STRANGER)}\nb: {value('y', ALICE, BOB)}\n")
    stranger = key_ids_of(f"0x{STRANGER.lower()}", FakeKeyring(RING))
    assert paths(values(tree, AccessRequest(person=stranger))) == ["a"]
    assert key_ids_of("F" * 24 + STRANGER, FakeKeyring(RING)) == stranger


@pytest.mark.parametrize("name", ["nobody@example.com", "01234567", "an@example.com", ""])
def test_a_name_that_means_nobody_is_an_error(name: str) -> None:
    with pytest.raises(RecipientError, match="no such key"):
        key_ids_of(name, FakeKeyring(RING))


def test_a_part_of_several_names_is_nobody(tree: Tree) -> None:
    twins = (key("Al Smith <al@example.com>"), key("Al Jones <aj@example.com>"))
    with pytest.raises(RecipientError, match="Al: is a part of the names of 2 keys"):
        key_ids_of("Al", FakeKeyring(twins))
