"""A finding points at the line that has to be mended, also inside a block."""

import pytest

from eyamlgpg.rules.knowledge.tree import Knowledge
from eyamlgpg.rules.plaintext import order as clear_text
from eyamlgpg.rules.reading.subject import Subject
from tests.support.messages import ANY

PEM = "-----BEGIN RSA PRIVATE KEY-----\n  MIIB\n  -----END RSA PRIVATE KEY-----"


def places(text: str) -> list[tuple[str, int | None, int | None, str | None]]:
    found = clear_text.find(Subject.read("a.yaml", text), Knowledge())
    return [(finding.rule.removeprefix("plaintext-"), finding.line, finding.column, finding.key) for finding in found]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("k: |\n  a = 1\n  password = Kirsch9kuchen\n  b = 2\n", 3, 3),
        ("k: |\n\n\n  [client]\n    password = Kirsch9kuchen\n", 5, 5),
        ("k: |2-  # why\n    a\n  password = Kirsch9kuchen", 3, 3),
        ("l:\n  - a\n  - |+\n    password = Kirsch9kuchen\n\n\n", 4, 5),
        (f"k: |\n  A_PASSWORD={ANY}\n  B_PASSWORD=Kirsch9kuchen\n", 3, 3),
        ("k: |\r\n  a = 1\r\n  password = Kirsch9kuchen\r\n", 3, 3),
    ],
)
def test_it_points_at_the_line_of_a_literal_block(text: str, line: int, column: int) -> None:
    key = "l.1" if text.startswith("l") else "k"
    assert places(text) == [("assignment", line, column, key)]


def test_it_points_at_what_a_secret_is_told_by() -> None:
    assert places(f"k: |\n  # a certificate\n  {PEM}\n") == [("private-key", 3, 3, "k")]
    assert places("k: |\n  a\n  see https://u:Kirsch9@db/x\n") == [("url-credentials", 3, 3, "k")]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("k: >\n  a = 1\n\n  password = Kirsch9kuchen\n", 4),
        ('k: "a = 1\\n\\\n  password = Kirsch9kuchen"\n', 4),
        ("a::password: |\n  Kirsch\n  kuchen\n", 14),
    ],
)
def test_else_it_points_at_the_value(text: str, column: int) -> None:
    [(_, _, found, _)] = places(text)
    assert found == column


def test_what_an_alias_stands_for_is_pointed_at_where_it_stands_itself() -> None:
    text = "k: &k |\n  a\n  password = Kirsch9kuchen\nl: *k\npassword: *k\n"
    assert places(text) == [("assignment", 3, 3, "k")]


def test_an_alias_under_a_name_that_promises_a_secret_is_pointed_at() -> None:
    assert places("k: &k Kirsch9kuchen\npassword: *k\n") == [("key-name", 2, 11, "password")]
