"""The baseline reads back what it writes, and refuses what it does not know, by line."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyamlgpg.errors import ConfigError
from eyamlgpg.formats.settings.baseline import Accepted, parse, render

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1).filter(str.strip)
ENTRIES = st.builds(Accepted, TEXTS, TEXTS, st.none() | TEXTS, TEXTS, st.integers(1, 999))

ENTRY = "- {file: a, rule: b, reason: c}\n"


@given(st.lists(ENTRIES, max_size=4, unique_by=lambda entry: entry.identity))
def test_what_is_written_reads_back(entries: list[Accepted]) -> None:
    read = [replace(entry, line=None) for entry in parse(render(entries), "baseline.yaml")]
    assert read == sorted(entries, key=lambda entry: (entry.file, entry.rule, entry.key or ""))


def test_it_is_written_for_people() -> None:
    entry = Accepted("hieradata/common.yaml", "plaintext-key-name", "demo::password", "public test account")
    assert render([entry]).splitlines()[1:] == [
        "version: 1",
        "accepted:",
        "  - file: hieradata/common.yaml",
        "    rule: plaintext-key-name",
        "    key: demo::password",
        '    reason: "public test account"',
    ]


def test_a_number_of_findings_is_written_where_it_is_not_one() -> None:
    entry = Accepted("readers", "recipient-unknown", None, "they left", 3)
    assert render([entry]).splitlines()[3:] == [
        "  - file: readers",
        "    rule: recipient-unknown",
        "    count: 3",
        '    reason: "they left"',
    ]


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "version: 1\n", "version: 1\naccepted: []\n", "version: 1\naccepted:\n"]
)
def test_a_baseline_may_accept_nothing(text: str) -> None:
    assert parse(text, "baseline.yaml") == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: [\n", "b.yaml:2: not YAML: "),
        ("- 1\n", "b.yaml:1: a mapping is needed here"),
        ("version: 2\n", "b.yaml: is no baseline of version 1"),
        ("version: 1\nexcept: 1\n", "b.yaml:2: except is no setting of a baseline"),
        ("version: 1\naccepted: all\n", "b.yaml:2: accepted is a list of entries"),
        ("version: 1\naccepted:\n- x\n", "b.yaml:3: a mapping is needed here"),
        ("version: 1\naccepted:\n- file: a\n  rule: b\n", "b.yaml:3: the entry gives no reason"),
        ("version: 1\naccepted: []\naccepted: []\n", "b.yaml:3: accepted stands here a second time"),
        ("version: 1\naccepted:\n- {file: a, file: b}\n", "b.yaml:3: file stands here a second time"),
        ("version: 1\naccepted:\n- {file: a, rule: b, reason: ' '}\n", "b.yaml:3: the entry gives no reason"),
        ("version: 1\naccepted:\n- file: a\n  line: 3\n", "b.yaml:4: line is no text of an entry"),
        (f"version: 1\naccepted:\n{ENTRY}{ENTRY}", "b.yaml:4: the entry of line 3 stands here again"),
        *(
            (
                f"version: 1\naccepted:\n- {{file: a, rule: b, reason: c, count: {count}}}\n",
                "b.yaml:3: count is how many",
            )
            for count in ("0", "-1", "two", "1.5", "1000000000", '""')
        ),
    ],
)
def test_anything_else_is_refused_by_line(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as raised:
        parse(text, "b.yaml")
    assert raised.value.sentence.startswith(sentence)
