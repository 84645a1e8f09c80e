"""Whatever the text: both parsers see the same in it, and each place is where it should be."""

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from eyamlgpg.formats.yaml.parse import locate
from eyamlgpg.formats.yaml.structure import NotYaml, Scalar, Structure
from tests.support.structures import structure

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
@example("&-::")
@example("&a?b: 1")
@example("&a !!str b: !!str &c d\n")
def test_any_text_has_a_structure_or_a_reason(text: str) -> None:
    found = locate(text)
    if isinstance(found, NotYaml):
        assert 1 <= found.line <= text.count("\n") + 1
        assert found.reason
    else:
        assert all(0 <= scalar.start <= scalar.end <= scalar.reach <= len(text) for scalar in found.scalars)
        assert [scalar.start for scalar in found.scalars] == sorted(scalar.start for scalar in found.scalars)
