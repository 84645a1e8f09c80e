"""What can be asked of a structure."""

from eyamlgpg.formats.yaml.structure import Alias, Mapping, Sequence
from tests.support.structures import both_parsers, structure


def test_a_scalar_and_a_collection_never_show_what_they_hold() -> None:
    assert "secret" not in repr(structure("a: {b: 'secret one', c: [secret]}\n"))


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


@both_parsers
def test_the_root_is_that_of_the_first_document(pure: bool) -> None:
    found = structure("a: 1\n---\nb: 2\n", pure=pure)
    assert found.root is found.documents[0].root
    assert structure("# c\n", pure=pure).root is None
