"""Aliases and merges bring values to names that they do not stand under."""

import pytest

from eyamlgpg.detectors.names import NamePolicy
from eyamlgpg.rules.knowledge.tree import Knowledge, collect
from eyamlgpg.rules.plaintext import order as clear_text
from eyamlgpg.rules.reading.subject import Subject
from tests.support.messages import ANY


def told(text: str) -> list[tuple[str, int | None, str | None]]:
    found = clear_text.find(Subject.read("a.yaml", text), Knowledge())
    return [(finding.rule.removeprefix("plaintext-"), finding.line, finding.key) for finding in found]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("x: &p {alice: Geheim7x}\npasswords: *p\n", "passwords.alice"),
        (".common: &c {alice: Geheim7x}\nprofile::passwords: {<<: *c}\n", "profile::passwords.alice"),
        (".common: &c {alice: Geheim7x}\npasswords: {<<: [*c]}\n", "passwords.alice"),
        ("a: &p [Geheim7x]\npasswords: *p\n", "passwords.0"),
        ("a: &p {x: &q Geheim7x}\nb: {password: *q}\n", "b.password"),
        ("a: &p [&q [Geheim7x], *q]\npassword: *p\n", "password.0.0"),
    ],
)
def test_an_alias_hands_a_collection_to_a_name_that_promises_a_secret(text: str, key: str) -> None:
    assert ("key-name", 2, key) in told(text)


def test_an_entry_that_is_merged_counts_under_the_name_above() -> None:
    assert told("passwords:\n  <<: {alice: Geheim7x}\n") == [("key-name", 2, "passwords.<<.alice")]


def test_a_value_that_is_reported_where_it_stands_is_not_where_an_alias_repeats_it() -> None:
    assert told("a: &a {password: Geheim7x}\nb: *a\nc: {<<: *a}\npasswords: *a\n") == [("key-name", 1, "a.password")]


def test_an_encrypted_value_stays_one_however_long_it_is() -> None:
    long = ANY.replace("GPG,", "GPG," + "QUJD" * 3000)
    assert told(f"a: &a {long}\npassword: *a\nb: &b {{x: '{ANY}'}}\npasswords: *b\n") == []


def test_aliases_of_aliases_are_followed_as_far_as_the_bounds_allow() -> None:
    bomb = "".join(f"a{one}: &a{one} [*a{one - 1}, *a{one - 1}]\n" for one in range(1, 40))
    text = f"a0: &a0 [Geheim7x, b]\n{bomb}passwords: &c {{alice: *a0}}\npassword: *a39\nz::password: *a0\n"
    assert ("key-name", 43, "z::password.0") in told(text)
    assert told("a: &a [*a, Geheim7x]\npassword: *a\n")[0][0] == "key-name"


def test_lookup_options_may_merge_what_makes_a_value_sensitive() -> None:
    text = (
        "so: &so {convert_to: Sensitive}\nlookup_options:\n  mk: {<<: *so}\n  mi: {<<: [*so]}\nmk: geheim\nmi: geheim\n"
    )
    subject = Subject.read("a.yaml", text)
    found = clear_text.find(subject, collect([subject], NamePolicy()))
    assert [(finding.rule, finding.key) for finding in found] == [
        ("plaintext-sensitive", "mk"),
        ("plaintext-sensitive", "mi"),
    ]
