"""Who can read a message against who should, from key IDs alone."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyamlgpg.model.access import (
    AccessDrift,
    Audience,
    HiddenReader,
    KeyIndex,
    Reader,
    UnknownReader,
    readers,
)
from eyamlgpg.model.keys import HIDDEN_KEY_ID, Key, KeyId, Subkey, Validity
from eyamlgpg.model.recipients import Resolved
from eyamlgpg.model.resolve import usable
from tests.support.keys import ALICE, BOB, CAROL, LAST_YEAR, LONG_AGO, RING, key, named, resolve_all, subkey

OLD = subkey("grace old", created=LONG_AGO)
NEW = subkey("grace new", created=LAST_YEAR)
EXPIRED = subkey("grace expired", validity=Validity.EXPIRED, expires=LAST_YEAR)
REVOKED = subkey("grace revoked", validity=Validity.REVOKED)
GRACE = key(
    "Grace Green <grace@example.com>",
    primary=subkey("grace", "esc"),
    subkeys=(OLD, NEW, EXPIRED, REVOKED),
)
KEYS = (*RING, GRACE)
INDEX = KeyIndex(KEYS)
A, B, C = (person.subkeys[0].key_id for person in (ALICE, BOB, CAROL))
STRANGER = KeyId("0123456789ABCDEF")


def wanted(*names: str) -> tuple[Resolved, ...]:
    return usable(resolve_all([named(name) for name in names], KEYS))


def drift(key_ids: list[KeyId], *names: str) -> AccessDrift:
    return Audience(wanted(*names), INDEX).drift(key_ids)


def test_a_message_to_exactly_the_wanted_subkeys_is_clean() -> None:
    assert drift([B, A], "alice@example.com", "bob@example.com") == AccessDrift()
    assert AccessDrift().is_clean


PEOPLE = [f"{person.fingerprint}" for person in KEYS]
EXACT = [f"{part.fingerprint}!" for part in (OLD, NEW, GRACE.primary, ALICE.subkeys[0])]


@given(st.lists(st.sampled_from(PEOPLE + EXACT)), st.randoms())
def test_a_message_to_exactly_the_wanted_subkeys_is_always_clean(names: list[str], shuffle: Random) -> None:
    people = wanted(*names)
    key_ids = list({person.subkey.key_id for person in people})
    shuffle.shuffle(key_ids)
    assert Audience(people, INDEX).drift(key_ids) == AccessDrift()


@given(st.sets(st.sampled_from(PEOPLE)), st.sets(st.sampled_from([A, B, C, STRANGER, HIDDEN_KEY_ID])))
def test_a_message_that_differs_in_one_key_id_is_never_clean(names: set[str], others: set[KeyId]) -> None:
    people = wanted(*names)
    exact = {person.subkey.key_id for person in people}
    assert Audience(people, INDEX).drift(sorted(exact ^ others)).is_clean is not bool(others)


def test_a_wanted_person_whom_the_message_does_not_name_is_missing() -> None:
    bob = wanted("alice@example.com", "bob@example.com")[1]
    assert drift([A], "alice@example.com", "bob@example.com") == AccessDrift(missing=(bob,))


def test_a_person_on_the_keyring_who_is_not_wanted_is_unexpected() -> None:
    assert drift([A, C], "alice@example.com") == AccessDrift(unexpected=(Reader(CAROL, CAROL.subkeys[0]),))


def test_a_key_id_that_is_not_on_the_keyring_is_unknown() -> None:
    assert drift([A, STRANGER], "alice@example.com") == AccessDrift(unknown=(STRANGER,))


def test_a_hidden_reader_is_drift_of_its_own() -> None:
    [alice] = wanted("alice@example.com")
    assert drift([A, HIDDEN_KEY_ID], "alice@example.com") == AccessDrift(hidden=True)
    assert drift([HIDDEN_KEY_ID], "alice@example.com") == AccessDrift(missing=(alice,), hidden=True)


@pytest.mark.parametrize("part", [OLD, EXPIRED, GRACE.primary])
def test_a_wanted_person_named_only_by_another_subkey_is_stale(part: Subkey) -> None:
    assert drift([part.key_id], "grace@example.com") == AccessDrift(stale=(Reader(GRACE, part),))


@pytest.mark.parametrize("part", [OLD, EXPIRED, GRACE.primary])
def test_another_subkey_beside_the_newest_is_in_line(part: Subkey) -> None:
    assert drift([part.key_id, NEW.key_id], "grace@example.com") == AccessDrift()


def test_a_revoked_subkey_is_unexpected_even_of_a_wanted_person() -> None:
    [grace] = wanted("grace@example.com")
    revoked = (Reader(GRACE, REVOKED),)
    assert drift([NEW.key_id, REVOKED.key_id], "grace@example.com") == AccessDrift(unexpected=revoked)
    assert drift([REVOKED.key_id], "grace@example.com") == AccessDrift(missing=(grace,), unexpected=revoked)
    assert drift([A, REVOKED.key_id], "alice@example.com") == AccessDrift(unexpected=revoked)


def test_a_recipient_with_an_exclamation_mark_wants_exactly_that_subkey() -> None:
    exact = f"{OLD.fingerprint}!"
    assert drift([OLD.key_id], exact) == AccessDrift()
    assert drift([NEW.key_id], exact) == AccessDrift(stale=(Reader(GRACE, NEW),))
    assert drift([OLD.key_id, NEW.key_id], exact) == AccessDrift(unexpected=(Reader(GRACE, NEW),))


def test_the_primary_key_may_come_along_with_an_exact_subkey() -> None:
    """Sequoia encrypts to it, too, since no copy of a certificate is without its primary key."""
    assert drift([OLD.key_id, GRACE.primary.key_id], f"{OLD.fingerprint}!") == AccessDrift()


def test_of_two_exact_subkeys_each_is_wanted() -> None:
    both = (f"{OLD.fingerprint}!", f"{NEW.fingerprint}!")
    assert drift([OLD.key_id, NEW.key_id], *both) == AccessDrift()
    assert drift([OLD.key_id], *both) == AccessDrift(missing=(wanted(*both)[1],))


def test_a_person_wanted_both_by_address_and_by_an_older_subkey_is_served_by_both() -> None:
    both = ("grace@example.com", f"{OLD.fingerprint}!")
    assert drift([OLD.key_id, NEW.key_id, EXPIRED.key_id], *both) == AccessDrift()


def test_all_kinds_of_drift_are_told_together_and_in_a_fixed_order() -> None:
    bob = wanted("bob@example.com")
    key_ids = [HIDDEN_KEY_ID, STRANGER, KeyId("0" * 15 + "1"), OLD.key_id, A, C]
    expected = AccessDrift(
        missing=bob,
        unexpected=tuple(
            sorted(
                (Reader(person, person.subkeys[0]) for person in (ALICE, CAROL)),
                key=lambda reader: reader.subkey.key_id,
            )
        ),
        stale=(Reader(GRACE, OLD),),
        unknown=(KeyId("0" * 15 + "1"), STRANGER),
        hidden=True,
    )
    assert drift(key_ids, "bob@example.com", "grace@example.com") == expected
    assert drift(key_ids[::-1], "bob@example.com", "grace@example.com") == expected


def test_where_nobody_is_wanted_everybody_named_is_unexpected() -> None:
    assert drift([A]) == AccessDrift(unexpected=(Reader(ALICE, ALICE.subkeys[0]),))


def colliding() -> tuple[Key, Key]:
    other = subkey("mallory")
    mallory = key("Mallory <mallory@example.net>", subkeys=(replace(other, key_id=A),))
    return mallory, ALICE


def test_where_key_ids_collide_the_wanted_owner_is_meant() -> None:
    index = KeyIndex(colliding())
    assert Audience(wanted("alice@example.com"), index).drift([A]) == AccessDrift()


def test_where_key_ids_of_strangers_collide_all_of_them_are_unexpected() -> None:
    mallory, alice = colliding()
    expected = (Reader(mallory, mallory.subkeys[0]), Reader(alice, alice.subkeys[0]))
    found = Audience(wanted("bob@example.com"), KeyIndex([mallory, alice])).drift([A, B])
    assert found == AccessDrift(unexpected=expected)
    assert readers([A], KeyIndex([mallory, alice])) == expected


def test_readers_names_everybody_known_or_not_in_the_order_of_the_message() -> None:
    assert readers([C, HIDDEN_KEY_ID, STRANGER, ALICE.primary.key_id], INDEX) == (
        Reader(CAROL, CAROL.subkeys[0]),
        HiddenReader(),
        UnknownReader(STRANGER),
        Reader(ALICE, ALICE.primary),
    )


def test_an_audience_judges_each_set_of_key_ids_once() -> None:
    """In a tree of 10,000 values nearly all name the same people."""
    audience = Audience(wanted("alice@example.com"), INDEX)
    first = audience.drift([A, C])
    assert audience.drift((C, A)) is first
    assert audience.drift([A]) is not first


@pytest.mark.parametrize("stranger", [A, B])
def test_a_key_id_that_stands_twice_is_drift(stranger: KeyId) -> None:
    """Nothing in a message proves a key ID: Mallory's session key may call itself Alice's."""
    found = drift([A, B, stranger], "alice@example.com", "bob@example.com")
    assert found == AccessDrift(repeated=(stranger,))
    assert not found.is_clean


def test_recipients_may_be_hidden_several_times() -> None:
    assert drift([HIDDEN_KEY_ID, HIDDEN_KEY_ID, A], "alice@example.com") == AccessDrift(hidden=True)
