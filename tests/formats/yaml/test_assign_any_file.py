"""Setting one value in whatever file: it changes, and nothing else does."""

import warnings
from copy import deepcopy
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import ReusedAnchorWarning

from eyamlgpg.errors import FormatError, KeyPathError
from eyamlgpg.formats.eyaml.values import find_values
from eyamlgpg.formats.yaml.assign import assign, verify_assignment
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.lookup import read
from eyamlgpg.formats.yaml.parse import locate
from eyamlgpg.formats.yaml.structure import Structure
from tests.support.assignments import LONG_MESSAGE, MESSAGE, NEW, OLD, OLD_MESSAGE, after, block, token

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
SEGMENTS: list[str | int] = ["a", "b::c", "d.e", "größe", "f", "zz", "new one", 0, 1]
paths = st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=4).map(lambda segments: KeyPath(tuple(segments)))


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
