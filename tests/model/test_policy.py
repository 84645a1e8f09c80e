"""Paths of a policy mean what they look like."""

import re
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyamlgpg.model.policy import PathPattern


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("production/**", "production/a.eyaml", True),
        ("production/**", "production/dc1/deep/a.eyaml", True),
        ("production/**", "production", False),
        ("production/**", "x/production/a.eyaml", False),
        ("production/", "production/dc1/a.eyaml", True),
        ("production/", "productions/a.eyaml", False),
        ("production/*.eyaml", "production/a.eyaml", True),
        ("production/*.eyaml", "production/dc1/a.eyaml", False),
        ("**/secret.eyaml", "secret.eyaml", True),
        ("**/secret.eyaml", "a/b/secret.eyaml", True),
        ("**/secret.eyaml", "a/topsecret.eyaml", False),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("a/**/b", "ab", False),
        ("dc?/a", "dc1/a", True),
        ("dc?/a", "dc/a", False),
        ("dc?/a", "dc//a", False),
        ("a.eyaml", "aXeyaml", False),
        ("**", "any/thing", True),
        ("a+(b)", "a+(b)", True),
    ],
)
def test_a_pattern_matches_whole_paths(pattern: str, path: str, expected: bool) -> None:
    assert PathPattern(pattern, 1).matches(path) is expected


@pytest.mark.parametrize("pattern", ["**/" * 40 + "z", "**/a/" * 20 + "z", "*a" * 40 + "z", "**a" * 40 + "z"])
def test_no_pattern_takes_for_ever(pattern: str) -> None:
    began = monotonic()
    assert not PathPattern(pattern, 1).matches("a/" * 100 + "a" * 100)
    assert monotonic() - began < 2


@given(
    st.lists(st.sampled_from(["**/", "**", "*", "?", "/", "a", "b", "/**"]), max_size=5).map("".join),
    st.text("ab/", max_size=7),
)
def test_a_pattern_means_what_its_regular_expression_means(pattern: str, path: str) -> None:
    meanings = {"**/": "(?:[^/]+/)*", "/**": "/.+", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.findall(r"\*\*/|/\*\*\Z|\*\*|\*|\?|[^*?]", f"{pattern}**" if pattern.endswith("/") else pattern)
    expected = re.fullmatch("".join(meanings.get(part, part) for part in parts), path) is not None
    assert PathPattern(pattern, 1).matches(path) is expected
