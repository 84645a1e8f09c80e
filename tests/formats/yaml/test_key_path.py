"""The path of a Hiera key: what users write, and that what is shown reads back as the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyamlgpg.errors import KeyPathError
from eyamlgpg.formats.yaml.key_path import KeyPath

keys = st.text(st.characters(exclude_categories=["Cs"])) | st.text("ab01. '\"\t:")
segments = keys | st.integers(min_value=0, max_value=999_999_999)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("password", ("password",)),
        ("profile::db::password", ("profile::db::password",)),
        ("a.b.0", ("a", "b", 0)),
        ("'a.b'.c", ("a.b", "c")),
        ('"a.b".c', ("a.b", "c")),
        ("ports.'8080'", ("ports", "8080")),
        ("a.007", ("a", "007")),
        ("a.1234567890", ("a", "1234567890")),
        ("a.-1", ("a", "-1")),
        ("a.٣", ("a", "٣")),
        (" a . 'b ' ", ("a", "b ")),
        ("two words.x", ("two words", "x")),
        ("'it''s'", ("it's",)),
        ('"it\'s"', ("it's",)),
        ("''", ("",)),
    ],
)
def test_a_key_path_is_read_segment_by_segment(text: str, expected: tuple[str | int, ...]) -> None:
    assert KeyPath.parse(text) == KeyPath(expected)


@pytest.mark.parametrize("text", ["", ".", "a.", ".a", "a..b", "  ", "a. .b"])
def test_an_empty_segment_is_an_error_that_shows_the_path(text: str) -> None:
    with pytest.raises(KeyPathError) as caught:
        KeyPath.parse(text)
    assert caught.value.sentence == f"{text!r}: the key path has an empty segment"
    assert caught.value.hints == ("a segment that holds a dot stands in quotes: 'a.b'.c",)


@pytest.mark.parametrize("text", ["'a", 'a"', "it's", "'a'b", "'a'.\"b"])
def test_a_stray_quote_is_an_error_that_says_how_to_quote(text: str) -> None:
    with pytest.raises(KeyPathError) as caught:
        KeyPath.parse(text)
    assert caught.value.sentence == f"{text!r}: a quote in the key path has no partner, or stands inside a segment"
    assert "'it''s'" in caught.value.hints[0]


def test_a_key_path_that_is_not_utf_8_is_refused_without_repeating_it() -> None:
    with pytest.raises(KeyPathError) as caught:
        KeyPath.parse("caf\udce9")
    assert caught.value.sentence == "the key path is not valid UTF-8"


@given(st.lists(segments, min_size=1).map(tuple))
def test_what_is_shown_reads_back_as_the_same_path(path: tuple[str | int, ...]) -> None:
    assert KeyPath.parse(str(KeyPath(path))) == KeyPath(path)


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.text("a.'\" 0"))
def test_any_text_is_a_path_or_a_key_path_error(text: str) -> None:
    try:
        path = KeyPath.parse(text)
    except KeyPathError:
        return
    assert KeyPath.parse(str(path)) == path


def test_quotes_are_shown_only_where_they_are_needed() -> None:
    path = KeyPath(("profile::db", "a.b", 0, "0", "it's", "two words", ""))
    assert str(path) == "profile::db.'a.b'.0.'0'.\"it's\".two words.''"


def test_a_path_is_within_itself_and_its_parents_and_in_no_sibling() -> None:
    path = KeyPath(("a",)).child(0)
    assert path == KeyPath(("a", 0))
    assert [path.is_within(other) for other in (path, KeyPath(("a",)), KeyPath(), KeyPath(("a", 1)))] == [
        True,
        True,
        True,
        False,
    ]
