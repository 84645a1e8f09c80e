"""Where scalars stand: with the C parser and without."""

import time

import pytest

from eyamlgpg.formats.yaml.builder import MAX_DEPTH
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.parse import locate
from eyamlgpg.formats.yaml.structure import NotYaml, Scalar
from tests.support.structures import both_parsers, structure


def shown(text: str, *, pure: bool = False) -> list[tuple[str, str, int]]:
    """The path, the text and the line of each scalar that is no key."""
    return [
        (str(scalar.path), text[scalar.start : scalar.end], scalar.line)
        for scalar in structure(text, pure=pure).scalars
        if not scalar.is_key
    ]


@both_parsers
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 'two'\n", [("a", "1", 1), ("b", "'two'", 2)]),
        ("a::b:\n  c:\n  - 1\n  - d: 2\n", [("a::b.c.0", "1", 3), ("a::b.c.1.d", "2", 4)]),
        ("{a: {b: [1, 2]}}", [("a.b.0", "1", 1), ("a.b.1", "2", 1)]),
        ("{a::b: 1}", [("a::b", "1", 1)]),
        ("[a: 1]", [("0.a", "1", 1)]),
        ("1: {1: x}\n", [("'1'.'1'", "x", 1)]),
        ("a.b: 1\n", [("'a.b'", "1", 1)]),
        ("\ufeffa: 1\r\nb: 2\r\n", [("a", "1", 1), ("b", "2", 2)]),
        ("a: é😀\nb: 日本\n", [("a", "é😀", 1), ("b", "日本", 2)]),
        ("a: 'x\u2028\u0085y'\nb: 2\n", [("a", "'x\u2028\u0085y'", 1), ("b", "2", 2)]),
        ("a: &x !!str one # two\n", [("a", "one", 1)]),
        ("a: !<tag:yaml.org,2002:str> &x # one\n  # two\n  'three'\n", [("a", "'three'", 3)]),
        ("{a: &x one, b: !!str }", [("a", "one", 1), ("b", "", 1)]),
        ("a: |\n  one\n\n\n# c\nb: 2\n", [("a", "|\n  one", 1), ("b", "2", 6)]),
        ("a: >- # c\r\n  one\r\n\r\nb: |+\r\n", [("a", ">- # c\r\n  one", 1), ("b", "|+", 4)]),
        ("a: |\n  one", [("a", "|\n  one", 1)]),
        ("a: one\n  two # c\n", [("a", "one\n  two", 1)]),
        ("a:\n", [("a", "", 1)]),
        ("a: # c: d\n\nb: &x\nc: ''\n", [("a", "", 1), ("b", "", 3), ("c", "''", 4)]),
        ("-\n- a\n- # -\n", [("0", "", 1), ("1", "a", 2), ("2", "", 3)]),
        ("{a: , b, c: }", [("a", "", 1), ("b", "", 1), ("c", "", 1)]),
        ("? a\n: 1\n? b\n", [("a", "1", 2), ("b", "", 3)]),
        ("? [a, b]\n: {c: 1}\n", [("None", "a", 1), ("None", "b", 1), ("None", "1", 2)]),
        ("a: 1\n---\nb: 2\n...\n", [("a", "1", 1), ("b", "2", 3)]),
        ("%YAML 1.1\n--- # c\n", [("", "", 2)]),
        ("", []),
        ("# only a comment", []),
    ],
)
def test_each_scalar_has_its_span_line_and_key_path(
    text: str, expected: list[tuple[str, str, int]], pure: bool
) -> None:
    assert shown(text, pure=pure) == expected


@both_parsers
def test_an_empty_value_stands_right_behind_its_indicator(pure: bool) -> None:
    text = "a: # c\nb: {c: , d}\ne:\n-   \n"
    starts = [scalar.start for scalar in structure(text, pure=pure).scalars if not scalar.is_key]
    assert [text[:start].rsplit("\n", 1)[-1] for start in starts] == ["a:", "b: {c:", "b: {c: , d", "-"]


@both_parsers
def test_a_scalar_knows_how_it_is_written(pure: bool) -> None:
    text = "k: [&x !!str 'it''s']\n"
    assert structure(text, pure=pure).scalars[1] == Scalar(
        node_start=4,
        start=13,
        end=20,
        reach=20,
        line=1,
        path=KeyPath(("k", 0)),
        document=0,
        value="it's",
        style="'",
        anchor="x",
        tag="tag:yaml.org,2002:str",
        is_key=False,
        in_flow=True,
    )


@both_parsers
def test_the_reach_of_a_block_scalar_includes_the_line_breaks_behind_it(pure: bool) -> None:
    text = "a: |+\n  one\n\n# c\nb: two\n"
    assert [(text[s.start : s.end], text[s.end : s.reach]) for s in structure(text, pure=pure).scalars] == [
        ("a", ""),
        ("|+\n  one", "\n\n"),
        ("b", ""),
        ("two", ""),
    ]


def test_anchors_end_with_their_document() -> None:
    assert locate("a: &x 1\n---\nb:\n- *x\n") == NotYaml(4, "an alias has no anchor before it")


@both_parsers
def test_keys_that_stand_twice_are_known(pure: bool) -> None:
    text = "a: 1\nb: {c: 1, 'c': 2}\na: {<<: {}, <<: {}}\n"
    assert [(str(key.path), key.line) for key in structure(text, pure=pure).duplicates] == [("b.c", 2), ("a", 3)]


@both_parsers
@pytest.mark.parametrize(
    ("text", "ends"),
    [("a: 1\n# c\n", [9]), ("---\n# c\n...\n# d\n---\nb\n", [8, 22]), ("\ufeff--- ~\n--- 1", [7, 12]), ("# c\n", [])],
)
def test_a_document_ends_before_the_next_marker_or_with_the_text(text: str, ends: list[int], pure: bool) -> None:
    assert [document.end for document in structure(text, pure=pure).documents] == ends


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: b\nc: [secret\n", NotYaml(3, "did not find expected ',' or ']'")),
        ("\ufeffa: b\n c: secret\n", NotYaml(2, "mapping values are not allowed in this context")),
        ("# caf\udce9\na: b\n", NotYaml(1, "it is not valid UTF-8")),
        ("a: b\nc: \x07\n", NotYaml(2, "it holds a control character, which YAML does not allow")),
        ("a: \ud800\n", NotYaml(1, "it holds a control character, which YAML does not allow")),
    ],
)
def test_a_text_that_is_no_yaml_says_why_and_where_and_repeats_nothing(text: str, expected: NotYaml) -> None:
    assert locate(text) == expected


def test_what_only_one_of_the_parsers_takes_is_taken() -> None:
    assert shown("{a::b: 1}") == [("a::b", "1", 1)]
    assert shown("a:\t1\n") == [("a", "1", 1)]
    assert locate("a:\t1\n", pure=True) == NotYaml(1, "found character '\\t' that cannot start any token")
    text = "a: >\n \n  one\n  two\n"
    assert shown(text) == [("a", ">\n \n  one\n  two", 1)]
    assert locate(text, pure=True) == NotYaml(3, "more indented follow up line than first in a block scalar")


deep = pytest.mark.parametrize(
    "text",
    [
        "[" * 30_000,
        "- " * 30_000,
        "{a: " * 30_000,
        "? " * 30_000,
        "\n".join(" " * depth + "a:" for depth in range(2_000)),
    ],
    ids=["brackets", "dashes", "braces", "question-marks", "indentation"],
)


@deep
@both_parsers
def test_sixty_kilobytes_of_nesting_are_refused_and_do_not_end_the_process(text: str, pure: bool) -> None:
    found = locate(text, pure=pure)
    assert isinstance(found, NotYaml)
    assert found.reason == f"it nests more than {MAX_DEPTH} levels deep"


@both_parsers
def test_nesting_up_to_the_bound_is_read(pure: bool) -> None:
    assert len(structure("[" * MAX_DEPTH + "a" + "]" * MAX_DEPTH, pure=pure).scalars) == 1
    assert isinstance(locate("[" * (MAX_DEPTH + 1) + "a" + "]" * (MAX_DEPTH + 1), pure=pure), NotYaml)


def test_aliases_that_would_unfold_to_gigabytes_cost_nothing() -> None:
    text = "a0: &a0 [x]\n" + "".join(
        f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 40)
    )
    assert len(structure(text).scalars) == 41


def test_five_thousand_values_are_located_well_under_a_second() -> None:
    text = "".join(f"key{number}: ENC[GPG,{'A' * 120}]\n" for number in range(5000))
    before = time.process_time()
    assert len(structure(text).scalars) == 10_000
    assert time.process_time() - before < 2
