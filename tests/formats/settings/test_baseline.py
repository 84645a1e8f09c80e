"""The baseline reads back what it writes, and refuses what it does not know, by line."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyamlgpg.errors import ConfigError, Several
from eyamlgpg.formats.settings.baseline import Accepted, parse, render

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1).filter(str.strip)
LONE = "".join(map(chr, range(0xDC80, 0xDD00)))
BYTES = st.binary(min_size=1).map(lambda name: name.replace(b"\0", b"\\x").decode("utf-8", "surrogateescape"))
NAMES = BYTES.filter(
    lambda name: name.strip() and all(char.isprintable() or "\udc80" <= char <= "\udcff" for char in name)
)
ENTRIES = st.builds(Accepted, TEXTS | NAMES, TEXTS, st.none() | TEXTS | NAMES, TEXTS, st.integers(1, 999))

HEAD = "version: 1\naccepted:\n"
ENTRY = "- {file: a, rule: b, reason: c}\n"


@given(st.lists(ENTRIES, max_size=4, unique_by=lambda entry: entry.identity))
def test_what_is_written_reads_back(entries: list[Accepted]) -> None:
    read = [replace(entry, line=None) for entry in parse(render(entries), "baseline.yaml")]
    assert read == sorted(entries, key=lambda entry: (entry.file, entry.rule, entry.key or ""))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("b\udcff.yaml", r"b\\xff.yaml"),
        ("b\\xff.yaml", r"b\\\\xff.yaml"),
        ("b\\\udcff.yaml", r"b\\\\\\xff.yaml"),
        ("b\\c.yaml", r"b\\c.yaml"),
    ],
)
def test_a_byte_that_is_not_utf_8_is_written_as_messages_show_it(name: str, written: str) -> None:
    """YAML refuses a lone surrogate, escaped or not, so that one such file made the whole baseline unreadable."""
    text = render([Accepted(name, "plaintext-key-name", name, "reason")])
    assert text.count(f'"{written}"') == 2
    assert [(one.file, one.key) for one in parse(text, "baseline.yaml")] == [(name, name)]


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
        ("- 1\n", "b.yaml:1: the baseline is a mapping"),
        ("version: 2\n", "b.yaml:1: version is 1, as a plain number"),
        ("version: 1\nexcept: 1\n", "b.yaml:2: 'except' means nothing in the baseline"),
        ("version: 1\naccepted: all\n", "b.yaml:2: accepted is a list"),
        ("version: 1\naccepted:\n- x\n", "b.yaml:3: an entry is a mapping"),
        ("version: 1\naccepted:\n- file: a\n  rule: b\n", "b.yaml:3: the entry gives no reason"),
        ("version: 1\naccepted: []\naccepted: []\n", "b.yaml:3: 'accepted' stands here a second time"),
        (
            "version: 1\naccepted:\n- {file: a, rule: b, reason: c, file: b}\n",
            "b.yaml:3: 'file' stands here a second time",
        ),
        ("version: 1\naccepted:\n- {file: a, rule: b, reason: ' '}\n", "b.yaml:3: reason is one text"),
        (
            "version: 1\naccepted:\n- file: a\n  rule: b\n  reason: c\n  line: 3\n",
            "b.yaml:6: 'line' means nothing in an entry",
        ),
        (f"version: 1\naccepted:\n{ENTRY}{ENTRY}", "b.yaml:4: the entry of line 3 stands here again"),
        *(
            (
                f"version: 1\naccepted:\n- {{file: a, rule: b, reason: c, count: {count}}}\n",
                "b.yaml:3: count is how many",
            )
            for count in ("0", "-1", "two", "1.5", "1000000000")
        ),
    ],
)
def test_anything_else_is_refused_by_line(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as raised:
        parse(text, "b.yaml")
    assert raised.value.sentence.startswith(sentence)


def test_all_that_is_wrong_is_told_at_once() -> None:
    text = "version: 2\naccepted:\n- {file: a, rule: b}\n- {file: a, rule: b, reason: c, count: none}\n- word\n"
    with pytest.raises(Several) as raised:
        parse(text, "b.yaml")
    assert [error.sentence for error in raised.value.errors] == [
        "b.yaml:1: version is 1, as a plain number",
        "b.yaml:3: the entry gives no reason",
        "b.yaml:4: count is how many findings are accepted, at least 1",
        "b.yaml:5: an entry is a mapping",
    ]


@pytest.mark.parametrize("written", ["|\n    they left\n", ">-\n    they\n    left\n", "'they left'\n"])
def test_a_reason_may_be_a_block(written: str) -> None:
    [entry] = parse(f"version: 1\naccepted:\n- file: a\n  rule: b\n  reason: {written}", "b.yaml")
    assert entry.reason.strip() == "they left"
