"""Paths of a policy mean what they look like."""

import pytest

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
