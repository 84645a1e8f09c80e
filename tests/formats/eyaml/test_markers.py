"""The grammar of DEC(n)::GPG[…]!: lossless for any plaintext, and no marker half open unseen."""

import json
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eyamlgpg.errors import FormatError, Several, flattened
from eyamlgpg.formats.eyaml.markers import Marker, is_showable, numbers, parse, render
from tests.support.timing import seconds
from tests.support.vectors import Vector, vectors

SECRET = "hunter"
"""How the contents of the half-open markers in the vectors begin."""

SIGNS = ["]", "\\", "!", "]!", "]\\!", "DEC", "D", "EC", "(1)", "(", ")", "7", "::", ":", "GPG", "GPG[", "[", "_", "٣"]
OPENERS = ["DEC(1)::GPG[", "DEC::GPG[", "DEC\\::X[", "DEC\\\\(22)::GPG["]
HAZARDS = st.sampled_from([*SIGNS, *OPENERS, "\n", "\r", ">\n  ", "\udcff", "日", "#"])
CONTENTS = st.one_of(st.lists(HAZARDS, max_size=20).map("".join), st.text())
NUMBERS = st.one_of(st.none(), st.integers(0, 10**18 - 1))
SCHEMES = st.sampled_from(["GPG", "gpg", "PKCS7", "X_1"])
OPENER = re.compile(r"DEC(\([0-9]+\))?::[A-Za-z0-9_]+\[")
HARMLESS = st.lists(HAZARDS, max_size=6).map("".join).filter(lambda text: not OPENER.search(text))


def as_described(marker: Marker) -> list[object]:
    return [marker.line, marker.number, marker.scheme, marker.folded, marker.content]


def sentences(text: str) -> list[str]:
    """What is wrong with a text, each sentence; nothing where nothing is."""
    try:
        parse(text)
    except (FormatError, Several) as error:
        return [single.sentence for single in flattened([error])]
    return []


@pytest.mark.parametrize("vector", vectors("markers"), ids=lambda vector: vector.name)
def test_the_vectors_are_understood_as_they_say(vector: Vector) -> None:
    text = vector.content.decode()
    errors = sentences(text)
    assert errors == vector.all("error")
    if not errors:
        assert [as_described(marker) for marker in parse(text)] == [json.loads(line) for line in vector.all("marker")]


@pytest.mark.parametrize("vector", vectors("markers"), ids=lambda vector: vector.name)
def test_markers_are_written_as_the_vectors_have_them(vector: Vector) -> None:
    text = vector.content.decode()
    for marker in () if vector.all("error") else parse(text):
        assert render(marker.number, marker.scheme, marker.content) == text[marker.start : marker.end]


@settings(max_examples=1000)
@given(NUMBERS, SCHEMES, CONTENTS)
@example(0, "GPG", "")
@example(1, "GPG", "]")
@example(1, "GPG", "]\\")
@example(1, "GPG", "!]!")
@example(1, "GPG", "]]!!")
@example(1, "GPG", "]\\!]\\\\!]!")
@example(1, "GPG", "DECDEC(2)::GPG[")
@example(1, "GPG", "DEC\\DEC\\\\::X[]!")
def test_any_plaintext_comes_back(number: int | None, scheme: str, content: str) -> None:
    text = render(number, scheme, content)
    assert parse(text) == (Marker(0, len(text), number, scheme, content, 1, None),)


@settings(max_examples=500)
@given(st.lists(st.tuples(HARMLESS, NUMBERS, SCHEMES, CONTENTS), max_size=6), HARMLESS)
def test_any_buffer_of_markers_comes_back(parts: list[tuple[str, int | None, str, str]], tail: str) -> None:
    """Whatever harmless text stands between them, even such as continues or begins a marker's signs."""
    text, expected = "", []
    for before, number, scheme, content in parts:
        text += before
        start, line = len(text), text.count("\n") + 1
        marker = render(number, scheme, content)
        text += marker
        expected.append((start, start + len(marker), number, scheme, content, line))
    found = parse(text + tail)
    assert [(one.start, one.end, one.number, one.scheme, one.content, one.line) for one in found] == expected
    assert numbers(text + tail) == {number for _, number, _, _ in parts if number is not None}


@given(st.text(st.sampled_from("ab ]\\!\n日")))
def test_only_the_two_hazards_are_shown_otherwise_than_by_the_gems(content: str) -> None:
    shown = render(1, "GPG", content)
    assert (shown == f"DEC(1)::GPG[{content}]!") == (re.search(r"\]\\*!", content) is None)


@given(st.lists(st.tuples(HARMLESS, st.integers(0, 99), CONTENTS), min_size=2, max_size=6), st.data())
def test_a_deleted_end_is_seen_and_only_that_marker_is_named(
    parts: list[tuple[str, int, str]], data: st.DataObject
) -> None:
    broken = data.draw(st.integers(0, len(parts) - 2))
    text, line = "", 0
    for place, (_, number, content) in enumerate(parts):
        marker = render(number, "GPG", content)
        if place == broken:
            marker, line = marker.removesuffix("]!") + ".", text.count("\n") + 1
        text += f"k: {marker}\n"
    (sentence,) = sentences(text)
    assert sentence.startswith(
        f"line {line}: the marker DEC({parts[broken][1]}) is half open: another marker starts on"
    )


def test_an_error_shows_no_plaintext_and_says_what_to_do() -> None:
    with pytest.raises(FormatError) as raised:
        parse("a: DEC(1)::GPG[hunter2\nb: DEC(2)::GPG[hunter3]!\n")
    words = " ".join([raised.value.sentence, *raised.value.hints])
    assert SECRET not in words
    assert raised.value.hints == (
        "put ]! where its plaintext ends",
        "if the other one belongs to the plaintext, write DEC\\ in place of its DEC",
    )


def test_the_hint_for_an_opener_in_a_plaintext_is_right() -> None:
    (marker,) = parse("DEC(1)::GPG[see DEC\\(2)::GPG[x]!")
    assert marker.content == "see DEC(2)::GPG[x"


def test_a_number_that_nobody_wrote_is_an_error_and_no_number() -> None:
    digits = "1" * 5000
    text = f"a: DEC({digits})::GPG[hunter2]!\nb: DEC(7)::GPG[x]!"
    assert sentences(text) == [f"line 1: the marker DEC({digits[:18]})… has a number of 5000 digits"]
    assert numbers(text) == {7}


def test_numbers_are_those_of_all_openers() -> None:
    assert numbers("# DEC(3)::GPG[ DEC(04)::gpg[x]! DEC::GPG[y]! DEC(5) DEC\\(6)::GPG[ DEC(٧)::GPG[") == {3, 4}


def test_a_repr_shows_no_plaintext() -> None:
    (marker,) = parse("k: DEC(1)::GPG[hunter2]!")
    assert repr(marker) == "Marker(start=3, end=24, number=1, scheme='GPG', line=1, folded=None)"


@pytest.mark.parametrize(
    "plaintext",
    ["", "hunter2", "a\tb\r\nc\n", "pässwörd 密码🔐", "\ufeffx", "a\u2028b\u2029c\u200b", "\xa0", "\ufffd"],
)
def test_text_is_showable(plaintext: str) -> None:
    assert is_showable(plaintext.encode())


@pytest.mark.parametrize(
    "plaintext",
    [
        *(bytes([octet]) for octet in (*range(9), 11, 12, *range(14, 32), 127)),
        *(chr(point).encode() for point in range(0x80, 0xA0)),
        *(b"caf\xe9", b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\x80", b"\xe6\x97"),
    ],
)
def test_control_characters_and_other_bytes_are_not_showable(plaintext: bytes) -> None:
    assert not is_showable(plaintext)
    assert not is_showable(b"text " + plaintext + b" text")


@pytest.mark.parametrize(
    ("hostile", "errors"),
    [
        ("DEC(1)::GPG[x" * 40_000, 40_000),
        ("DEC(1)::GPG[x" * 40_000 + "]!", 39_999),
        ("]!" * 800_000, 0),
        ("DEC::" + "DEC" * 600_000, 0),
        ("DEC" + "\\" * 1_600_000, 0),
        ("DEC(" + "1" * 1_600_000, 0),
        ("DEC(" + "1" * 1_600_000 + ")::GPG[x]!", 1),
        ("DEC::GPG[" + "]\\" * 800_000 + "]!", 0),
    ],
    ids=["never ended", "one ended", "ends", "names", "backslashes", "digits", "long number", "brackets"],
)
def test_a_hostile_text_takes_no_longer_than_reading_it(hostile: str, errors: int) -> None:
    assert len(sentences(hostile)) == errors
    assert seconds(lambda: sentences(hostile)) < 2


def test_a_hostile_plaintext_is_shown_and_read_at_once() -> None:
    content = "DEC::GPG[" * 40_000 + "]!" * 40_000 + "]" + "\\" * 400_000 + "!" + "DEC" + "\\" * 400_000 + "::GPG["
    assert [marker.content for marker in parse(render(1, "GPG", content))] == [content]
    assert seconds(lambda: parse(render(1, "GPG", content))) < 2
