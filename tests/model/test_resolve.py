"""A recipient is one key that may be encrypted to, or refused by name; there is no guess between."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from eyamlgpg.errors import RecipientError, Several
from eyamlgpg.model.keys import Key, Subkey, UserId, Validity
from eyamlgpg.model.matching import folded
from eyamlgpg.model.recipients import Recipient, Refusal, Refused, Resolution, Resolved
from eyamlgpg.model.resolve import pinned_name, usable
from tests.support.keys import (
    ALICE,
    BOB,
    CAROL,
    LAST_YEAR,
    LONG_AGO,
    MALICE,
    NEXT_YEAR,
    RING,
    fingerprint,
    key,
    named,
    resolve_all,
    subkey,
)

OLD = subkey("grace old", created=LONG_AGO)
NEW = subkey("grace new", created=LAST_YEAR)
GRACE = key("Grace Green <grace@example.com>", subkeys=(NEW, OLD))


def found(name: str, keys: Sequence[Key] = RING, *, always_trust: bool = False) -> Resolution:
    return resolve_all([named(name, 3)], keys, always_trust=always_trust)[0]


def refused(name: str, keys: Sequence[Key] = RING, *, always_trust: bool = False) -> Refused:
    resolution = found(name, keys, always_trust=always_trust)
    assert isinstance(resolution, Refused)
    return resolution


def grouped(digits: str) -> str:
    return " ".join(digits[place : place + 4] for place in range(0, 40, 4))


@pytest.mark.parametrize(
    "name",
    [
        ALICE.fingerprint,
        ALICE.fingerprint.lower(),
        f"0x{ALICE.fingerprint}",
        grouped(ALICE.fingerprint),
        f"{grouped(ALICE.fingerprint)[:25]} {grouped(ALICE.fingerprint)[25:]}",
        ALICE.primary.key_id,
        f"0X{ALICE.primary.key_id.lower()}",
        ALICE.subkeys[0].fingerprint,
        ALICE.subkeys[0].key_id,
    ],
)
def test_a_fingerprint_or_long_key_id_of_a_key_or_subkey_means_that_key(name: str) -> None:
    assert found(name) == Resolved(named(name, 3), ALICE, ALICE.subkeys[0], None)


def test_a_short_key_id_works_with_a_warning_that_names_the_fingerprint() -> None:
    short = ALICE.primary.key_id[-8:]
    assert found(short) == Resolved(
        named(short, 3),
        ALICE,
        ALICE.subkeys[0],
        None,
        (f"team.recipients:3: {short}: a short key ID can be forged; write the full fingerprint: {ALICE.fingerprint}",),
    )


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("alice@example.com", 0),
        ("ALICE@Example.COM", 0),
        ("<alice@example.com>", 0),
        ("alice@home.example.org", 1),
        ("Alice Anders (ops) <alice@example.com>", 0),
        ("=alice anders (OPS) <alice@example.com>", 0),
        (" alice@example.com ", 0),
    ],
)
def test_a_whole_address_or_user_id_means_its_key_and_user_id_in_any_case(name: str, place: int) -> None:
    assert found(name) == Resolved(named(name, 3), ALICE, ALICE.subkeys[0], ALICE.user_ids[place])


@pytest.mark.parametrize(
    "name",
    [
        "lice@example.com",
        "alice@example.co",
        "@example.com",
        "=alice@example.com",
        "<alice>",
        "Alice <alice@example.com>",
    ],
)
def test_a_part_of_an_address_means_nobody(name: str) -> None:
    assert refused(name).reason is Refusal.UNKNOWN


ADDRESSES = st.from_regex(r"[a-zA-Z.]{1,6}@[a-z]{1,4}\.[a-z]{2}", fullmatch=True)


@given(mine=ADDRESSES, asked=ADDRESSES)
@example(mine="malice@example.com", asked="alice@example.com")
@example(mine="kim@example.com", asked="\u212aim@example.com")
@example(mine="bos\u017f@example.com", asked="boss@example.com")
def test_an_address_is_matched_whole_or_not_at_all(mine: str, asked: str) -> None:
    assume(mine.lower() != asked.lower() or not (mine + asked).isascii())
    assert refused(asked, [key(f"Somebody <{mine}>")], always_trust=True).reason is Refusal.UNKNOWN


@given(ADDRESSES, st.integers(0, 5), st.integers(0, 5))
def test_a_part_of_an_address_with_its_at_sign_never_matches(address: str, left: int, right: int) -> None:
    part = address[left : len(address) - right]
    assume("@" in part and part != address and any(map(str.isalnum, part)))
    assert refused(part, [key(f"Somebody <{address}>")], always_trust=True).reason is Refusal.UNKNOWN


@given(st.text())
def test_folding_never_makes_an_ascii_letter_of_another(text: str) -> None:
    assert [char for char in folded(text) if char.isascii()] == [char.lower() for char in text if char.isascii()]


def test_a_name_that_is_a_part_of_one_key_alone_matches_with_a_warning() -> None:
    assert found("brown") == Resolved(
        named("brown", 3),
        BOB,
        BOB.subkeys[0],
        BOB.user_ids[0],
        (
            (
                "team.recipients:3: brown: is only a part of the user ID Bob Brown <bob@example.com>; "
                f"write the full fingerprint: {BOB.fingerprint}"
            ),
        ),
    )


def test_a_name_is_looked_for_as_whole_words_first() -> None:
    """hiera-eyaml-gpg takes the first of Malice and Alice in keyring order."""
    resolution = found("alice")
    assert isinstance(resolution, Resolved)
    assert (resolution.key, len(resolution.warnings)) == (ALICE, 1)


def test_a_name_inside_a_word_matches_where_no_key_has_it_as_a_word() -> None:
    resolution = found("aforeth")
    assert isinstance(resolution, Resolved)
    assert (resolution.key, len(resolution.warnings)) == (MALICE, 1)
    assert refused("lice").candidates == (MALICE, ALICE)


def test_a_name_that_is_a_part_of_two_keys_is_refused_even_where_only_one_is_usable() -> None:
    uncertified = key("Brown, Bo <b@example.net>", validity=Validity.UNKNOWN)
    refusal = refused("brown", [uncertified, BOB])
    assert (refusal.reason, refusal.candidates) == (Refusal.AMBIGUOUS, (uncertified, BOB))


def test_a_name_that_is_a_whole_user_id_and_a_part_of_no_other_needs_no_warning() -> None:
    server = key("Puppetmaster")
    assert found("puppetmaster", [server, BOB]) == Resolved(
        named("puppetmaster", 3), server, server.subkeys[0], server.user_ids[0]
    )


def test_a_name_that_is_a_whole_user_id_and_a_part_of_another_needs_an_equals_sign() -> None:
    server, other = key("Puppetmaster"), key("Puppetmaster Dev")
    assert refused("Puppetmaster", [server, other]).reason is Refusal.AMBIGUOUS
    assert found("=Puppetmaster", [server, other]) == Resolved(
        named("=Puppetmaster", 3), server, server.subkeys[0], server.user_ids[0]
    )


@pytest.mark.parametrize("name", ["", "  ", "<>", "=", "!", ","])
def test_an_empty_name_matches_no_key(name: str) -> None:
    refusal = refused(name, always_trust=True)
    assert (refusal.reason, refusal.candidates) == (Refusal.EMPTY, ())
    assert refusal.error.sentence == f"team.recipients:3: {name!r}: an empty name is no recipient"


def test_an_unknown_address_is_refused_with_the_nearest_ones_of_the_ring() -> None:
    assert refused("carl@example.com").error.hints == (
        "did you mean carol@example.com?",
        "import it: eyamlgpg keys import --repo, or eyamlgpg keys import FILE",
    )
    assert refused("carl@example.com").error.sentence == (
        "team.recipients:3: carl@example.com: no such key on the keyring"
    )


def test_an_unknown_fingerprint_is_refused_without_a_guess() -> None:
    assert refused(fingerprint("nobody")).error.hints == (
        "import it: eyamlgpg keys import --repo, or eyamlgpg keys import FILE",
    )


@pytest.mark.parametrize(
    ("source", "line", "apart"),
    [
        ("--gpg-recipients", None, "separated by commas"),
        ("recipients add", None, "each as a word of its own"),
        ("team", 3, "a line each"),
    ],
)
@pytest.mark.parametrize("name", ["alice, Bob <bob@example.com>", "Doe, John <john@example.com>"])
def test_what_may_be_a_list_is_refused_with_how_to_write_one(
    name: str, source: str, line: int | None, apart: str
) -> None:
    """Split, `Doe, John <…>` could mean another Doe."""
    [found] = resolve_all([Recipient(name, source, line)], RING)
    assert isinstance(found, Refused)
    assert found.error.hints[0] == (
        f"it was taken for one user ID; if it means several people, write their addresses alone, {apart}"
    )


def test_an_empty_keyring_is_named_as_the_reason() -> None:
    assert refused("alice@example.com", []).error.sentence == (
        "team.recipients:3: alice@example.com: no such key, for the keyring is empty"
    )


def test_of_two_keys_with_one_address_the_usable_one_is_taken_whatever_their_order() -> None:
    expired = key("Bob (old) <bob@example.com>", primary=subkey("old bob", "sc", expires=LAST_YEAR))
    expected = Resolved(named("bob@example.com", 3), BOB, BOB.subkeys[0], BOB.user_ids[0])
    assert found("bob@example.com", [expired, BOB]) == expected
    assert found("bob@example.com", [BOB, expired]) == expected


def test_two_usable_keys_with_one_address_are_listed_and_refused() -> None:
    other = key("Other Bob <bob@example.com>", primary=subkey("other", "sc", expires=NEXT_YEAR))
    refusal = refused("bob@example.com", [BOB, other])
    assert refusal.error.sentence == "team.recipients:3: bob@example.com: matches 2 keys"
    assert refusal.error.hints == (
        f"{BOB.fingerprint}  Bob Brown <bob@example.com>  validity full, never expires: can be used",
        f"{other.fingerprint}  Other Bob <bob@example.com>  validity full, expires 2026-05-17: can be used",
        "write the full fingerprint of the one that is meant",
    )
    assert (refusal.reason, refusal.candidates) == (Refusal.AMBIGUOUS, (BOB, other))


def test_two_unusable_keys_with_one_address_are_listed_each_with_its_reason() -> None:
    expired = key("Bob <bob@example.com>", primary=subkey("old bob", "sc", expires=LAST_YEAR))
    unknown = key("Bobby <bob@example.com>", validity=Validity.UNKNOWN)
    assert refused("bob@example.com", [expired, unknown]).error.sentence == (
        "team.recipients:3: bob@example.com: matches 2 keys, and none of them can be used"
    )
    assert [hint.rpartition(": ")[2] for hint in refused("bob@example.com", [expired, unknown]).error.hints[:2]] == [
        "expired on 2024-05-17",
        "the validity of that user ID is unknown here, and full is needed",
    ]


def test_always_trust_does_not_choose_between_a_certified_key_and_a_stranger_with_its_address() -> None:
    stranger = key("Bob Brown <bob@example.com>", primary=subkey("stranger", "sc", validity=Validity.UNKNOWN),
                   validity=Validity.UNKNOWN)  # fmt: skip
    assert isinstance(found("bob@example.com", [stranger, BOB]), Resolved)
    assert refused("bob@example.com", [stranger, BOB], always_trust=True).reason is Refusal.AMBIGUOUS


def test_a_key_listed_twice_is_one_key() -> None:
    assert found("bob@example.com", [BOB, BOB]) == Resolved(
        named("bob@example.com", 3), BOB, BOB.subkeys[0], BOB.user_ids[0]
    )


@pytest.mark.parametrize("validity", [Validity.FULL, Validity.ULTIMATE])
def test_full_and_ultimate_validity_are_enough(validity: Validity) -> None:
    assert isinstance(found("dora@example.com", [key("Dora <dora@example.com>", validity=validity)]), Resolved)


@pytest.mark.parametrize(
    ("validity", "word"),
    [
        (Validity.UNKNOWN, "unknown"),
        (Validity.UNKNOWN_NEW, "unknown"),
        (Validity.UNDEFINED, "undefined"),
        (Validity.NEVER, "never"),
        (Validity.MARGINAL, "marginal"),
    ],
)
def test_a_key_that_nobody_certified_is_refused_unless_always_trust(validity: Validity, word: str) -> None:
    dora = key("Dora <dora@example.com>", validity=validity)
    refusal = refused("dora@example.com", [dora])
    assert (refusal.reason, refusal.candidates) == (Refusal.NOT_CERTIFIED, (dora,))
    assert refusal.error.sentence == (
        f"team.recipients:3: dora@example.com: key {dora.fingerprint} (Dora <dora@example.com>) is not certified: "
        f"the validity of that user ID is {word} here, and full is needed"
    )
    assert refusal.error.hints[1] == (
        f"then certify it: eyamlgpg keys sign {dora.fingerprint}, or gpg --lsign-key {dora.fingerprint}"
    )
    assert isinstance(found("dora@example.com", [dora], always_trust=True), Resolved)


def test_by_address_the_validity_of_that_user_id_counts_and_by_fingerprint_that_of_the_key() -> None:
    """hiera-eyaml-gpg asks for the primary user ID's validity, whichever one was named."""
    dora = key("Dora <new@example.com>", UserId("Dora <old@example.com>", Validity.FULL))
    dora = replace(dora, user_ids=(replace(dora.user_ids[0], validity=Validity.UNKNOWN), dora.user_ids[1]))
    assert refused("new@example.com", [dora]).reason is Refusal.NOT_CERTIFIED
    assert isinstance(found("old@example.com", [dora]), Resolved)
    assert isinstance(found(dora.fingerprint, [dora]), Resolved)


def test_by_fingerprint_a_key_without_validity_is_refused_in_words_of_the_key() -> None:
    dora = key("Dora <dora@example.com>", validity=Validity.MARGINAL)
    assert refused(dora.fingerprint, [dora]).error.sentence == (
        f"team.recipients:3: key {dora.fingerprint} (Dora <dora@example.com>) is not certified: "
        "the validity of the key is marginal here, and full is needed"
    )


def test_of_two_user_ids_with_one_address_the_certified_one_counts() -> None:
    dora = key("Dora <dora@example.com>", UserId("Dora (work) <dora@example.com>", Validity.REVOKED),
               UserId("Dora (CEO) <dora@example.com>", Validity.ULTIMATE), validity=Validity.UNKNOWN)  # fmt: skip
    assert found("dora@example.com", [dora]) == Resolved(
        named("dora@example.com", 3), dora, dora.subkeys[0], dora.user_ids[2]
    )


@pytest.mark.parametrize("always_trust", [False, True])
def test_a_revoked_user_id_means_its_key_no_longer(always_trust: bool) -> None:
    dora = key("Dora <dora@example.com>", UserId("Dora <dora@former.example>", Validity.REVOKED))
    refusal = refused("dora@former.example", [dora], always_trust=always_trust)
    assert refusal.error.sentence == (
        f"team.recipients:3: dora@former.example: key {dora.fingerprint} (Dora <dora@former.example>) "
        "no longer answers to that user ID, which is revoked"
    )
    assert refusal.reason is Refusal.VOID_USER_ID
    assert isinstance(found("dora@example.com", [dora]), Resolved)


PRIMARY = subkey("dora", "sc")
UNUSABLE = {
    "expired": (key("Dora", primary=replace(PRIMARY, expires=LAST_YEAR)), Refusal.EXPIRED, "expired on 2024-05-17"),
    "expired-by-gpg": (
        key("Dora", primary=replace(PRIMARY, validity=Validity.EXPIRED)),
        Refusal.EXPIRED,
        "has expired",
    ),
    "revoked": (key("Dora", primary=replace(PRIMARY, validity=Validity.REVOKED)), Refusal.REVOKED, "was revoked"),
    "disabled": (key("Dora", disabled=True), Refusal.DISABLED, "is disabled on this keyring"),
    "invalid": (
        key("Dora", primary=replace(PRIMARY, validity=Validity.INVALID)),
        Refusal.INVALID,
        "is invalid for gpg",
    ),
    "sign-only": (key("Dora", subkeys=(subkey("s", "s"),)), Refusal.NO_ENCRYPTION_SUBKEY, "has no encryption subkey"),
    "subkeys-gone": (
        key(
            "Dora",
            subkeys=(
                subkey("1", expires=LAST_YEAR),
                subkey("2", validity=Validity.REVOKED),
                subkey("3", created=NEXT_YEAR),
                subkey("4", validity=Validity.DISABLED),
            ),
        ),
        Refusal.NO_ENCRYPTION_SUBKEY,
        (
            f"has no encryption subkey left: {fingerprint('1')} expired on 2024-05-17, {fingerprint('2')} was revoked, "
            f"{fingerprint('3')} was made in the future, on 2026-05-17: check the clock, "
            f"{fingerprint('4')} is disabled on this keyring"
        ),
    ),
}


@pytest.mark.parametrize("always_trust", [False, True])
@pytest.mark.parametrize("name", UNUSABLE)
def test_a_key_that_cannot_be_used_is_refused_whatever_is_trusted(name: str, always_trust: bool) -> None:
    dora, reason, words = UNUSABLE[name]
    refusal = refused("=Dora", [dora, BOB], always_trust=always_trust)
    assert refusal.error.sentence == f"team.recipients:3: =Dora: key {dora.fingerprint} (Dora) {words}"
    assert (refusal.reason, refusal.candidates) == (reason, (dora,))
    assert refusal.error.hints


def test_the_newest_encryption_subkey_is_taken_even_where_an_older_one_is_named() -> None:
    assert found(OLD.key_id, [GRACE]) == Resolved(named(OLD.key_id, 3), GRACE, NEW, None)


@pytest.mark.parametrize("name", [f"{OLD.key_id}!", f"0x{OLD.fingerprint.lower()}!", f"{grouped(OLD.fingerprint)}!"])
def test_an_exclamation_mark_asks_for_exactly_that_subkey(name: str) -> None:
    assert found(name, [GRACE]) == Resolved(named(name, 3), GRACE, OLD, None)


def test_a_primary_key_that_encrypts_can_be_asked_for() -> None:
    primary = subkey("all in one", "esc")
    dora = key("Dora", primary=primary, subkeys=(NEW,))
    name = f"{primary.fingerprint}!"
    assert found(name, [dora]) == Resolved(named(name, 3), dora, primary, None)


@pytest.mark.parametrize(
    ("part", "reason", "words"),
    [
        (subkey("signs", "s"), Refusal.NO_ENCRYPTION_SUBKEY, "cannot encrypt"),
        (subkey("old", expires=LAST_YEAR), Refusal.EXPIRED, "expired on 2024-05-17"),
        (subkey("lost", validity=Validity.REVOKED), Refusal.REVOKED, "was revoked"),
    ],
)
def test_a_subkey_asked_for_that_cannot_be_used_is_refused_though_another_could(
    part: Subkey, reason: Refusal, words: str
) -> None:
    dora = key("Dora", subkeys=(part, NEW))
    refusal = refused(f"{part.fingerprint}!", [dora], always_trust=True)
    assert refusal.reason is reason
    assert refusal.error.sentence == (
        f"team.recipients:3: {part.fingerprint}!: key {dora.fingerprint} (Dora) cannot be used: "
        f"its part {part.fingerprint}, which the ! asks for, {words}"
    )


def test_usable_raises_every_refusal_at_once_and_gives_nobody() -> None:
    names = ["alice@example.com", "nobody@example.com", "", "bob@example.com"]
    recipients = [named(name, line) for line, name in enumerate(names, 1)]
    with pytest.raises(Several) as caught:
        usable(resolve_all(recipients, RING))
    assert [error.sentence for error in caught.value.errors] == [
        "team.recipients:2: nobody@example.com: no such key on the keyring",
        "team.recipients:3: '': an empty name is no recipient",
    ]
    assert caught.value.status == 3


def test_usable_raises_a_single_refusal_as_it_is() -> None:
    refusal = refused("nobody@example.com")
    with pytest.raises(RecipientError) as caught:
        usable([refusal, found("bob@example.com")])
    assert caught.value is refusal.error


def test_usable_takes_each_key_once_and_keeps_the_warnings_of_all_its_names() -> None:
    names = ["alice@example.com", "bob@example.com", ALICE.fingerprint, "anders"]
    resolutions = resolve_all([named(name) for name in names], RING)
    first, bob, _, by_part = resolutions
    assert isinstance(first, Resolved)
    assert isinstance(by_part, Resolved)
    assert usable(resolutions) == (replace(first, warnings=by_part.warnings), bob)


def test_two_subkeys_of_one_key_asked_for_are_both_encrypted_to() -> None:
    names = [f"{OLD.fingerprint}!", f"{NEW.fingerprint}!"]
    resolutions = resolve_all([named(name) for name in names], [GRACE])
    assert [resolved.subkey for resolved in usable(resolutions)] == [OLD, NEW]


def test_resolve_all_answers_in_the_order_asked() -> None:
    names = ["carol@example.com", "malice@example.com", "bob@example.com"]
    resolutions = usable(resolve_all([named(name) for name in names], RING))
    assert [resolved.key for resolved in resolutions] == [CAROL, MALICE, BOB]


def test_a_recipient_is_pinned_by_its_keys_fingerprint_and_an_exact_subkey_by_its_own() -> None:
    by_address, exact = found("bob@example.com"), found(f"{OLD.key_id}!", [GRACE])
    assert isinstance(by_address, Resolved)
    assert isinstance(exact, Resolved)
    assert (pinned_name(by_address), pinned_name(exact)) == (BOB.fingerprint, f"{OLD.fingerprint}!")
