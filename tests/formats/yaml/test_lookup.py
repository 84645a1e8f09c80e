"""Reading one value: what Puppet finds at a path, and what is said where it finds none."""

import pytest

from eyamlgpg.errors import FormatError, KeyPathError
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.lookup import read


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
