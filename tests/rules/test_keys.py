"""What is said of a key, and what is not."""

from datetime import timedelta

import pytest

from eyamlgpg.model.findings import Severity
from eyamlgpg.model.keys import Key, Protection, Validity, expiry, weak_algorithms
from eyamlgpg.model.recipients import Recipient
from eyamlgpg.rules.keys import KeyFacts, Listed, find
from tests.support.keys import LAST_YEAR, LONG_AGO, NOW, key, subkey

SOON = NOW + timedelta(days=30)
GOOD = KeyFacts(NOW, timedelta(days=60), is_certified=True)


def said(subject: Key, facts: KeyFacts = GOOD) -> list[tuple[str, Severity, str]]:
    findings = list(find(subject, facts, Listed("Ann", Recipient("ann@example.com", "team", 3), 2)))
    assert {(one.path, one.line) for one in findings} <= {("team", 3)}
    return [(one.rule, one.severity, bare(one.message)) for one in findings]


def bare(message: str) -> str:
    return message.removeprefix("Ann: ").removesuffix("; 2 values depend on it")


def test_of_a_good_key_nothing_is_said() -> None:
    assert said(key("Ann")) == []


def test_a_passphrase_a_card_and_an_unknown_protection_are_no_doubt() -> None:
    for protection in (Protection.PASSPHRASE, Protection.CARD, Protection.UNKNOWN):
        assert said(key("Ann"), KeyFacts(NOW, timedelta(), is_certified=True, protection=protection)) == []


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (
            key("Ann", primary=subkey("a", "sc", validity=Validity.REVOKED)),
            ("key-revoked", Severity.ERROR, "was revoked"),
        ),
        (
            key("Ann", primary=subkey("a", "sc", validity=Validity.EXPIRED, expires=LAST_YEAR)),
            ("key-expired", Severity.ERROR, "expired on 2024-05-17"),
        ),
        (
            key("Ann", primary=subkey("a", "sc", validity=Validity.EXPIRED)),
            ("key-expired", Severity.ERROR, "has expired"),
        ),
        (key("Ann", disabled=True), ("key-unusable", Severity.ERROR, "is disabled on this keyring")),
        (key("Ann", subkeys=()), ("key-no-encryption-subkey", Severity.ERROR, "has no encryption subkey")),
        (
            key("Ann", subkeys=(subkey("e", expires=LAST_YEAR),)),
            (
                "key-no-encryption-subkey",
                Severity.ERROR,
                "has no encryption subkey left: the last one expired on 2024-05-17",
            ),
        ),
        (
            key("Ann", primary=subkey("a", "sc", expires=SOON)),
            ("key-expiring", Severity.WARNING, "expires on 2025-07-01, in 30 days"),
        ),
        (
            key("Ann", subkeys=(subkey("e", expires=NOW + timedelta(days=1, hours=2)),)),
            ("key-expiring", Severity.WARNING, "expires on 2025-06-02, in 1 day"),
        ),
    ],
)
def test_the_state_of_a_key_is_said_once(subject: Key, expected: tuple[str, Severity, str]) -> None:
    assert said(subject) == [expected]


def test_an_expiry_beyond_the_period_is_no_doubt() -> None:
    subject = key("Ann", primary=subkey("a", "sc", expires=SOON))
    assert said(subject, KeyFacts(NOW, timedelta(days=29), is_certified=True)) == []


def test_a_newer_subkey_that_lives_longer_is_the_one_that_counts() -> None:
    subject = key("Ann", subkeys=(subkey("old", expires=SOON), subkey("new", created=LAST_YEAR)))
    assert expiry(subject, NOW) is None
    assert said(subject) == []


def test_all_else_is_said_beside_it() -> None:
    facts = KeyFacts(
        NOW,
        timedelta(days=60),
        is_certified=False,
        weak_hashes=("SHA-1",),
        is_newer_in_repository=True,
        protection=Protection.CLEAR,
    )
    assert said(key("Ann", validity=Validity.UNKNOWN), facts) == [
        ("key-not-certified", Severity.ERROR, "is not certified: its validity is unknown here"),
        ("key-newer-in-repository", Severity.WARNING, "is newer in .eyamlgpg/keys than on this keyring"),
        ("key-weak-self-signature", Severity.WARNING, "is signed by its owner with SHA-1, which others may refuse"),
        ("key-no-passphrase", Severity.WARNING, "is your own, and its secret part has no passphrase"),
    ]


def test_a_revoked_key_need_not_be_certified_any_more() -> None:
    subject = key("Ann", primary=subkey("a", "sc", validity=Validity.REVOKED))
    assert [rule for rule, _, _ in said(subject, KeyFacts(NOW, timedelta(), is_certified=False))] == ["key-revoked"]


@pytest.mark.parametrize(
    ("primary", "encrypts", "expected"),
    [
        ("rsa4096", "rsa2048", ()),
        ("ed25519", "cv25519", ()),
        ("rsa1024", "rsa2048", ("rsa1024",)),
        ("dsa1024", "elg1024", ("dsa1024", "elg1024")),
        ("rsa1024", "rsa1024", ("rsa1024",)),
    ],
)
def test_less_than_2048_bits_are_weak(primary: str, encrypts: str, expected: tuple[str, ...]) -> None:
    from dataclasses import replace

    parts = replace(subkey("p", "sc"), algorithm=primary), replace(subkey("e", created=LONG_AGO), algorithm=encrypts)
    assert weak_algorithms(key("Ann", primary=parts[0], subkeys=(parts[1],))) == expected
