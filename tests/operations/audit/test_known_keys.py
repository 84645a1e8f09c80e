"""Whose a key ID is: the keyring first, then the repository; nobody who may push can rename a known key."""

from dataclasses import replace

import pytest

from eyamlgpg.model.audit import Source
from eyamlgpg.model.keys import Key, KeyId
from eyamlgpg.operations.audit.known_keys import KnownKeys, repository_keys, together
from tests.support.fakes import FakeTree
from tests.support.keys import ALICE, BOB, CAROL, MALICE, key, subkey
from tests.support.trees import key_id

STRANGER = KeyId("0123456789ABCDEF")


def test_the_first_place_that_knows_a_key_id_names_it() -> None:
    known = KnownKeys((Source.KEYRING, lambda: [ALICE]), (Source.FORMER, lambda: [ALICE, BOB]))
    assert known.owners(key_id(ALICE)) == ((ALICE, Source.KEYRING),)
    assert known.owners(key_id(BOB)) == ((BOB, Source.FORMER),)
    assert known.owners(STRANGER) == ()


def test_a_later_place_is_not_asked_while_an_earlier_one_knows() -> None:
    asked = []

    def history() -> list[Key]:
        asked.append(1)
        return []

    known = KnownKeys((Source.KEYRING, lambda: [ALICE]), (Source.HISTORY, history))
    known.owners(key_id(ALICE))
    assert asked == []
    known.owners(STRANGER)
    known.owners(key_id(BOB))
    assert asked == [1]


def test_a_planted_key_that_carries_somebodys_subkey_takes_no_name_away() -> None:
    planted = replace(MALICE, subkeys=(*MALICE.subkeys, *ALICE.subkeys))
    known = KnownKeys((Source.KEYRING, lambda: [ALICE]), (Source.REPOSITORY, lambda: [planted]))
    assert known.owners(key_id(ALICE)) == ((ALICE, Source.KEYRING),)


def test_a_subkey_that_only_a_copy_has_is_of_the_key_as_the_keyring_names_it() -> None:
    older = replace(ALICE, subkeys=(subkey("older"),), user_ids=())
    known = KnownKeys((Source.KEYRING, lambda: [ALICE]), (Source.HISTORY, lambda: [older]))
    assert known.owners(older.subkeys[0].key_id) == ((ALICE, Source.KEYRING),)


def test_all_owners_of_a_key_id_that_collides_are_told() -> None:
    twin = key("Twin <twin@example.com>", subkeys=ALICE.subkeys)
    known = KnownKeys((Source.KEYRING, lambda: [ALICE, twin, CAROL]))
    assert known.owners(key_id(ALICE)) == ((ALICE, Source.KEYRING), (twin, Source.KEYRING))


@pytest.mark.parametrize("content", ["", "no key", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n", "x" * 2_000_000])
def test_what_is_no_key_is_passed_over(content: str) -> None:
    tree = FakeTree({".eyamlgpg/keys/A.asc": content, ".eyamlgpg/keys/notes.txt": "x"})
    assert repository_keys(tree) == []


def test_copies_of_a_key_are_one_with_all_subkeys() -> None:
    newer = replace(ALICE, subkeys=(subkey("newer"),))
    [made] = together([ALICE, newer])
    assert made.subkeys == (*ALICE.subkeys, *newer.subkeys)
