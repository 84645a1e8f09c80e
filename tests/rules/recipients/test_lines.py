"""Every doubtful line of a recipients file is a finding with its line; a good file has none."""

from dataclasses import replace
from datetime import timedelta

import pytest

from eyamlgpg.formats.eyaml.recipients_file import parse
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.model.keys import Key, UserId, Validity
from eyamlgpg.rules.recipients.lines import View, findings
from tests.support.keys import ALICE, BOB, CAROL, LAST_YEAR, MALICE, NOW, key, resolve_all, subkey

A, B, C = ALICE.fingerprint, BOB.fingerprint, CAROL.fingerprint
UNCERTIFIED = key("Uma Unknown <uma@example.com>", validity=Validity.UNKNOWN)
REVOKED = key("Rita Revoked <rita@example.com>", validity=Validity.REVOKED)
EXPIRED = key(
    "Earl Expired <earl@example.com>",
    primary=subkey("earl", "sc", validity=Validity.EXPIRED, expires=LAST_YEAR),
)
DISABLED = key("Didi Disabled <didi@example.com>", disabled=True)
TWICE = (key("Tim Twice <tim@example.com>"), key("Tim Twice Again <tim@example.com>"))
RING = (MALICE, ALICE, BOB, CAROL, UNCERTIFIED, REVOKED, EXPIRED, DISABLED, *TWICE)


def found(text: str, *, ring: tuple[Key, ...] = RING, has_secret_keys: bool = False) -> tuple[Finding, ...]:
    file = parse(text, "team")
    resolutions = resolve_all(file.recipients, ring)
    return findings(file, resolutions, View(NOW, has_secret_keys))


def told(text: str, *, ring: tuple[Key, ...] = RING, has_secret_keys: bool = False) -> list[tuple[int | None, str]]:
    return [(finding.line, finding.rule) for finding in found(text, ring=ring, has_secret_keys=has_secret_keys)]


def test_a_file_of_certified_fingerprints_has_no_finding() -> None:
    assert found(f"# Alice\n{A}\n# Bob\n0x{B.lower()}\n") == ()


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("nobody@example.com", "recipient-unknown"),
        ("tim@example.com", "recipient-ambiguous"),
        (EXPIRED.fingerprint, "recipient-expired"),
        (REVOKED.fingerprint, "recipient-revoked"),
        (DISABLED.fingerprint, "recipient-unusable"),
        (UNCERTIFIED.fingerprint, "recipient-not-certified"),
        ("a@x,,b@x", "recipient-empty"),
    ],
)
def test_a_recipient_that_cannot_be_used_is_an_error(line: str, rule: str) -> None:
    errors = [(one.line, one.rule) for one in found(f"{A}\n{B}\n{line}\n") if one.severity is Severity.ERROR]
    assert (3, rule) in errors
    assert {place for place, _ in errors} == {3}


def test_a_refusal_keeps_its_words_and_hints() -> None:
    assert found(f"{A}\n{B}\ncraol@example.com\n") == (
        Finding(
            "recipient-unknown",
            Severity.ERROR,
            "team",
            3,
            None,
            None,
            "craol@example.com: no such key on the keyring",
            "did you mean carol@example.com?\nimport it: eyamlgpg keys import --repo, or eyamlgpg keys import FILE",
        ),
    )


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("carol@example.com", "recipient-not-pinned"),
        (C[-16:], "recipient-not-pinned"),
        (C[-8:], "recipient-short-id"),
        ("Carol", "recipient-part-of-name"),
        (f"{C} # ops", "recipients-trailing-comment"),
        (f" # Carol\n{C}", "recipients-indented-comment"),
        (B, "recipient-duplicate"),
    ],
)
def test_a_recipient_that_is_written_badly_is_a_warning(line: str, rule: str) -> None:
    assert [(one.line, one.rule, one.severity) for one in found(f"{A}\n{B}\n{line}\n")] == [(3, rule, Severity.WARNING)]


def test_a_byte_order_mark_and_a_comma_list_are_warnings() -> None:
    assert told(f"\ufeff{A},{B}\n") == [(1, "recipients-byte-order-mark"), (1, "recipients-comma-list")]


def test_two_ways_to_write_one_key_are_a_duplicate_told_once() -> None:
    assert told(f"{A}\n{B}\nbob@example.com\n") == [(3, "recipient-not-pinned"), (3, "recipient-duplicate")]
    assert told(f"{A}\n{B}\n0x{B.lower()}\n") == [(3, "recipient-duplicate")]


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "expires today"), (1, "expires in 1 day, on 2025-06-02"), (60, "expires in 60 days, on 2025-07-31")],
)
def test_a_key_that_expires_within_sixty_days_is_a_warning(days: int, words: str) -> None:
    soon = key(
        "Sue Soon <sue@example.com>",
        primary=subkey("sue", "sc", expires=NOW + timedelta(days=days, hours=1 * (days < 60))),
    )
    [finding] = found(f"{A}\n{soon.fingerprint}\n", ring=(*RING, soon))
    assert (finding.rule, finding.line, finding.severity) == ("recipient-expiring", 2, Severity.WARNING)
    assert words in finding.message


def test_a_subkey_that_expires_soon_counts_as_its_key() -> None:
    soon = key("Sue <sue@example.com>", subkeys=(subkey("sub", expires=NOW + timedelta(days=3)),))
    assert told(f"{A}\n{soon.fingerprint}\n", ring=(*RING, soon)) == [(2, "recipient-expiring")]


def test_a_key_that_expires_in_sixty_one_days_is_none() -> None:
    later = key("Lea Later <lea@example.com>", primary=subkey("lea", "sc", expires=NOW + timedelta(days=61)))
    assert told(f"{A}\n{later.fingerprint}\n", ring=(*RING, later)) == []


@pytest.mark.parametrize("text", ["", "# nobody yet\n"])
def test_a_file_that_names_nobody_is_one_error(text: str) -> None:
    assert told(text) == [(None, "recipients-nobody")]


@pytest.mark.parametrize("text", [f"{A}\n", f"{A}\n0x{A}\n", "nobody@example.com\n"])
def test_a_single_reader_is_a_warning(text: str) -> None:
    assert (None, "recipients-single") in told(text)


def test_who_has_a_secret_key_is_told_where_it_does_not_help() -> None:
    own = replace(BOB, subkeys=tuple(replace(one, has_secret=True) for one in BOB.subkeys))
    ring = (ALICE, own, CAROL)
    assert told(f"{A}\n{C}\n", ring=ring, has_secret_keys=True) == [(None, "recipients-without-you")]
    assert told(f"{A}\n{B}\n", ring=ring, has_secret_keys=True) == []
    assert told(f"{A}\n{C}\n", ring=ring, has_secret_keys=False) == []


TWO_NAMES = replace(
    key("Wanda White <wanda@example.com>"),
    user_ids=(
        UserId("Wanda White <wanda@example.com>", Validity.FULL),
        UserId("The puppetmaster <puppet@example.com>", Validity.UNKNOWN),
    ),
)


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        (f"# The production puppetmaster <puppet@example.com>\n{B}\n", True),
        (f"# puppet@example.com\n{B}\n", True),
        (f"{B} # puppet@example.com\n", True),
        (f"# Bob Brown <bob@example.com>, for puppet@example.com\n{B}\n", True),
        (f"# Alice <ALICE@EXAMPLE.COM>\n{B}\n", True),
        (f"# The puppetmaster <puppet@example.com>\n{TWO_NAMES.fingerprint}\n", True),
        (f"# Bob Brown <BOB@example.com>\n{B}\n", False),
        (f"# Bob, see https://wiki.example.com/@team\n{B}\n", False),
        (f"# the boss\n{B}\n", False),
        (f"# puppet@example.com\n\n{B}\n", False),
        (f"# Uma <uma@example.com>\n{UNCERTIFIED.fingerprint}\n", False),
        (f"# Uma <puppet@example.com>\n{UNCERTIFIED.fingerprint}\n", True),
        ("# puppet@example.com\nnobody@example.com\n", False),
    ],
)
def test_a_comment_that_names_somebody_else_is_told(text: str, is_found: bool) -> None:
    """Whoever reviews a list reads the comment, and `eyamlgpg` writes such comments itself."""
    rules = [finding.rule for finding in found(f"{A}\n{text}", ring=(*RING, TWO_NAMES))]
    assert ("recipient-comment-differs" in rules) is is_found
