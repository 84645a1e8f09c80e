"""Reading and setting one value: what changes, what stays, and what is refused."""

import warnings
from base64 import b64encode
from copy import deepcopy
from dataclasses import replace
from textwrap import wrap
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import ReusedAnchorWarning

from eyamlgpg.errors import FormatError, KeyPathError
from eyamlgpg.formats.assign import Assignment, assign, read, verify_assignment
from eyamlgpg.formats.key_path import KeyPath
from eyamlgpg.formats.locate import Structure, locate
from eyamlgpg.formats.splice import Edit
from eyamlgpg.formats.values import find_values

OLD_MESSAGE = b"\x85\x01\x0c\x03" + bytes(range(1, 9)) + b"\x01" * 120
MESSAGE = b"\x85\x01\x0c\x03" + bytes(range(8)) + b"\x02" * 120
LONG_MESSAGE = MESSAGE * 40


def token(message: bytes) -> str:
    return f"ENC[GPG,{b64encode(message).decode()}]"


def block(message: bytes, indent: str, newline: str = "\n") -> str:
    """The lines of a token behind a block header."""
    return "".join(f"{newline}{indent}{line}" for line in wrap(token(message), 60))


NEW, OLD = token(MESSAGE), token(OLD_MESSAGE)


def after(text: str, path: str, message: bytes = MESSAGE) -> str:
    """The text after a change that was proved."""
    assignment = assign(text, KeyPath.parse(path), message)
    verify_assignment(text, assignment)
    return assignment.text


# read


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("a: 1\n", "a", "1"),
        ("a::b:\n  c:\n  - x\n  - d: 'it''s'\n", "a::b.c.1.d", "it's"),
        ("ports: {8080: x}\n", "ports.8080", "x"),
        ("ports: {8080: x}\n", "ports.'8080'", "x"),
        ("a.b: x\n", "'a.b'", "x"),
        ("a: >-\n  x\n  y\n", "a", "x y"),
        ("a:\n", "a", ""),
        ("a: 1\na: 2\n", "a", "2"),
        ("a: &x {b: 1}\nc: *x\n", "c.b", "1"),
        ("a: &x 1\nc: *x\n", "c", "1"),
        ("&k a: 1\n*k : 2\n", "a", "2"),
        ("a: 1\n---\na: 2\n", "a", "1"),
        ("d: &d {p: 1}\na:\n  <<: *d\n", "a.p", "1"),
        ("d: &d {p: 1}\na:\n  p: 2\n  <<: *d\n", "a.p", "1"),
        ("d: &d {p: 1}\na:\n  <<: *d\n  p: 2\n", "a.p", "2"),
        ("d: &d {p: 1}\ne: &e {p: 2, q: 3}\na: {<<: [*d, *e]}\n", "a.p", "1"),
        ("d: &d {p: 1}\ne: &e {p: 2, q: 3}\na: {<<: [*d, *e]}\n", "a.q", "3"),
        ("d: &d {p: 1}\ne: &e {<<: *d}\na: {<<: *e}\n", "a.p", "1"),
        ("a: {<<: 1}\n", "a.<<", "1"),
    ],
)
def test_a_value_is_read_as_puppet_reads_it(text: str, path: str, expected: str) -> None:
    assert read(text, KeyPath.parse(path)).value == expected


@pytest.mark.parametrize(
    ("text", "path", "sentence", "hints"),
    [
        ("password: 1\n", "pasword", "pasword: there is no such key", ("did you mean password?",)),
        ("a: {b.c: 1}\n", "a.b.c", "a.b: there is no such key", ("did you mean a.'b.c'?",)),
        ("a: {&k b: 1, ? [x] : 2}\n", "a.q", "a.q: there is no such key", ()),
        ("", "a.b", "a: there is no such key", ()),
        ("# c\n", "a", "a: there is no such key", ()),
        ("a:\n", "a.b", "a.b: there is no such key", ()),
        ("a: x\n", "a.b", "a.b: there is no such key, since a holds a single value", ()),
        ("a: ''\n", "a.b", "a.b: there is no such key, since a holds a single value", ()),
        ("x\n", "a", "a: there is no such key, since the document holds a single value", ()),
        ("a: [x, y]\n", "a.2", "a.2: there is no such item, a has items 0 to 1", ()),
        ("a: [x, y]\n", "a.'0'", "a.'0': there is no such item, a has items 0 to 1", ()),
        ("[]\n", "0", "0: there is no such item, the document has no items", ()),
        ("a: {b: 1}\n", "a", "a: holds a mapping, not a single value", ("name one key or item inside it",)),
        ("a: {b: [x]}\n", "a.b", "a.b: holds a sequence, not a single value", ("name one key or item inside it",)),
    ],
)
def test_where_there_is_no_single_value_the_error_says_what_there_is(
    text: str, path: str, sentence: str, hints: tuple[str, ...]
) -> None:
    with pytest.raises(KeyPathError) as caught:
        read(text, KeyPath.parse(path))
    assert (caught.value.sentence, caught.value.hints) == (sentence, hints)


def test_a_file_that_is_no_yaml_is_refused_with_the_line() -> None:
    with pytest.raises(FormatError) as caught:
        read("a: 1\nb: [\n", KeyPath.parse("a"))
    assert caught.value.sentence == ("line 3: the file cannot be read as YAML: did not find expected node content")


def test_merge_keys_that_name_each_other_many_times_over_cost_nothing() -> None:
    text = "a0: &a0 {x: 1}\n" + "".join(
        f"a{level}: &a{level} {{<<: [{', '.join([f'*a{level - 1}'] * 10)}]}}\n" for level in range(1, 3000)
    )
    assert read(text, KeyPath.parse("a2999.x")).value == "1"
    with pytest.raises(KeyPathError):
        read(text, KeyPath.parse("a2999.y"))


# a value that is there


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("a: 1 # c\nb: 2\n", "a", "a: {} # c\nb: 2\n"),
        ("a: 'x' # c\n", "a", "a: '{}' # c\n"),
        ('a: "x\\\n  y"\r\nb: 2\r\n', "a", 'a: "{}"\r\nb: 2\r\n'),
        ("a: one\n  two\n\nb: 2\n", "a", "a: {}\n\nb: 2\n"),
        ("a:\nb: 2\n", "a", "a: {}\nb: 2\n"),
        ("a: # c\n", "a", "a: {} # c\n"),
        ("a: ~", "a", "a: {}"),
        ("a: null\n", "a", "a: {}\n"),
        ("a: |\n  x\n  y  \n\n# c\nb: 1\n", "a", "a: {}\n\n# c\nb: 1\n"),
        ("a: >- # c\r\n  x\r\n\r\n  y", "a", "a: {} # c"),
        ("a: |\n", "a", "a: {}\n"),
        ("a: &x !!str foo\nb: *x\n", "a", "a: &x !!str {}\nb: *x\n"),
        ("a: ! 'foo'\n", "a", "a: ! '{}'\n"),
        ("a: &x\nb: 1\n", "a", "a: &x {}\nb: 1\n"),
        ("a:\n  &x # c\n  foo\n", "a", "a:\n  &x # c\n  {}\n"),
        ("a: [x, 'y', ]\n", "a.0", 'a: ["{}", \'y\', ]\n'),
        ("a: [x, 'y', ]\n", "a.1", "a: [x, '{}', ]\n"),
        ("z: { a: }\n", "z.a", 'z: { a: "{}" }\n'),
        ("a:\n- x # c\n-\n", "a.0", "a:\n- {} # c\n-\n"),
        ("a:\n- x # c\n-\n", "a.1", "a:\n- x # c\n- {}\n"),
        ("? a\n: x\n", "a", "? a\n: {}\n"),
        ("a: 1\na: 2\n", "a", "a: 1\na: {}\n"),
        ("d: &d {p: 1}\na:\n  <<: *d\n  p: 2\n", "a.p", "d: &d {p: 1}\na:\n  <<: *d\n  p: {}\n"),
        ("\ufeffa: 1\n---\na: 1\n", "a", "\ufeffa: {}\n---\na: 1\n"),
        ("a: x ENC[GPG,AAAA]\n", "a", "a: {}\n"),
    ],
)  # fmt: skip
def test_a_value_is_replaced_and_its_comment_anchor_and_quotes_are_kept(text: str, path: str, expected: str) -> None:
    assert after(text, path) == expected.replace("{}", NEW)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"a: {OLD} # c\n", f"a: {NEW} # c\n"),
        (f"a: '{OLD}'\n", f"a: '{NEW}'\n"),
        ("a: ENC[gpg,hQ==]\n", f"a: {NEW}\n"),
        ("a: ENC[PKCS7,MIIB]\n", f"a: {NEW}\n"),
        (f"a: >\n    {OLD}\nb: 1\n", f"a: >\n    {NEW}\nb: 1\n"),
        (f"a: |-\n    {OLD}\nb: 1\n", f"a: |-\n    {NEW}\nb: 1\n"),
        (f"a: >{block(OLD_MESSAGE, '      ')}\n", f"a: >{block(MESSAGE, '      ')}\n"),
        (f"a: >- # c{block(OLD_MESSAGE, '  ')}\n\n", f"a: >- # c{block(MESSAGE, '  ')}\n\n"),
        (f"a: >\r{block(OLD_MESSAGE, '  ', chr(10))}", f"a: >\r{block(MESSAGE, '  ', chr(10))}"),
        (
            f"a: >{block(OLD_MESSAGE, ' ', chr(13) + chr(10))}\r\nb: 1\r\n",
            f"a: >{block(MESSAGE, ' ', chr(13) + chr(10))}\r\nb: 1\r\n",
        ),
        (f"a: '{block(OLD_MESSAGE, '  ')[3:]}'\n", f"a: '{block(MESSAGE, '  ')[3:]}'\n"),
        (f"[\n{block(OLD_MESSAGE, ' ')[2:]} # c\n".replace("[\n", "a: "), f"a: {block(MESSAGE, ' ')[2:]} # c\n"),
    ],
)
def test_a_token_keeps_the_layout_of_the_old_one(old: str, new: str) -> None:
    assert after(old, "a") == new


@pytest.mark.parametrize(
    "old",
    [
        f"a: |{block(OLD_MESSAGE, '  ')}\n",
        f"a: >\n  {OLD[:60]}\n    {OLD[60:]}\n",
        f"a: >\n\n  {OLD}\n",
        f"a: >+\n  {OLD}\n\n",
        f"a: ' {OLD}'\n",
        f'a: "\\x45{OLD[1:]}"\n',
    ],
)
def test_a_token_that_puppet_would_not_read_alone_is_written_anew(old: str) -> None:
    new = after(old, "a").strip("\n")
    assert new in {f"a: {NEW}", f"a: '{NEW}'", f'a: "{NEW}"'}


def test_a_long_value_becomes_a_block_where_one_may_stand() -> None:
    assert after("a:\n  b: x   \n  c: y\n", "a.b", LONG_MESSAGE) == f"a:\n  b: >{block(LONG_MESSAGE, '    ')}\n  c: y\n"
    assert after("a: |-\n   x\n   y  \n\nb: 1\n", "a", LONG_MESSAGE) == f"a: >{block(LONG_MESSAGE, '  ')}\n\nb: 1\n"
    assert after("a:\n- &x\n- 'y'", "a.0", LONG_MESSAGE) == f"a:\n- &x >{block(LONG_MESSAGE, '  ')}\n- 'y'"
    assert after("a: 1\n", "b.c", LONG_MESSAGE) == f"a: 1\nb:\n  c: >{block(LONG_MESSAGE, '    ')}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: x # c\n", "a: {} # c\n"),
        ("a: | # c\n  x\n", "a: {} # c\n"),
        ("a: x\r\n", "a: {}\r\n"),
        ("{a: x}\n", '{a: "{}"}\n'),
        ("a: x\n\n   # as far in as the block would be\n", "a: {}\n\n   # as far in as the block would be\n"),
        ("a: 'x' # c\n", "a: '{}' # c\n"),
    ],
)
def test_a_long_value_stays_on_one_line_where_no_block_can_stand(text: str, expected: str) -> None:
    assert after(text, "a", LONG_MESSAGE) == expected.replace("{}", token(LONG_MESSAGE))


def test_an_item_on_the_line_below_its_dash_gets_one_line_however_long() -> None:
    assert after("-\n  x\n", "0", LONG_MESSAGE) == f"-\n  {token(LONG_MESSAGE)}\n"


def test_a_token_of_four_kilobytes_is_a_line_and_a_longer_one_a_block() -> None:
    size = (4096 - len("ENC[GPG,]")) // 4 * 3
    assert after("a: x\n", "a", b"\x85" * size) == f"a: {token(bytes([0x85]) * size)}\n"
    assert after("a: x\n", "a", b"\x85" * (size + 3)) == f"a: >{block(bytes([0x85]) * (size + 3), '  ')}\n"


# a value that is not there


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("a: 1\n", "b", "a: 1\nb: {}\n"),
        ("a: 1", "b", "a: 1\nb: {}"),
        ("a: 1\r\n", "b.c", "a: 1\r\nb:\r\n  c: {}\r\n"),
        ("a: 1 # c\n\n# end\n", "b", "a: 1 # c\nb: {}\n\n# end\n"),
        ("a:\n    b: 1\nc: 2\n", "x.q.z", "a:\n    b: 1\nc: 2\nx:\n    q:\n        z: {}\n"),
        ("a:\n   b:\n   - 1\nc: 2\n", "a.d.e", "a:\n   b:\n   - 1\n   d:\n      e: {}\nc: 2\n"),
        ("a:\n  b:\n      c: 1\n", "a.d.e", "a:\n  b:\n      c: 1\n  d:\n      e: {}\n"),
        ("a:\n- b: 1\n  c: [1,\n   2] # d\n- y\n", "a.0.d", "a:\n- b: 1\n  c: [1,\n   2] # d\n  d: {}\n- y\n"),
        ("a: &x 1\nb: *x # c\n", "c", "a: &x 1\nb: *x # c\nc: {}\n"),
        ("a: |\n  x\n\n\n# c\n", "b", "a: |\n  x\nb: {}\n\n\n# c\n"),
        ("a: |+\n  x\n\n# c\n", "b", "a: |+\n  x\n\nb: {}\n# c\n"),
        ("a: >2+\n   x\n\n...\n", "b", "a: >2+\n   x\n\nb: {}\n...\n"),
        ("a: |\n  x", "b", "a: |\n  x\nb: {}"),
        ("a: 1\n...\n", "b", "a: 1\nb: {}\n...\n"),
        ("a: 1\n\n# c\n---\nb: 1\n", "b", "a: 1\nb: {}\n\n# c\n---\nb: 1\n"),
        ("? a\n: 1\n? b\n", "c", "? a\n: 1\n? b\nc: {}\n"),
        ("  a: 1\n", "b", "  a: 1\n  b: {}\n"),
        ("\ufeffa: 1\n", "b.c", "\ufeffa: 1\nb:\n  c: {}\n"),
        ("d: &d {p: 1}\na:\n  <<: *d\n", "a.p", "d: &d {p: 1}\na:\n  <<: *d\n  p: {}\n"),
        ("", "a", "a: {}\n"),
        ("\ufeff", "a", "\ufeffa: {}\n"),
        ("# c\n", "a.b", "# c\na:\n  b: {}\n"),
        ("# c", "a", "# c\na: {}"),
        ("---\n", "a", "---\na: {}\n"),
        ("--- # c\n# d", "a", "--- # c\n# d\na: {}"),
        ("---\n# c\n...\n# d\n", "a", "---\n# c\na: {}\n...\n# d\n"),
        ("---\r\n---\r\nb: 1\r\n", "a", "---\r\na: {}\r\n---\r\nb: 1\r\n"),
        ("--- ~ # c\n", "a", "---  # c\na: {}\n"),
        ("a:\n# c\nb: 1\n", "a.b", "a:\n  b: {}\n# c\nb: 1\n"),
        ("a: ~ # c\nb:\n   d: 1\n", "a.b.c", "a:  # c\n   b:\n      c: {}\nb:\n   d: 1\n"),
        ("a: &x\nb: *x\n", "a.b", "a: &x\n  b: {}\nb: *x\n"),
        ("- ~\n-\n", "0.a", "-\n  a: {}\n-\n"),
        ("- ~\n-\n", "1.a", "- ~\n-\n  a: {}\n"),
    ],
)  # fmt: skip
def test_a_missing_key_is_made_at_the_end_of_its_mapping(text: str, path: str, expected: str) -> None:
    assert after(text, path) == expected.replace("{}", NEW)


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("{a: 1}\n", "b", '{a: 1, b: "T"}\n'),
        ("a: {b: 1, # c\n  d: 2, # e\n}\n", "a.f.g", 'a: {b: 1, # c\n  d: 2, f: {g: "T"}, # e\n}\n'),
        ("{a: , b: }\n", "c", '{a: , b: , c: "T" }\n'),
        ("{a: [1]}\n", "b::c", "{a: [1], 'b::c': \"T\"}\n"),
        ("[{}, { }]\n", "0.a.b", '[{a: {b: "T"}}, { }]\n'),
        ("[~, x]\n", "0.a", '[{a: "T"}, x]\n'),
        ("{a:  , b: }\n", "b.c", '{a:  , b: {c: "T"} }\n'),
        ("a: { # c\n}\n", "a.b", 'a: {b: "T" # c\n}\n'),
        ("-\n  ~\n", "0.a", '-\n  {a: "T"}\n'),
        ("{}\n", "a", "a: T\n"),
        ("{}", "a.b", "a:\n  b: T"),
        ("--- {}\n# c\n", "a", "---\n# c\na: T\n"),
        ("a: {} # c\n", "a.b", "a:  # c\n  b: T\n"),
        ("a: { }\nb: 1\n", "a.b", "a:\n  b: T\nb: 1\n"),
        ("a:\n   {}\nb: 1\n", "a.b.c", "a:\n   b:\n     c: T\nb: 1\n"),
        ("{} # c\n", "a", " # c\na: T\n"),
    ],
)
def test_braces_are_filled_or_where_they_are_empty_unfolded(text: str, path: str, expected: str) -> None:
    assert after(text, path) == expected.replace("T", NEW)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("profile::db::password", "profile::db::password"),
        ("größe_1/x.y-z", "größe_1/x.y-z"),
        ("two words", "'two words'"),
        ("it's", "'it''s'"),
        ("8080", "'8080'"),
        ("true", "'true'"),
        ("Null", "'Null'"),
        ("a:", "'a:'"),
        ("", "''"),
        ("<<", "'<<'"),
        ('tab\t"\\', '"tab\\U00000009\\U00000022\\U0000005c"'),
    ],
)
def test_a_new_key_is_quoted_where_it_could_be_read_as_something_else(name: str, written: str) -> None:
    path = KeyPath(("a", name))
    assignment = assign("a:\n  b: 1\n", path, MESSAGE)
    assert assignment.text == f"a:\n  b: 1\n  {written}: {NEW}\n"
    assert read(assignment.text, path).value == NEW


# what is refused


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


# whatever the file


names = st.sampled_from(["a", "b::c", "'d.e'", "größe", "f", "zz"])
flow_scalars = st.sampled_from(["x", "'it''s'", '"\\u00e9 # no"', "1", f"'{OLD}'", "~", "&n x"])
scalars = flow_scalars | st.sampled_from(["", OLD, "one\n# two".replace("\n# ", " "), f"x {OLD}"])
flows = st.recursive(
    flow_scalars,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(names, inner, max_size=3).map(
            lambda entries: "{" + ", ".join(f"{_in_flow(key)}: {value}" for key, value in entries.items()) + "}"
        )
    ),
    max_leaves=4,
)


def _in_flow(key: str) -> str:
    return key if key.isalpha() or key.startswith("'") else f"'{key}'"


def indented(text: str, by: str) -> str:
    return "".join(by + line if line.strip() else line for line in text.splitlines(keepends=True))


comments = st.sampled_from(["", "", " # c: d"])
gaps = st.sampled_from(["", "", "\n", "# between\n", "# ENC[GPG,AAAA]\n\n"])
blocks = st.sampled_from(
    ["|\n  one\n  # two\n", ">-\n  one\n\n  two\n\n", "|+\n  one\n\n", f">{block(OLD_MESSAGE, '  ')}\n"]
)
leaves = st.builds(lambda value, comment: f" {value}{comment}\n", scalars | flows, comments) | blocks.map(" {}".format)


def _mapping(entries: list[tuple[str, str, str]]) -> str:
    unique = {key: (value, gap) for key, value, gap in entries}
    return "".join(f"{gap}{key}:{value}" for key, (value, gap) in unique.items())


def _sequence(items: list[str]) -> str:
    return "".join(f"-{item}" for item in items)


def collections(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    mapping = st.lists(st.tuples(names, inner, gaps), min_size=1, max_size=4).map(_mapping)
    sequence = st.lists(inner, min_size=1, max_size=3).map(_sequence)
    nested = st.builds(
        lambda text, by, comment: f"{comment}\n{indented(text, by)}",
        mapping | sequence,
        st.sampled_from(["  ", "    "]),
        comments,
    )
    return nested | st.builds(lambda text, by: f" &m\n{indented(text, by)}", mapping, st.just("   "))


trees = st.recursive(leaves, collections, max_leaves=8)
roots = st.lists(st.tuples(names, trees, gaps), min_size=1, max_size=4).map(_mapping) | st.sampled_from(
    ["", "# c\n", "{}\n", "~\n"]
)
files = st.builds(
    lambda start, root, end, newline, has_end: (start + root + end if has_end else (start + root).rstrip("\n")).replace(
        "\n", newline
    ),
    st.sampled_from(["", "---\n", "\ufeff", "# c\n---\n"]),
    roots,
    st.sampled_from(["", "# end\n", "\n\n", "...\n", "---\na: other\n"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
).filter(lambda text: isinstance(locate(text), Structure))
paths = st.lists(
    st.sampled_from(["a", "b::c", "d.e", "größe", "f", "zz", "new one", 0, 1]), min_size=1, max_size=4
).map(lambda segments: KeyPath(tuple(segments)))


def loaded(text: str) -> list[Any]:
    """The documents as Python values, by a parser that shares nothing with the code under test but its authors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReusedAnchorWarning)
        return list(YAML(typ="safe", pure=True).load_all(text.removeprefix("\ufeff")))


def with_value(documents: list[Any], path: KeyPath, value: str) -> list[Any]:
    """What the documents should be afterwards."""
    wanted = deepcopy(documents) or [None]
    holder: Any = wanted
    key: str | int = 0
    for segment in path.segments:
        if holder[key] is None:
            holder[key] = {}
        holder, key = holder[key], segment if isinstance(holder[key], list) else str(segment)
        if isinstance(holder, dict):
            holder.setdefault(key, None)
    holder[key] = value
    return wanted


def without_white_space(node: Any) -> Any:
    """Tokens folded over lines compare as what Puppet makes of them; a last line break may have been gained."""
    match node:
        case dict():
            return {key: without_white_space(value) for key, value in node.items()}
        case list():
            return [without_white_space(value) for value in node]
        case str():
            return "".join(node.split()) if node.startswith("ENC[") else node.removesuffix("\n")
    return node


@settings(max_examples=400)
@given(files, paths, st.sampled_from([MESSAGE, LONG_MESSAGE]))
def test_whatever_the_file_one_value_changes_and_nothing_else(text: str, path: KeyPath, message: bytes) -> None:
    try:
        assignment = assign(text, path, message)
    except KeyPathError:
        assume(False)
    verify_assignment(text, assignment)
    expected = with_value(loaded(text), path, token(message))
    assert without_white_space(loaded(assignment.text)) == without_white_space(expected)
    kept = [
        text[end:start]
        for end, start in zip(
            [0, *(edit.end for edit in assignment.edits)],
            [*(edit.start for edit in assignment.edits), len(text)],
            strict=True,
        )
    ]
    place = 0
    for piece, edit in zip(kept, [*assignment.edits, None], strict=True):
        assert assignment.text.startswith(piece, place)
        place += len(piece) + (len(edit.replacement) if edit else 0)
    assert place == len(assignment.text)
    assert ("\r\n" in text) <= ("\n" not in assignment.text.replace("\r\n", ""))
    assert [value.token.message() for value in find_values(assignment.text).values].count(message) == 1


@given(files, paths)
def test_a_value_that_was_set_is_replaced_in_place_the_next_time(text: str, path: KeyPath) -> None:
    try:
        once = assign(text, path, OLD_MESSAGE).text
    except KeyPathError:
        assume(False)
    assert after(once, str(path)) == assign(text, path, MESSAGE).text


@given(st.text(st.sampled_from("ab:-?{}[],#&*!|>'\" \n\r~<"), max_size=30), paths)
def test_any_text_is_set_or_refused_with_a_reason(text: str, path: KeyPath) -> None:
    try:
        verify_assignment(text, assign(text, path, MESSAGE))
    except (KeyPathError, FormatError):
        return
    assert read(assign(text, path, MESSAGE).text, path).value.removesuffix("\n") == NEW
