"""A recipients file is read as the gem reads it, or with a doubt; edited, every other byte of it stays."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyamlgpg.errors import RecipientError
from eyamlgpg.formats.eyaml.recipients_edits import Pinned, add, pin, remove
from eyamlgpg.formats.eyaml.recipients_file import Entry, Oddity, OddLine, parse, parse_option, require_any
from eyamlgpg.model.recipients import Recipient
from tests.support.keys import ALICE, BOB, CAROL

A, B, C = ALICE.fingerprint, BOB.fingerprint, CAROL.fingerprint
CAROLS = Pinned(C, "Carol Chen <carol@example.com>")
BOBS = Pinned(B, "Bob Brown <bob@example.com>")
ALICES = Pinned(A, "Alice Anders (ops) <alice@example.com>")


def read(text: str) -> list[tuple[str, int | None]]:
    parsed = parse(text, "team")
    assert all(recipient.source == "team" for recipient in parsed.recipients)
    return [(recipient.name, recipient.line) for recipient in parsed.recipients]


def oddities(text: str) -> list[tuple[int, Oddity]]:
    return [(odd.line, odd.oddity) for odd in parse(text, "team").oddities]


def at(line: int, name: str) -> Recipient:
    return Recipient(name, "team", line)


def test_one_recipient_a_line_comments_and_blank_lines_left_out() -> None:
    assert read(f"# the team\n\n{A}\n  bob@example.com\t\n \t\n#carol@example.com\n") == [
        (A, 3),
        ("bob@example.com", 4),
    ]
    assert oddities(f"# the team\n\n{A}\n  bob@example.com\t\n") == []


@pytest.mark.parametrize("text", ["", "\n\n", "# nobody\n", "\ufeff", "  # nobody\n"])
def test_a_file_may_name_nobody(text: str) -> None:
    assert read(text) == []


def test_crlf_and_a_missing_final_newline_make_no_difference() -> None:
    assert read("# x\r\n\r\nalice@example.com\r\nbob@example.com") == [("alice@example.com", 3), ("bob@example.com", 4)]
    assert oddities("# x\r\n\r\nalice@example.com\r\nbob@example.com") == []


def test_the_comment_directly_above_is_told_with_an_entry() -> None:
    assert parse(f"# ops\n#  Alice \n{A}\nbob@example.com\n# gone\n\n{C}\n", "team").entries == (
        Entry(at(3, A), "Alice"),
        Entry(at(4, "bob@example.com")),
        Entry(at(7, C)),
    )


def test_a_byte_order_mark_is_no_part_of_a_name() -> None:
    assert read("\ufeffbob@example.com\n") == [("bob@example.com", 1)]
    assert parse("\ufeffbob@example.com\n", "team").warnings == (
        "team:1: hiera-eyaml-gpg takes the byte order mark for a letter",
    )


def test_an_indented_comment_is_a_comment_in_doubt() -> None:
    """The gem looks for the # before it strips the line, and finds no key named so."""
    assert read("alice@example.com\n\t# indented\n") == [("alice@example.com", 1)]
    assert oddities("alice@example.com\n\t# indented\n") == [(2, Oddity.INDENTED_COMMENT)]


def test_a_comment_behind_a_name_is_a_comment_in_doubt() -> None:
    assert read("alice@example.com # the boss\nbob#1@example.com\n") == [
        ("alice@example.com", 1),
        ("bob#1@example.com", 2),
    ]
    assert oddities("alice@example.com # the boss\nbob#1@example.com\n") == [(1, Oddity.TRAILING_COMMENT)]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("alice@example.com,bob@example.com", ["alice@example.com", "bob@example.com"]),
        (f"{A}, <bob@example.com> ,,", [A, "<bob@example.com>"]),
        ("Alice <alice@example.com>, 0xDEADBEEF # x", ["Alice <alice@example.com>", "0xDEADBEEF"]),
        ("alice@example.com,,bob@example.com", ["alice@example.com", "", "bob@example.com"]),
        ("alice@example.com,", ["alice@example.com"]),
        (",", [""]),
    ],
)
def test_a_comma_list_is_several_recipients_in_doubt(line: str, names: list[str]) -> None:
    assert read(line) == [(name, 1) for name in names]
    assert (1, Oddity.COMMA_LIST) in oddities(line)


@pytest.mark.parametrize("line", ["Doe, John <john@example.com>", "alice,bob", "Chen, Carol"])
def test_a_comma_inside_one_name_is_a_part_of_it(line: str) -> None:
    assert read(line) == [(line, 1)]
    assert oddities(line) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (A, f"0x{A.lower()}"),
        (A, " ".join(re.findall("....", A))),
        ("bob@example.com", "<BOB@example.com>"),
        (f"{A}!", f"{A.lower()}!"),
    ],
)
def test_the_same_recipient_twice_is_in_doubt(first: str, second: str) -> None:
    assert read(f"{first}\n{second}\n") == [(first, 1), (second, 2)]
    assert parse(f"{first}\n\n{second}\n", "team").oddities == (
        OddLine(3, Oddity.DUPLICATE, f"{second} stands in line 1 already"),
    )


def test_a_key_and_exactly_its_primary_key_are_two_recipients() -> None:
    assert oddities(f"{A}\n{A}!\n") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("alice@example.com,bob@example.com", ["alice@example.com", "bob@example.com"]),
        ("alice@example.com, bob@example.com", ["alice@example.com", "bob@example.com"]),
        ("alice@example.com,, ,", ["alice@example.com"]),
        ("alice@example.com,,bob@example.com", ["alice@example.com", "", "bob@example.com"]),
        (",alice@example.com", ["", "alice@example.com"]),
        ("Alice Anders", ["Alice Anders"]),
        ("", []),
        (" , ", []),
    ],
)
def test_a_comma_list_is_split_as_ruby_splits_it(text: str, names: list[str]) -> None:
    assert [(one.name, one.source) for one in parse_option(text, "list")] == [(name, "list") for name in names]


def test_a_comma_list_of_a_config_file_knows_its_line() -> None:
    assert parse_option("a@x,b@x", "config.yaml", 4) == (
        Recipient("a@x", "config.yaml", 4, "a@x,b@x"),
        Recipient("b@x", "config.yaml", 4, "a@x,b@x"),
    )


def test_a_source_that_names_nobody_is_an_error_with_its_name() -> None:
    with pytest.raises(RecipientError, match=r"^team: names no recipient, so there is nobody to encrypt to$"):
        require_any([], "team")
    require_any([at(1, A)], "team")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "# Carol Chen <carol@example.com>\nCCC\n"),
        ("bob@example.com\n", "bob@example.com\n# Carol Chen <carol@example.com>\nCCC\n"),
        ("bob@example.com", "bob@example.com\n# Carol Chen <carol@example.com>\nCCC"),
        ("# x\r\nbob@x\r\n", "# x\r\nbob@x\r\n# Carol Chen <carol@example.com>\r\nCCC\r\n"),
        ("# x\r\nbob@x", "# x\r\nbob@x\r\n# Carol Chen <carol@example.com>\r\nCCC"),
        ("\ufeff", "\ufeff# Carol Chen <carol@example.com>\nCCC\n"),
        ("bob@x\n\n", "bob@x\n\n# Carol Chen <carol@example.com>\nCCC\n"),
    ],
)
def test_an_entry_is_added_at_the_end_as_the_file_writes_its_lines(text: str, expected: str) -> None:
    assert add(text, [CAROLS]) == expected.replace("CCC", C)


def test_a_fingerprint_that_stands_there_is_not_added_again() -> None:
    assert add(f"0x{C.lower()}", [CAROLS]) == f"0x{C.lower()}"
    assert add("", [CAROLS, CAROLS]) == add("", [CAROLS])


def test_a_name_cannot_break_out_of_its_comment() -> None:
    wicked = Pinned(C, "Eve\nmallory@example.com\r\u2028\x1b[2J\x00\udc80 Müller")
    assert add("", [wicked]) == f"# Eve\\nmallory@example.com\\r\\u2028\\x1b[2J\\x00\\udc80 Müller\n{C}\n"


TEXTS = st.tuples(
    st.sampled_from(["", "\ufeff"]),
    st.lists(st.sampled_from(["", "# ops", "# Bob <bob@x>", A, "bob@x", "  # y", "a@x,b@y # z", "tab\t"]), max_size=6),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
).map(lambda made: made[0] + made[2].join(made[1]) + (made[2] if made[3] else ""))


@given(TEXTS)
def test_an_entry_added_and_removed_leaves_the_file_as_it_was(text: str) -> None:
    added = add(text, [CAROLS, BOBS])
    assert added.startswith(text)
    assert read(added)[-2:] == [(C, read(added)[-2][1]), (B, read(added)[-1][1])]
    assert remove(added, parse(added, "team").recipients[-2:]) == text


@given(TEXTS)
def test_to_remove_or_pin_nobody_changes_nothing(text: str) -> None:
    assert remove(text, []) == text
    assert pin(text, {}) == text


@given(TEXTS)
def test_to_remove_everybody_leaves_lines_that_were_there_and_name_nobody(text: str) -> None:
    rest = remove(text, parse(text, "team").recipients)
    assert read(rest) == []
    assert set(rest.removeprefix("\ufeff").splitlines()) <= set(text.removeprefix("\ufeff").splitlines())


TEAM = f"""# ops
# Alice Anders (ops) <alice@example.com>
{A}
# Bob Brown <bob@example.com>
{B}
carol@example.com
"""


def test_a_name_over_a_fingerprint_goes_with_it() -> None:
    assert remove(TEAM, [at(5, B)]) == TEAM.replace(f"# Bob Brown <bob@example.com>\n{B}\n", "")
    assert remove(TEAM, [at(3, A), at(6, "carol@example.com")]) == f"# ops\n# Bob Brown <bob@example.com>\n{B}\n"


@pytest.mark.parametrize(
    ("text", "gone", "expected"),
    [
        (f"# ops\n{A}\n{B}\n", [at(2, A)], f"# ops\n{B}\n"),
        (f"# ops\n{A}\n{B}\n", [at(2, A), at(3, B)], "# ops\n"),
        (f"# puppet-prod\n{A}\n\n{B}\n", [at(2, A)], f"\n{B}\n"),
        (f"# puppet-prod\n{A}\n# puppet-dev\n{B}", [at(4, B)], f"# puppet-prod\n{A}"),
        (f"# Ask Bob\n# before you change this\n{A}\n", [at(3, A)], "# Ask Bob\n# before you change this\n"),
        ("# Bob <bob@x>\nbob@x\n", [at(2, "bob@x")], "# Bob <bob@x>\n"),
        (f"# Bob <bob@x>\n\n{B}\n", [at(3, B)], "# Bob <bob@x>\n\n"),
        (f"  # Bob <bob@x>\n{B}\n", [at(2, B)], "  # Bob <bob@x>\n"),
        (f"{A}\n{B}\n", [at(1, A)], f"{B}\n"),
        ("# x\r\na@x\r\nb@x\r\n", [at(2, "a@x")], "# x\r\nb@x\r\n"),
        ("a@x\nb@x", [at(2, "b@x")], "a@x"),
        ("a@x\r\nb@x", [at(2, "b@x")], "a@x"),
        ("\ufeffa@x\nb@x\n", [at(1, "a@x")], "\ufeffb@x\n"),
        ("a@x, b@x,c@x  # y\n", [at(1, "b@x")], "a@x,c@x # y\n"),
        ("a@x,b@x\r\n", [at(1, "b@x")], "a@x\r\n"),
        (f"# both\n{A},{B}\n", [at(2, A), at(2, B)], "# both\n"),
        ("a@x\na@x\n", [at(2, "a@x")], "a@x\n"),
        ("a@x\n", [at(2, "a@x"), at(1, "b@x")], "a@x\n"),
    ],
)
def test_removing_takes_the_line_and_nothing_else(text: str, gone: list[Recipient], expected: str) -> None:
    assert remove(text, gone) == expected


@pytest.mark.parametrize(
    ("text", "pins", "expected"),
    [
        ("# ops\nbob@x\n\nalice\n", {at(2, "bob@x"): BOBS}, "# ops\n# BB\nBBB\n\nalice\n"),
        ("bob@x\r\nalice\r\n", {at(1, "bob@x"): BOBS, at(2, "alice"): ALICES}, "# BB\r\nBBB\r\n# AA\r\nAAA\r\n"),
        ("  bob@x", {at(1, "bob@x"): BOBS}, "# BB\nBBB"),
        ("\ufeffbob@x", {at(1, "bob@x"): BOBS}, "\ufeff# BB\nBBB"),
        ("# BB\nBBB\n", {at(2, B): BOBS}, "# BB\nBBB\n"),
        ("# B. <BOB@example.com>\nbob@x\n", {at(2, "bob@x"): BOBS}, "# B. <BOB@example.com>\nBBB\n"),
        ("# ops\nbob@x\n", {at(2, "bob@x"): Pinned(B, "Ops")}, "# ops\nBBB\n"),
        ("BBB\n", {at(1, B): BOBS}, "# BB\nBBB\n"),
        ("bob@x # the boss\n", {at(1, "bob@x"): BOBS}, "# the boss\n# BB\nBBB\n"),
        ("bob@x,c@x,alice@x\n", {at(1, "bob@x"): BOBS, at(1, "alice@x"): ALICES}, "# BB\nBBB\nc@x\n# AA\nAAA\n"),
        ("bob@x\n", {at(1, "bob@x"): Pinned(f"{B}!", BOBS.name)}, "# BB\nBBB!\n"),
    ],
)
def test_pinning_writes_the_name_over_the_full_fingerprint(
    text: str, pins: dict[Recipient, Pinned], expected: str
) -> None:
    short = {"BBB": B, "AAA": A, "BB": BOBS.name, "AA": ALICES.name}

    def written(pattern: str) -> str:
        return re.sub(r"\b(BBB|AAA|BB|AA)\b", lambda match: short[match[0]], pattern)

    assert pin(written(text), pins) == written(expected)
