"""How the readers of a tree differ between two moments."""

from eyamlgpg.model.audit import AccessChange, Change
from eyamlgpg.operations.audit.difference import difference
from tests.support.audits import STRANGER, Scene
from tests.support.keys import ALICE, BOB, CAROL, RING
from tests.support.trees import value

A, B, C = (one.fingerprint for one in (ALICE, BOB, CAROL))


def scene(**keys: list[object]) -> Scene:
    return Scene({"a.eyaml": "".join(f"{key}: {value('x', *who)}\n" for key, who in keys.items())}, RING)  # type: ignore[arg-type]


def test_values_that_are_new_gone_or_read_by_others_and_who_came_and_went() -> None:
    before = scene(same=[ALICE], gone=[ALICE, STRANGER], other=[ALICE, BOB]).audit()
    after = scene(new=[ALICE], same=[ALICE], other=[CAROL, ALICE]).audit()
    made = difference(before, after)
    assert made.changes == (
        AccessChange("a.eyaml", "gone", Change.REMOVED, (), (A, STRANGER)),
        AccessChange("a.eyaml", "new", Change.ADDED, (A,), ()),
        AccessChange("a.eyaml", "other", Change.READERS, (C,), (B,)),
    )
    assert [party.id for party in made.joined] == [C]
    assert [party.id for party in made.left] == [B, STRANGER]
    assert {party.id for party in made.parties} == {A, B, C, STRANGER}


def test_a_value_encrypted_anew_to_the_same_people_or_on_another_line_has_not_changed() -> None:
    before = scene(a=[ALICE, BOB], b=[ALICE]).audit()
    after = Scene({"a.eyaml": f"---\nb: {value('y', ALICE)}\na: {value('z', BOB, ALICE)}\n"}, RING).audit()
    assert difference(before, after).changes == ()


def test_changes_that_are_alike_stand_together_those_of_readers_first() -> None:
    before = scene(a=[ALICE], b=[ALICE], c=[ALICE, BOB], d=[ALICE]).audit()
    after = scene(a=[ALICE, BOB], b=[ALICE, BOB], c=[ALICE], e=[ALICE], f=[ALICE]).audit()
    assert [[change.key for change in group] for group in difference(before, after).alike] == [
        ["a", "b"],
        ["c"],
        ["e", "f"],
        ["d"],
    ]
