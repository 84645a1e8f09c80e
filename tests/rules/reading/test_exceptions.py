"""Exceptions in comments: with a reason, for one line, and never longer than there is something to except."""

from collections.abc import Callable

import pytest

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.catalogue import IDS
from eyamlgpg.rules.knowledge.tree import Knowledge
from eyamlgpg.rules.plaintext import order as clear_text
from eyamlgpg.rules.reading import exceptions
from eyamlgpg.rules.reading.excerpt import excerpt
from eyamlgpg.rules.reading.subject import Subject


def left(text: str) -> tuple[list[tuple[str, int | None]], int]:
    subject = Subject.read("a.yaml", text)
    applied = exceptions.apply(subject, list(clear_text.find(subject, Knowledge())), IDS)
    return [(finding.rule, finding.line) for finding in applied.findings], applied.allowed


def test_a_comment_with_a_reason_excepts_its_line() -> None:
    text = "a::password: demo  # eyamlgpg: allow plaintext-key-name -- public test account\nb::password: x1\n"
    assert left(text) == ([("plaintext-key-name", 2)], 1)


def test_a_comment_above_excepts_the_next_line_that_is_none() -> None:
    text = "# eyamlgpg: allow plaintext-key-name, plaintext-sensitive -- demo\n# more\na::password: demo\n"
    assert left(text) == ([("exception-stale", 1)], 1)


def test_a_comment_behind_a_block_header_excepts_the_block() -> None:
    text = "k: |  # eyamlgpg: allow plaintext-private-key -- snakeoil\n  -----BEGIN RSA PRIVATE KEY-----\n"
    assert left(text) == ([], 1)


@pytest.mark.parametrize(
    "text",
    [
        "k: |  # eyamlgpg: allow plaintext-assignment -- demo\n  a = 1\n  password = Kirsch9kuchen\nb: 1\n",
        "# eyamlgpg: allow plaintext-assignment -- demo\nk: |-\n\n  a = 1\n  password = Kirsch9kuchen\n\n",
    ],
)
def test_it_covers_the_line_of_the_block_that_a_finding_points_at(text: str) -> None:
    assert left(text) == ([], 1)


@pytest.mark.parametrize("line_break", ["\r", "\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("exception", ["# eyamlgpg: allow plaintext-key-name -- demo", "# pragma: allowlist secret"])
def test_no_exception_covers_a_line_in_which_yaml_sees_two(line_break: str, exception: str) -> None:
    hidden = f"{line_break}b::password: Kirsch9kuchen\n"
    behind = f"a::password: demo {exception}{hidden}"
    above = f"{exception}\na::password: demo{hidden}"
    before = f"{exception}{hidden}"
    for text, secrets in ((behind, 2), (above, 2), (before, 1)):
        found, allowed = left(text)
        rules = [rule for rule, _ in found if rule != "exception-stale"]
        assert (rules, allowed) == (["plaintext-key-name"] * secrets, 0)


def test_the_ends_of_lines_of_windows_are_no_obstacle() -> None:
    assert left("a::password: demo  # eyamlgpg: allow plaintext-key-name -- demo\r\nb: 1\r\n") == ([], 1)


def test_a_comment_inside_a_block_is_a_part_of_it() -> None:
    text = "k: |\n  # eyamlgpg: allow plaintext-assignment -- demo\n  password = Kirsch9kuchen\n"
    assert left(text) == ([("plaintext-assignment", 3)], 0)


def test_an_exception_without_a_reason_does_not_count() -> None:
    text = "a::password: demo  # eyamlgpg: allow plaintext-key-name\n"
    assert left(text) == ([("plaintext-key-name", 1), ("exception-unexplained", 1)], 0)


def test_an_exception_for_no_rule_there_is_is_told() -> None:
    assert left("a: 1  # eyamlgpg: allow plaintext-nonsense -- because\n") == ([("exception-unexplained", 1)], 0)
    assert left("a: 1  # eyamlgpg: allow -- because\n") == ([("exception-unexplained", 1)], 0)


def test_a_stale_exception_is_a_finding() -> None:
    assert left("a: 1  # eyamlgpg: allow plaintext-key-name -- was one\n") == ([("exception-stale", 1)], 0)


GUARDING = sorted(one for one in IDS if one.startswith(("access-", "recipient-", "recipients-", "tier-")))


@pytest.mark.parametrize("rule", GUARDING)
@pytest.mark.parametrize("subject", [Subject.read, Subject.read_lines])
def test_no_file_excepts_a_rule_about_its_own_readers(rule: str, subject: Callable[[str, str], Subject]) -> None:
    line = f"k: x  # eyamlgpg: allow {rule}, plaintext-key-name -- migration\n"
    there = Finding(rule, Severity.ERROR, "a.yaml", 1, 1, None, "somebody can read it", None)
    applied = exceptions.apply(subject("a.yaml", line), [there], IDS)
    told = [finding.rule for finding in applied.findings]
    assert (sorted(told), applied.allowed) == (sorted([rule, "exception-misplaced", "exception-stale"]), 0)


def test_every_rule_about_readers_is_among_them() -> None:
    others = {"exception", "format", "plaintext"}
    assert {one.partition("-")[0] for one in IDS - set(GUARDING)} == others


def test_the_text_of_a_value_excepts_nothing() -> None:
    text = 'a::password: "x # eyamlgpg: allow plaintext-key-name -- ha"\n'
    assert left(text) == ([("plaintext-key-name", 1)], 0)


@pytest.mark.parametrize(
    "text",
    [
        "a::password: demo  # pragma: allowlist secret\n",
        "a::password: demo  # pragma: whitelist secret\n",
        "a::password: demo  # gitleaks:allow\n",
        'a::password: "Kirsch#9"  # pragma: allowlist secret\n',
        "a::password: demo  # eyamlgpg: allow plaintext-key-name -- #1234 public demo\n",
        "# pragma: allowlist nextline secret\na::password: demo\n",
        "b: 1  # pragma: allowlist nextline secret\na::password: demo\n",
    ],
)
def test_the_pragmas_of_other_scanners_count(text: str) -> None:
    assert left(text) == ([], 1)


def test_a_pragma_of_another_scanner_is_never_stale() -> None:
    assert left("a: 1  # gitleaks:allow\n") == ([], 0)


@pytest.mark.parametrize(
    ("text", "shown", "caret"),
    [
        ("a::password: geheim  # old: geheim\n", "a::password: ‹hidden›  # …", 13),
        ("u: {password: geheim, x: [1, two]}\n", "u: {password: ‹hidden›, x: [‹hidden›, ‹hidden›]}", 14),
        ("- password: 'ge heim'\n", "- password: ‹hidden›", 12),
        ("password: &a !!str geheim\n", "password: &… !!str ‹hidden›", 19),
        ("x: &it geheim\npassword: *it\n", "password: *…", None),
        ("tls_private_key: |\n  -----BEGIN RSA PRIVATE KEY-----\n", "  ‹hidden›", 2),
        ("password: !geheim\n", "password: !…", None),
        ("password: &geheim !geheim,[x] 'geheim'\n", "password: &… !…,[…] ‹hidden›", 20),
        ("{https://u:geheim@h: {a: 1}}\n", "{‹hidden›: {a: ‹hidden›}}", 1),
        ("password: " + "geheim" * 50 + "\n", "password: ‹hidden›", 10),
        ("{" + "a: b, " * 50 + "password: geheim}\n", "… " + "a: ‹hidden›, " * 8 + "password: ‹hidden› …", 116),
        ("a: [\nurl: postgres://a:geheim@b/c\n", "url: ‹hidden›", 5),
        ("[\npostgres://a:geheim@b/c\n", "‹hidden›", 0),
        ("DEC(1)::GPG[geheim]!: x\n", "‹hidden›: ‹hidden›", 0),
        ("a: |\n  eins\n  DEC(1)::GPG[geheim]!\n", "  ‹hidden›", 2),
    ],
)
def test_the_line_of_a_finding_is_shown_without_any_value(text: str, shown: str, caret: int | None) -> None:
    subject = Subject.read("a.yaml", text)
    finding = next(clear_text.find(subject, Knowledge()), None)
    if finding is None:  # told by another rule: that the text is no YAML
        from eyamlgpg.rules.format import order as file_format

        finding = next(file_format.find(subject))
    cut = excerpt(subject, finding)
    assert cut is not None
    assert "geheim" not in cut.text
    assert (cut.text, cut.caret) == (shown, caret)
