"""Patterns of `lookup_options` mean what they mean in Ruby, also where no expression is asked."""

import re

import pytest

from eyamlgpg.rules.knowledge.sensitive_keys import Sensitive, SensitiveKeys

KEYS = ("a", "ab", "abc", "a::b::c", "a::bb::cc", "xabc", "abcx", "ac", "acc", "", "a-b", "abab")


@pytest.mark.parametrize(
    "pattern",
    [
        *("^a", "^a$", "^a.*c", "^a.*c$", "^.*b", "^.*", "^", "^$", "^a.*b.*c$", "^ab.*b$", "^.*.*c$", "^a-b$"),
        *("^a::(b|bb)::c+$", "^a|x", "^a[b:]*c$", "^ab?c", "^ab*$", "^a(.*)c$"),
    ],
)
def test_a_pattern_covers_what_it_matches(pattern: str) -> None:
    asked = SensitiveKeys([Sensitive(pattern, "a.yaml:1")])
    assert [key for key in KEYS if asked.get(key)] == [key for key in KEYS if re.search(pattern, key)]


def test_a_plain_key_covers_itself_and_the_first_that_covers_is_named() -> None:
    asked = SensitiveKeys([Sensitive("^a", "a.yaml:1"), Sensitive("^ab", "a.yaml:2"), Sensitive("b", "a.yaml:3")])
    assert [one and one.where for one in map(asked.get, ("ab", "b", "bb"))] == ["a.yaml:1", "a.yaml:3", None]


def test_what_is_no_expression_covers_nothing_and_a_dear_one_by_its_ends() -> None:
    assert SensitiveKeys([Sensitive("^(", "a.yaml:1")]).get("(") is None
    asked = SensitiveKeys([Sensitive("^ab(a+)+c$", "a.yaml:1")])
    assert [asked.get(key) is None for key in ("abac", "abxc", "abad", "xabac")] == [False, False, True, True]
