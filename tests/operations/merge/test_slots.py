"""Which values of three versions are the same one, and which of two messages counts."""

from base64 import b64encode

import pytest

from eyamlgpg.operations.merge.choice import choose
from eyamlgpg.operations.merge.held import Comparison, Held, held_in
from eyamlgpg.operations.merge.slots import slots_of
from tests.support.sealed import addressed, sealed

ALICE, BOB, CAROL = "A" * 16, "B" * 16, "C" * 16


class Opener:
    """Opens what Alice can read, and counts."""

    def __init__(self) -> None:
        self.opened: list[bytes] = []

    def open(self, message: bytes) -> bytes | None:
        self.opened.append(message)
        return message[-1:] if bytes.fromhex(ALICE) in message else None


def token(plaintext: str, number: int, *readers: str) -> str:
    message = addressed(sealed(plaintext.encode(), number), readers or (ALICE, BOB))
    return f"ENC[GPG,{b64encode(message).decode()}]"


def known(opener: Opener | None = None) -> Comparison:
    return Comparison(lambda: opener, b"k" * 32)


def held(*tokens: str) -> tuple[Held, ...]:
    return held_in("".join(f"- {one}\n" for one in tokens))


@pytest.mark.parametrize(
    ("base", "side", "expected"),
    [
        (("A1", "B1"), ("A1", "B1"), [0, 1]),
        (("A1", "B1"), ("X1", "A1", "B1"), [2, 0, 1]),
        (("A1", "B1"), ("X1", "A2", "B2"), [2, 0, 1]),
        (("A1", "B1"), ("X1", "A2"), [2, 0]),
        (("A1", "B1"), ("B2", "A2"), [1, 0]),
        (("A1", "A2"), ("A1",), [0]),
        (("A1", "B1"), ("X1", "B1"), [0, 1]),
        (("A1",), (), []),
    ],
)
def test_an_item_of_a_list_is_known_by_its_plaintext(
    base: tuple[str, ...], side: tuple[str, ...], expected: list[int]
) -> None:
    before, after = (held(*(token(name[0], int(name[1:])) for name in names)) for names in (base, side))
    assert list(slots_of(before, after, before, known(Opener())).ours) == expected


def test_where_nothing_opens_an_index_counts_only_in_a_list_of_the_same_length() -> None:
    """Else the one that is left of two would pass for the one that was removed."""
    before = held(token("A", 1, BOB), token("B", 1, BOB))
    shorter, changed = held(token("B", 2, BOB)), held(token("A", 1, BOB), token("C", 1, BOB))
    found = slots_of(before, shorter, changed, known(Opener()))
    assert (list(found.ours), list(found.theirs)) == ([2], [0, 1])


A, A2, B, C = "A 1", "A 2", "B 1", "C 1"
A_CLOSED, A2_CLOSED = "A 1 closed", "A 2 closed"


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "is_one"),
    [
        ({"a": A}, {"z": A}, {"a": A2}, True),
        ({"a": A}, {"z": A2}, {"a": A}, True),
        ({"a": A}, {"z": A}, {"a": B}, False),
        ({"a": A}, {"z": A2}, {"a": B}, False),
        ({"a": A}, {"a": B}, {"z": A}, False),
        ({"a": A_CLOSED}, {"z": A_CLOSED}, {"a": A2_CLOSED}, False),
        ({"x": {"a": A}}, {"z": {"a": A}}, {"x": {"a": B}}, False),
        ({"a": A}, {"x": {"a": A}}, {"a": B}, True),
        ({"x": {"a": A}}, {"a": A}, {"x": {"a": B}}, True),
        ({"a": [A]}, {"z": [A]}, {"a": [B]}, False),
        ({"a": [A]}, {"a": [C, A]}, {"a": [B]}, True),
    ],
)
def test_a_change_does_not_go_to_another_key_that_has_the_old_plaintext(
    base: object, ours: object, theirs: object, is_one: bool
) -> None:
    versions = [held_in(written(version)) for version in (base, ours, theirs)]
    slots = slots_of(versions[0], versions[1], versions[2], known(Opener())).slots
    assert (slots[0].ours is not None and slots[0].theirs is not None) == is_one


def written(version: object) -> str:
    """As YAML in flow style, each name a token."""
    match version:
        case dict():
            return "{" + ", ".join(f"{key}: {written(one)}" for key, one in version.items()) + "}"
        case list():
            return "[" + ", ".join(map(written, version)) + "]"
    plaintext, number, *closed = str(version).split()
    return f'"{token(plaintext, int(number), *([BOB] if closed else []))}"'


def test_in_a_mapping_nothing_is_opened_to_find_a_value() -> None:
    opener = Opener()
    versions = [held_in(f"a: {token('A', number)}\nb: {token('B', number)}\n") for number in (1, 2, 3)]
    slots_of(versions[0], versions[1], versions[2], known(opener))
    assert opener.opened == []


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ((1, ALICE, BOB), (2, ALICE, BOB), (1, ALICE, BOB), "ours"),
        ((1, ALICE, BOB), (1, ALICE, BOB), (2, ALICE, BOB), "theirs"),
        ((1, ALICE, BOB), (2, ALICE, BOB), (2, ALICE, BOB, CAROL), "theirs"),
        ((1, ALICE, BOB), (2, ALICE, BOB, CAROL), (3, ALICE, BOB), "ours"),
        ((1, ALICE, BOB), (2, ALICE, BOB, CAROL), (3, ALICE), "theirs"),
        ((1, ALICE, BOB), (2, ALICE), (3, ALICE, BOB, CAROL), "ours"),
        ((1, ALICE, BOB), (1, ALICE), (2, ALICE, BOB), "ours"),
        ((1, ALICE, BOB), (2, ALICE, BOB), (1, ALICE), "theirs"),
        ((1, ALICE, BOB), (1, ALICE, BOB, CAROL), (1, ALICE), "theirs"),
    ],
)
def test_of_one_plaintext_the_message_with_changed_readers_counts(
    base: tuple[int, str], ours: tuple[int, str], theirs: tuple[int, str], expected: str
) -> None:
    versions = [held(token("A", number, *readers)) for number, *readers in (base, ours, theirs)]
    comparison = known(Opener())
    [slot] = slots_of(versions[0], versions[1], versions[2], comparison).slots
    chosen = choose(slot, comparison)
    assert chosen.theirs is None
    assert chosen.held is {"ours": slot.ours, "theirs": slot.theirs}[expected]


def test_each_message_is_opened_once() -> None:
    opener = Opener()
    versions = [held(token("A", number), token("B", number)) for number in (1, 2, 3)]
    comparison = known(opener)
    for slot in slots_of(versions[0], versions[1], versions[2], comparison).slots:
        choose(slot, comparison)
    assert len(opener.opened) == len(set(opener.opened)) == 6


@pytest.mark.parametrize("readers", [(BOB,), (BOB, CAROL)])
def test_what_cannot_be_opened_is_never_guessed(readers: tuple[str, ...]) -> None:
    versions = [held(token("A", number, *readers)) for number in (1, 2, 3)]
    comparison = known(Opener())
    [slot] = slots_of(versions[0], versions[1], versions[2], comparison).slots
    chosen = choose(slot, comparison)
    assert (chosen.held, chosen.theirs, chosen.is_known) == (slot.ours, slot.theirs, False)
