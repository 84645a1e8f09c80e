"""Who can read each value of a tree, who should, and who they are."""

from dataclasses import replace
from datetime import date

import pytest

from eyamlgpg.model.audit import Kind, Source
from eyamlgpg.model.keys import HIDDEN_KEY_ID
from tests.support.audits import STRANGER, Scene, governed, roster
from tests.support.keys import ALICE, BOB, CAROL, MALICE, RING, key
from tests.support.trees import value

MASTER = key("prod <prod@example.com>")


def test_values_have_their_readers_by_kind_and_name_and_those_who_should_read() -> None:
    text = f"---\none: {value('x', BOB, ALICE)}\ntwo:\n  - {value('y', HIDDEN_KEY_ID, STRANGER, CAROL)}\n"
    made = Scene({"d/a.eyaml": text, **governed("d", ALICE, CAROL)}, RING).audit()
    one, two = made.values
    assert (one.path, one.line, one.key) == ("d/a.eyaml", 2, "one")
    assert (one.readers, one.wanted) == (
        (ALICE.fingerprint, BOB.fingerprint),
        (ALICE.fingerprint, CAROL.fingerprint),
    )
    assert (one.unexpected, one.missing) == ((BOB.fingerprint,), (CAROL.fingerprint,))
    assert (two.key, two.readers) == ("two.0", (CAROL.fingerprint, STRANGER, HIDDEN_KEY_ID))
    assert two.missing == ()
    assert [(party.id, party.kind) for party in made.parties] == [
        (ALICE.fingerprint, Kind.PERSON),
        (BOB.fingerprint, Kind.PERSON),
        (CAROL.fingerprint, Kind.PERSON),
        (STRANGER, Kind.UNKNOWN),
        (HIDDEN_KEY_ID, Kind.HIDDEN),
    ]


@pytest.mark.parametrize("declared", [True, False])
def test_puppetmasters_are_those_of_the_policy_else_those_called_so(declared: bool) -> None:
    called = key("puppetmaster-x <x@example.com>")
    files = {"a.eyaml": f"a: {value('x', ALICE, MASTER, called)}\n"}
    made = Scene(files, (*RING, MASTER, called), roster=roster({}, [MASTER] if declared else [])).audit()
    found = {party.id for party in made.parties if party.kind is Kind.MASTER}
    assert found == {MASTER.fingerprint if declared else called.fingerprint}


def test_roles_and_the_last_day_are_those_of_the_people_file() -> None:
    files = {"a.eyaml": f"a: {value('x', ALICE, BOB)}\n"}
    made = Scene(files, RING, roster=roster({ALICE: (("ops", "dba"), date(2027, 1, 31))})).audit()
    assert [(party.roles, party.until) for party in made.parties] == [(("ops", "dba"), date(2027, 1, 31)), ((), None)]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("alice@example.com", (ALICE,)),
        ("carol@example.com", (CAROL,)),  # known from the repository alone
        ("nobody@example.com", None),
        ("example.com", None),
        ("", None),
    ],
)
def test_whom_a_list_names_by_the_keyring_then_by_the_repository(line: str, wanted: tuple[object, ...] | None) -> None:
    files = {"a.eyaml": f"a: {value('x', ALICE)}\n", "hiera-eyaml-gpg.recipients": f"{line}\n"}
    [one] = Scene(files, (ALICE, BOB), stored=(CAROL,)).audit().values
    assert one.wanted == (None if wanted is None else tuple(one.fingerprint for one in wanted))  # type: ignore[attr-defined]


def test_a_name_planted_in_the_repository_makes_no_line_doubtful() -> None:
    planted = key("Alice Anders (ops) <alice@example.com>", subkeys=MALICE.subkeys, primary=MALICE.primary)
    files = {"a.eyaml": f"a: {value('x', ALICE)}\n", "hiera-eyaml-gpg.recipients": "alice@example.com\n"}
    [one] = Scene(files, (ALICE,), stored=(planted,)).audit().values
    assert one.wanted == (ALICE.fingerprint,)


def test_where_a_key_is_known_from_is_told() -> None:
    made = Scene({"a.eyaml": f"a: {value('x', ALICE, BOB)}\n"}, (ALICE,), stored=(BOB,)).audit()
    assert [party.source for party in made.parties] == [Source.KEYRING, Source.REPOSITORY]


def test_files_are_chosen_as_everywhere_and_each_counts_once() -> None:
    token = value("x", ALICE)
    files = {
        "a.eyaml": f"a: {token}\n",
        "b.yaml": f"b: {token}\n",
        "c.yml": "c: clear\n",
        "d.txt": f"d: {token}\n",
        ".eyamlgpg/e.eyaml": f"e: {token}\n",
    }
    scene = Scene(files, RING, links={"link.eyaml": "b.yaml", "out.eyaml": "/etc/x", "out.txt": "/etc/x"})
    made = scene.audit()
    assert [one.key for one in made.values] == ["a", "b"]
    assert made.warnings == ("out.eyaml: leads out of the tree, or nowhere, and is left out",)
    assert [one.key for one in scene.audit("d.txt").values] == ["d"]


def test_several_values_of_one_key_and_those_of_no_key_are_told_apart() -> None:
    token = value("x", ALICE)
    made = Scene({"a.eyaml": f"a: {token} {token}\n# {token}\n"}, RING).audit()
    assert [(one.key, one.number) for one in made.values] == [("a", 0), ("a", 1), (None, 0)]


def test_what_cannot_be_told_is_counted_or_an_error_and_hides_nothing() -> None:
    text = f"a: {value('x', ALICE)}\nb: ENC[PKCS7,MIIBeQYJKoZIhvcNAQcDoIIBajCC]\nc: ENC[GPG,aGVsbG8=]\n"
    made = Scene({"a.eyaml": text}, RING).audit()
    assert ([one.key for one in made.values], made.left_alone, made.files) == (["a"], 1, 1)
    assert ["a.eyaml:3: c" in error.sentence for error in made.errors] == [True]


def test_ones_own_share_is_of_all_ones_keys() -> None:
    files = {"a.eyaml": "".join(f"{n}: {value('x', *who)}\n" for n, who in enumerate([[ALICE], [BOB], [CAROL]]))}
    scene = Scene(files, RING, own=frozenset({ALICE.fingerprint, CAROL.fingerprint, MALICE.fingerprint}))
    made = scene.audit()
    assert ([party.id for party in made.share.parties], made.share.values) == (
        [ALICE.fingerprint, CAROL.fingerprint],
        2,
    )
    assert replace(scene, own=frozenset()).audit().share.values == 0


def test_values_of_the_same_readers_share_one_list_of_them() -> None:
    """A hundred thousand values have a few sets of readers; what each value keeps does not grow with its readers."""
    lines = "".join(f"k{number}: {value(str(number), ALICE, BOB)}\n" for number in range(5))
    made = Scene({"d/a.eyaml": lines, "d/b.eyaml": lines, **governed("d", BOB, ALICE)}, RING).audit()
    assert len(made.values) == 10
    assert len({id(one.readers) for one in made.values}) == 1
    assert len({id(one.wanted) for one in made.values}) == 1
