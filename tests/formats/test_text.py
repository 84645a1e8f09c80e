"""Text of any bytes, and places in it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eyamlgpg.formats.text import Lines, decode, encode, folded_indent, line_of


@given(st.binary())
@example(b"caf\xe9: \xff\xfe\r\n")
@example("\ufeffk: 日本\u2028".encode())
@example(b"\xed\xa0\x80")
def test_any_bytes_survive(content: bytes) -> None:
    assert encode(decode(content)) == content


def test_only_lf_ends_a_line() -> None:
    text = "a\r\nb\u2028c\x85d\re\n\nf"
    lines = Lines(text)
    assert [lines.line(offset) for offset in range(len(text) + 1)] == [1, 1, 1, *[2] * 8, 3, 4, 4]
    assert [lines.column(offset) for offset in range(len(text) + 1)] == [1, 2, 3, *range(1, 9), 1, 1, 2]


def test_an_empty_text_has_one_line() -> None:
    assert (Lines("").line(0), Lines("").column(0)) == (1, 1)


@given(st.text(st.sampled_from("a\r\n日")), st.data())
def test_one_look_up_and_many_agree(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    assert Lines(text).line(offset) == line_of(text, offset)


def test_lines_show_nothing_of_the_text() -> None:
    assert repr(Lines("a: hunter2\nb: c\n")) == "Lines()"


@pytest.mark.parametrize(
    ("before", "indent"),
    [
        (">\n", ""),
        (">\n  ", "  "),
        ("k: &a >\n\n \t\r\n ", "\n \t\r\n "),
        ("a > b >\n\v\f", "\v\f"),
        (">", None),
        ("> \n  ", None),
        (">-\n  ", None),
        (">\r\n  ", None),
        (">\n\xa0", None),
        ("\n  ", None),
        ("", None),
    ],
)
def test_a_block_begins_after_a_folding_sign_a_line_feed_and_white_space(before: str, indent: str | None) -> None:
    assert folded_indent(before, len(before)) == indent
