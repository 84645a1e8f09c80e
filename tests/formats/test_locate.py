"""Where scalars stand: with the C parser and without, whatever the text."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyamlgpg.formats.key_path import KeyPath
from eyamlgpg.formats.locate import MAX_DEPTH, Alias, Mapping, NotYaml, Scalar, Sequence, Structure, locate

both_parsers = pytest.mark.parametrize("pure", [False, True], ids=["c", "python"])


def structure(text: str, *, pure: bool = False) -> Structure:
    found = locate(text, pure=pure)
    assert isinstance(found, Structure), found
    return found


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


def test_a_scalar_and_a_collection_never_show_what_they_hold() -> None:
    assert "secret" not in repr(structure("a: {b: 'secret one', c: [secret]}\n"))


@both_parsers
def test_the_reach_of_a_block_scalar_includes_the_line_breaks_behind_it(pure: bool) -> None:
    text = "a: |+\n  one\n\n# c\nb: two\n"
    assert [(text[s.start : s.end], text[s.end : s.reach]) for s in structure(text, pure=pure).scalars] == [
        ("a", ""),
        ("|+\n  one", "\n\n"),
        ("b", ""),
        ("two", ""),
    ]


@both_parsers
def test_the_scalar_around_a_span_is_found_by_its_content(pure: bool) -> None:
    text = "# c\na: &x # d\n  'one two'\nb: 2"
    found = structure(text, pure=pure)

    def around(part: str) -> str | None:
        start = text.index(part)
        scalar = found.scalar_around(start, start + len(part))
        return None if scalar is None else text[scalar.start : scalar.end]

    parts = ["# c", "a", "&x", "# d", "'one", "two'", "two'\n", "b", "2"]
    assert [around(part) for part in parts] == [None, "a", None, None, "'one two'", "'one two'", None, "b", "2"]
    assert found.scalar_around(len(text), len(text) + 1) is None


@both_parsers
def test_an_alias_is_one_node_of_its_own_that_names_its_target(pure: bool) -> None:
    found = structure("a: &x {k: 1}\nb: *x\n*x : 2\nc: &x 3\nd: *x\n? *x\n: 4\n", pure=pure)
    root = found.documents[0].root
    assert isinstance(root, Mapping)
    aliases = [node for node in root.nodes if isinstance(node, Alias)]
    assert [(alias.name, str(alias.path), alias.line) for alias in aliases] == [
        ("x", "b", 2),
        ("x", "None", 3),
        ("x", "d", 5),
        ("x", "'3'", 6),
    ]
    assert [found.target(alias) for alias in aliases] == [root.nodes[1], root.nodes[1], root.nodes[7], root.nodes[7]]
    assert found.target(root) is root
    assert [str(scalar.path) for scalar in found.scalars if scalar.value in "124"] == ["a.k", "None", "'3'"]


def test_an_alias_inside_its_own_anchor_is_no_trap() -> None:
    found = structure("a: &x [*x]\n")
    root = found.documents[0].root
    assert isinstance(root, Mapping)
    outer = root.nodes[1]
    assert isinstance(outer, Sequence)
    assert found.target(outer.nodes[0]) is outer


def test_anchors_end_with_their_document() -> None:
    assert locate("a: &x 1\n---\nb:\n- *x\n") == NotYaml(4, "the alias *x has no anchor before it")


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


plain = st.text("abxyé😀", min_size=1, max_size=4)
scalars = plain | plain.map("'{}'".format) | plain.map('"{}\\u0021"'.format) | st.just("") | plain.map("&n {}".format)
flows = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner.filter(bool), max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(plain, inner, max_size=3).map(
            lambda entries: "{" + ", ".join(f"{key}: {value}" for key, value in entries.items()) + " }"
        )
    ),
    max_leaves=6,
)
values = flows | st.sampled_from(
    ["|\n    one\n\n    two\n", ">-\n    one\n    two\n\n", "|+\n    one\n\n", "'one\n\n    two'"]
)
entries = st.builds(
    lambda key, value, comment: f"{key}: {value}" + ("\n" if value.endswith("\n") else f" {comment}\n"),
    plain,
    values,
    st.sampled_from(["", "# a: b", "\n# - c", "\n"]),
)
mappings = st.lists(entries, min_size=1, max_size=5).map("".join)
documents = st.builds(
    lambda start, first, second, ending: (start + first + second).replace("\n", ending),
    st.sampled_from(["", "---\n", "\ufeff", "# c\n---\n"]),
    mappings,
    st.just("") | mappings.map(lambda text: "---\n" + text) | st.just("...\n# end\n"),
    st.sampled_from(["\n", "\r\n"]),
)


@given(documents)
def test_both_parsers_see_the_same_structure(text: str) -> None:
    assert _without_block_ends(structure(text)) == _without_block_ends(structure(text, pure=True))


def _without_block_ends(found: Structure) -> tuple[object, ...]:
    """All but where a block collection ends, which depends on how a parser takes the comments behind it."""
    return (
        *found.scalars,
        *(replace(node, end=0, nodes=()) if not isinstance(node, Scalar) else node for node in found.anchored),
        *(document.end for document in found.documents),
    )


@given(documents)
def test_what_a_plain_or_quoted_scalar_spans_is_what_it_is_written_as(text: str) -> None:
    for scalar in structure(text).scalars:
        written = text[scalar.start : scalar.end]
        match scalar.style:
            case "":
                assert written == scalar.value
            case '"':
                assert written == '"' + scalar.value.removesuffix("!") + '\\u0021"'
            case "'":
                assert written.startswith("'")
                assert written.endswith("'")
                assert " ".join(written[1:-1].split()) == " ".join(scalar.value.split())
            case _:
                assert written.split()[0] in ("|", "|+", ">-")
                assert written.split()[1:] == scalar.value.split()
        assert scalar.line == text.count("\n", 0, scalar.start) + 1


@given(st.text(st.sampled_from("ab:-?{}[],#&*!|>'\"%@` \n\t\r\ufeff\u2028\x85\udce9\x07é"), max_size=30))
def test_any_text_has_a_structure_or_a_reason(text: str) -> None:
    found = locate(text)
    if isinstance(found, NotYaml):
        assert 1 <= found.line <= text.count("\n") + 1
        assert found.reason
    else:
        assert all(0 <= scalar.start <= scalar.end <= scalar.reach <= len(text) for scalar in found.scalars)
        assert [scalar.start for scalar in found.scalars] == sorted(scalar.start for scalar in found.scalars)
