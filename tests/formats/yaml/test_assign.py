"""What cannot be set is refused, and a plan is proved before it is written."""

from dataclasses import replace

import pytest

from eyamlgpg.errors import FormatError, KeyPathError
from eyamlgpg.formats.splice import Edit
from eyamlgpg.formats.yaml.assign import Assignment, assign, verify_assignment
from eyamlgpg.formats.yaml.key_path import KeyPath
from tests.support.assignments import MESSAGE, NEW, OLD, OLD_MESSAGE, block


@pytest.mark.parametrize(
    ("text", "path", "sentence"),
    [
        ("a: &x 1\nb: *x\n", "b", "b: is the alias *x, whose value stands on line 1"),
        ("a: &x {c: 1}\nb: *x\n", "b.c", "b: is the alias *x, whose value stands on line 1"),
        ("a: !int 1\n", "a", "a: its value has the tag !int, with which Ruby makes something else of a string"),
        ("a: !!binary ''\n", "a",
         "a: its value has the tag tag:yaml.org,2002:binary, with which Ruby makes something else of a string"),
        ("a: !!null\n", "a.b", "a.b: there is no such key, since a holds a single value"),
        ("a: [1]\n", "a.1", "a.1: there is no such item, a has items 0 to 0"),
        ("a: [1]\n", "a.b", "a.b: there is no such item, a has items 0 to 0"),
        ("a: {b: 1}\n", "a", "a: holds a mapping, not a single value"),
        ("a: []\n", "a", "a: holds a sequence, not a single value"),
        ("a: x\n", "a.b", "a.b: there is no such key, since a holds a single value"),
        ("a: 1\n", "b.0", "b.0: there is no such item, and sequences are not made or made longer"),
        ("a: {b: 1}\n", "a.0", "a.0: there is no such item, and sequences are not made or made longer"),
        ("d: &d {p: {q: 1}}\na:\n  <<: *d\n", "a.p.q", "a.p: comes through the merge key <<"),
        ("d: &d {p: 1}\na:\n  p: 1\n  <<: *d\n", "a.p", "a.p: comes through the merge key <<"),
    ],
)  # fmt: skip
def test_what_cannot_be_set_alone_is_refused_whatever_the_message(text: str, path: str, sentence: str) -> None:
    for message in (b"", MESSAGE):
        with pytest.raises(KeyPathError) as caught:
            assign(text, KeyPath.parse(path), message)
        assert caught.value.sentence == sentence


@pytest.mark.parametrize(("text", "path"), [("? a\n", "a"), ("[a: 1]\n", "0.b"), ("? a\n", "a.b"), ("{a}\n", "a")])
def test_a_place_that_no_edit_fits_is_found_out_before_anything_is_written(text: str, path: str) -> None:
    assignment = assign(text, KeyPath.parse(path), MESSAGE)
    with pytest.raises(FormatError) as caught:
        verify_assignment(text, assignment)
    assert caught.value.sentence == f"{path}: the value cannot be put there without a change to something else"


def test_a_file_that_is_no_yaml_is_not_changed() -> None:
    with pytest.raises(FormatError):
        assign("a: [\n", KeyPath.parse("a"), MESSAGE)


TEXT = f"a: 1\nb: &x 2\nc: *x\nd: [x]\n---\na: {OLD}\n"
GOOD = assign(TEXT, KeyPath.parse("a"), MESSAGE)


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(
    "bad",
    [
        replace(GOOD, text=changed(GOOD.text, "2\n", "3\n")),
        replace(GOOD, text=GOOD.text + "\n"),
        replace(GOOD, message=OLD_MESSAGE),
        replace(GOOD, path=KeyPath(("b",))),
        replace(GOOD, path=KeyPath(("q",))),
    ],
)
def test_a_new_text_that_is_not_what_was_planned_is_refused(bad: Assignment) -> None:
    verify_assignment(TEXT, GOOD)
    with pytest.raises(FormatError):
        verify_assignment(TEXT, bad)


@pytest.mark.parametrize(
    "edit",
    [
        Edit(3, 4, f"{NEW}\nq: 1"),
        Edit(3, 4, f"{NEW}\nb: 1"),
        Edit(3, 4, f"[{NEW}"),
        Edit(3, 4, f"x {NEW}"),
        Edit(3, 4, f'"\\x45{NEW[1:]}"'),
        Edit(3, 4, f'"{NEW}\\n\\n"'),
        Edit(3, 4, f"|{block(MESSAGE, '  ')}"),
        Edit(3, 4, NEW.replace("GPG", "PKCS7")),
        Edit(3, 4, f"{NEW} {NEW}"),
        Edit(3, 4, f"{NEW}\n---"),
    ],
)
def test_a_plan_that_changes_more_than_the_one_value_is_refused(edit: Edit) -> None:
    text = TEXT[: edit.start] + edit.replacement + TEXT[edit.end :]
    with pytest.raises(FormatError):
        verify_assignment(TEXT, replace(GOOD, edits=(edit,), text=text))


def test_an_assignment_never_shows_its_message_or_text() -> None:
    assert repr(GOOD) == "Assignment(path=KeyPath(segments=('a',)), changed=KeyPath(segments=('a',)))"
