"""gpg's colon listings, as doc/DETAILS has them, to keys."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyamlgpg.formats.gnupg import colons
from eyamlgpg.model.keys import OwnerTrust, Validity

LISTING = rb"""tru::1:1700000000:0:3:1:5
pub:u:3072:1:A006732DF5CE8A4F:1672531200:::u:::scESC:::+:::23::0:
fpr:::::::::51F4BC395EEF5EFE3C19D9ECA006732DF5CE8A4F:
uid:u::::1672531200::HASH::Alice \x3a Anders <alice@example.com>::::::::::0:
uid:r::::1672531200::HASH::Old <old@example.com>::::::::::0:
sub:u:3072:1:8FC7765C20C5FBC6:1672531200:1988064000:::::e:::+:::23:
fpr:::::::::0000000000000000000000008FC7765C20C5FBC6:
pub:f:255:22:0D0F98448A0C6A33:20230101T000000:::-:::scESCD::::::23::0:
fpr:::::::::073E93CD53687E2982B1EB370D0F98448A0C6A33:
uid:f::::1672531200::HASH::Bob::::::::::0:
sub:e:255:18:AA0DF34315503DEE:1672531200:1672617600:::::e:::::cv25519::
fpr:::::::::000000000000000000000000AA0DF34315503DEE:
"""


def test_a_listing_becomes_keys_in_its_order() -> None:
    alice, bob = colons.parse(LISTING)
    assert alice.fingerprint == "51F4BC395EEF5EFE3C19D9ECA006732DF5CE8A4F"
    assert bob.fingerprint == "073E93CD53687E2982B1EB370D0F98448A0C6A33"


def test_a_primary_key_has_its_own_capabilities_not_those_of_the_whole() -> None:
    alice, bob = colons.parse(LISTING)
    assert alice.primary.capabilities == {"s", "c"}
    assert (alice.primary.algorithm, alice.ownertrust, alice.validity) == (
        "rsa3072",
        OwnerTrust.ULTIMATE,
        Validity.ULTIMATE,
    )
    assert alice.has_secret
    assert not alice.disabled
    assert bob.disabled
    assert not bob.has_secret


def test_user_ids_are_unescaped_and_each_has_its_own_validity() -> None:
    alice, bob = colons.parse(LISTING)
    assert [(user_id.text, user_id.validity, user_id.email) for user_id in alice.user_ids] == [
        ("Alice : Anders <alice@example.com>", Validity.ULTIMATE, "alice@example.com"),
        ("Old <old@example.com>", Validity.REVOKED, "old@example.com"),
    ]
    assert bob.user_id == "Bob"


@pytest.mark.parametrize("listed", ["q", "m"])
def test_an_ultimately_trusted_key_is_valid_whatever_others_signed_of_it(listed: str) -> None:
    """gpg with keyboxd takes it for somebody else's key once a colleague has signed it."""
    listing = LISTING.replace(b"pub:u", b"pub:" + listed.encode()).replace(b"uid:u", b"uid:" + listed.encode())
    alice, bob = colons.parse(listing.replace(b"sub:u", b"sub:" + listed.encode()).replace(b"uid:f", b"uid:m"))
    assert (alice, bob.user_ids[0].validity) == (colons.parse(LISTING)[0], Validity.MARGINAL)


def test_subkeys_have_their_times_and_curves() -> None:
    alice, bob = colons.parse(LISTING)
    [subkey] = alice.subkeys
    assert (subkey.key_id, subkey.created, subkey.expires) == (
        "8FC7765C20C5FBC6",
        datetime(2023, 1, 1, tzinfo=UTC),
        datetime(2032, 12, 31, tzinfo=UTC),
    )
    assert (bob.subkeys[0].algorithm, bob.subkeys[0].validity) == ("cv25519", Validity.EXPIRED)


@given(st.lists(st.sampled_from(LISTING.splitlines()), max_size=12), st.binary(max_size=40))
def test_a_damaged_listing_never_crashes(lines: list[bytes], noise: bytes) -> None:
    for key in colons.parse(b"\n".join([*lines, noise])):
        assert key.fingerprint
