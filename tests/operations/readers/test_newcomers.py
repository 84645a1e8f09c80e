"""Who can be added to a message as it stands."""

from dataclasses import replace

import pytest

from eyamlgpg.formats.openpgp import packets
from eyamlgpg.model.keys import HIDDEN_KEY_ID, Fingerprint, Key, Subkey
from eyamlgpg.operations.readers.newcomers import newcomers
from tests.support.keys import ALICE, BOB, CAROL, NOW
from tests.support.messages import message


def subkey(key: Key) -> Subkey:
    chosen = key.encryption_subkey(NOW)
    assert chosen is not None
    return chosen


A, B, C = (subkey(key) for key in (ALICE, BOB, CAROL))
READERS = (A, B, C)


def added(told: bytes, readers: tuple[Subkey, ...] = READERS) -> tuple[Subkey, ...]:
    return newcomers(packets.read(told), readers)


@pytest.mark.parametrize(("named", "expected"), [((A,), (B, C)), ((B,), (A, C)), ((C, A), (B,))])
def test_those_who_are_lacking_are_added_in_the_order_of_the_list(
    named: tuple[Subkey, ...], expected: tuple[Subkey, ...]
) -> None:
    assert added(message(*(one.key_id for one in named))) == expected


@pytest.mark.parametrize(
    "told",
    [
        message(A.key_id, B.key_id, C.key_id),
        message(A.key_id, "0123456789ABCDEF"),
        message(A.key_id, HIDDEN_KEY_ID),
        message(A.key_id, A.key_id),
        message(A.key_id, passphrase=True),
        message(passphrase=True),
        message(A.key_id, protected=False),
    ],
    ids=["nobody lacking", "somebody else", "hidden", "twice", "a passphrase too", "a passphrase", "no integrity"],
)
def test_whatever_else_is_wrong_means_a_new_message(told: bytes) -> None:
    assert added(told) == ()


def test_readers_whose_key_ids_are_alike_mean_a_new_message() -> None:
    """Nobody could tell which of them the message is for already."""
    twin = replace(A, fingerprint=Fingerprint("F" * 24 + A.key_id))
    assert twin.key_id == A.key_id
    assert added(message(A.key_id), (A, twin, B)) == ()
