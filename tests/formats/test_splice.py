"""Spans are replaced, and nothing else changes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyamlgpg.formats.splice import Edit, differs_only_inside, splice


@st.composite
def edited_texts(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    text = draw(st.text(st.sampled_from("ab\n\r]日\udcff"), max_size=30))
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    spans = zip(places[::2], places[1::2], strict=False)
    return text, [Edit(start, end, draw(st.text(st.sampled_from("ab\n日"), max_size=5))) for start, end in spans]


def test_each_span_is_replaced() -> None:
    edits = [Edit(0, 1, "X"), Edit(1, 2, ""), Edit(3, 3, "new"), Edit(4, 6, "YZ!")]
    assert splice("abcdef", edits) == "Xcnewd" + "YZ!"


def test_no_edits_change_nothing() -> None:
    assert splice("a: b\r\n", []) == "a: b\r\n"


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(2, 3, "hunter2"), Edit(1, 2, "")],
        [Edit(0, 3, ""), Edit(2, 4, "hunter2")],
        [Edit(3, 2, "hunter2")],
        [Edit(-1, 2, "hunter2")],
        [Edit(5, 7, "hunter2")],
    ],
    ids=["not in order", "overlapping", "backwards", "before the text", "beyond the text"],
)
def test_impossible_edits_are_a_bug_and_prove_nothing(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match=r"does not follow offset \d in a text of 6 characters") as raised:
        splice("abcdef", edits)
    assert "hunter2" not in str(raised.value)
    assert not differs_only_inside("abcdef", "abcdef", edits)


@given(edited_texts())
def test_a_splice_differs_only_inside_its_spans(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    assert differs_only_inside(text, splice(text, edits), edits)


@given(edited_texts(), st.data())
def test_any_other_change_is_seen(case: tuple[str, list[Edit]], data: st.DataObject) -> None:
    text, edits = case
    new = splice(text, [replace(edit, replacement="#" * len(edit.replacement)) for edit in edits])
    place = data.draw(st.integers(0, len(new)))
    assert not differs_only_inside(text, f"{new[:place]}+{new[place:]}", edits)
    if place < len(new):
        assert not differs_only_inside(text, new[:place] + new[place + 1 :], edits)
        is_inside = new[place] == "#"
        assert differs_only_inside(text, f"{new[:place]}+{new[place + 1 :]}", edits) == is_inside
