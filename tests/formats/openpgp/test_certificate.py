"""A key file is taken for what is in it, and a key has one form on the disk."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.openpgp.armor import dearmored
from eyamlgpg.formats.openpgp.certificate import Certificate, Component, parse, parse_one, serialised
from eyamlgpg.formats.openpgp.copies import canonical, certified_only_by, is_newer, self_signatures, with_certifications
from eyamlgpg.formats.openpgp.signature import Signature
from tests.support.keyrings import known, known_names

ALICE, BOB = known("alice"), known("bob")


def certificate(name: str) -> Certificate:
    return parse_one(known(name).public)


def certifiers(key: Certificate) -> list[list[str | None]]:
    return [[one.issuer for one in part.signatures if one.issuer != key.key_id] for part in key.user_ids]


@pytest.mark.parametrize("name", known_names())
def test_a_key_is_read_with_its_fingerprint_and_names(name: str) -> None:
    key = certificate(name)
    assert (key.fingerprint, key.key_id, key.names) == (
        known(name).fingerprint,
        known(name).key_id,
        known(name).user_ids,
    )


@pytest.mark.parametrize("name", known_names())
def test_a_key_written_is_the_key_read(name: str) -> None:
    key = certificate(name)
    assert parse_one(serialised(key)) == key
    assert parse_one(serialised(canonical(key))) == canonical(key)


def test_the_canonical_form_does_not_depend_on_the_order_it_came_in() -> None:
    key = certificate("alice")
    shuffled = replace(
        key,
        user_ids=tuple(replace(part, signatures=part.signatures[::-1]) for part in reversed(key.user_ids)),
    )
    assert shuffled != key
    assert serialised(canonical(shuffled)) == serialised(canonical(key))


def test_several_keys_of_a_file_are_told_apart_and_refused_where_one_is_wanted() -> None:
    both = ALICE.public + BOB.public
    assert [key.fingerprint for key in parse(both)] == [ALICE.fingerprint, BOB.fingerprint]
    with pytest.raises(FormatError) as caught:
        parse_one(both)
    assert caught.value.sentence == (
        f"holds 2 keys ({ALICE.fingerprint}, {BOB.fingerprint}), and one key a file is taken"
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is no OpenPGP public key"),
        (b"hello", "is no OpenPGP public key"),
        (b"\xcd\x01x", "is no OpenPGP public key"),
        (dearmored(BOB.public)[:-3], "is an OpenPGP key that is damaged or cut short"),
        (dearmored(BOB.public) + b"\xcb\x03abc", "holds a packet of type 11, which is no part of a public key"),
        (b"\xc6\x02\x03x", "holds a key of version 3, which nobody can use safely today"),
        (dearmored(BOB.public) + b"\xc2\x02\x09x", "the OpenPGP key has a signature of the unknown version 9"),
        (dearmored(BOB.public) + b"\xc2\x04\x04\x13\x16\x08", "the OpenPGP key has a damaged signature"),
    ],
    ids=["empty", "text", "no-key-first", "cut-short", "literal-data", "version-3", "signature-version", "signature"],
)
def test_what_is_no_whole_public_key_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse(content)
    assert caught.value.sentence == sentence


@pytest.mark.parametrize("tag", [5, 7])
def test_a_secret_packet_anywhere_is_refused(tag: int) -> None:
    with pytest.raises(FormatError, match=r"^holds a secret key, not a public key\Z"):
        parse(dearmored(BOB.public) + bytes([0xC0 | tag, 1, 4]))


@given(st.binary(max_size=200))
def test_nothing_but_a_format_error_comes_of_any_bytes(content: bytes) -> None:
    for one in (content, dearmored(BOB.public) + content):
        with suppress(FormatError):
            parse(one)


@given(st.integers(0, len(dearmored(ALICE.public)) - 1), st.integers(0, 255))
def test_nothing_but_a_format_error_comes_of_a_changed_byte(place: int, value: int) -> None:
    changed = bytearray(dearmored(ALICE.public))
    changed[place] = value
    with suppress(FormatError):
        parse(bytes(changed))


def test_certifications_are_brought_in_from_other_copies_each_persons_newest_once() -> None:
    full = certificate("alice")
    bare = certified_only_by(full, [full.key_id])
    assert certifiers(bare) == [[], []]
    assert certifiers(with_certifications(bare, [full, full])) == [[BOB.key_id], [BOB.key_id]]
    assert canonical(with_certifications(bare, [full])) == canonical(full)


def test_local_certifications_are_never_brought_in() -> None:
    full = certificate("alice")
    local = replace(
        full,
        user_ids=tuple(
            replace(
                part, signatures=tuple(replace(one, is_exportable=one.issuer == full.key_id) for one in part.signatures)
            )
            for part in full.user_ids
        ),
    )
    assert certifiers(with_certifications(certified_only_by(full, [full.key_id]), [local])) == [[], []]


def test_a_certification_of_a_user_id_that_the_key_has_not_is_left_out() -> None:
    alice, bob = certificate("alice"), certificate("bob")
    assert with_certifications(bob, [alice]) == with_certifications(bob, [])


def test_a_copy_is_newer_by_what_its_owner_said_only() -> None:
    full = certificate("alice")
    assert not is_newer(full, full)
    assert not is_newer(full, certified_only_by(full, [full.key_id]))
    assert is_newer(full, replace(full, user_ids=full.user_ids[:1]))
    assert is_newer(full, replace(full, subkeys=()))
    assert not is_newer(replace(full, subkeys=()), full)


def test_a_revocation_is_news() -> None:
    revoked = certificate("erin")
    before = replace(revoked, primary=Component(revoked.primary.tag, revoked.primary.body))
    assert is_newer(revoked, before)
    assert not is_newer(before, revoked)


def test_the_self_signatures_are_the_newest_of_each_part() -> None:
    assert [(one.kind, one.hash_algorithm) for one in self_signatures(certificate("alice"))] == [
        (0x13, 10),
        (0x13, 10),
        (0x18, 10),
    ]


def test_a_version_3_signature_is_read() -> None:
    body = bytes([3, 5, 0x10]) + (1_600_000_000).to_bytes(4) + bytes.fromhex(BOB.key_id) + bytes([1, 2]) + b"\0" * 4
    read = Signature.read(body)
    assert (read.kind, read.issuer, read.hash_algorithm, read.is_exportable, read.created.year) == (
        0x10,
        BOB.key_id,
        2,
        True,
        2020,
    )
