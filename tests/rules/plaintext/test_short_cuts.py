"""The short cuts of `check` leave nothing out: each is held against the long way."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eyamlgpg.detectors import showable_keys
from eyamlgpg.detectors.name_forms import is_secret_pair
from eyamlgpg.detectors.names import NamePolicy
from eyamlgpg.formats.eyaml import near_markers
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.rules.knowledge.tree import Knowledge
from eyamlgpg.rules.plaintext import key_name, order
from eyamlgpg.rules.reading.clear import Clear
from eyamlgpg.rules.rule import Place

WORDS = st.sampled_from(
    ["password", "db", "host", "key", "auth", "passwords", "secrets", "value", "users", "basicAuth", "encrypt", "token"]
)
SEGMENTS = st.one_of(st.integers(0, 3), WORDS, st.lists(WORDS, min_size=1, max_size=3).map("::".join))
PIECES = st.sampled_from(
    (
        *("password", "=", ": ", "Kirschkuchen9", "://", "@", " -p ", "mysql", '"', "'", "curl -u a:", "token", "true"),
        *("Authorization: Basic ", "dXNlcjpwYXNzd29yZDEyMw==", "-----BEGIN PRIVATE KEY-----", "\n", "AKIA" + "A" * 16),
    )
)


def clear(path: tuple[str | int, ...], text: str) -> Clear:
    return Clear(Place("a.yaml", 1), KeyPath(path), text)


@settings(max_examples=300, database=None, deadline=None)
@given(st.lists(PIECES, max_size=6).map("".join))
def test_a_text_that_does_not_speak_is_seen_by_no_rule_on_contents(text: str) -> None:
    if not order._speaks(text):
        assert [rule.sees(clear(("k",), text), Knowledge()) for rule in order.BY_LINE] == [None] * 4


@settings(max_examples=300, database=None, deadline=None)
@given(st.lists(SEGMENTS, min_size=1, max_size=4), st.lists(PIECES, max_size=3).map("".join))
def test_a_name_that_cannot_promise_anything_does_not(path: list[str | int], text: str) -> None:
    one, names = clear(tuple(path), text), NamePolicy()
    if not key_name._may_promise(one, names):
        key = str(one.path)
        assert not names.suspects(key, one.name)
        assert not names.suspects_below(key, one.parent, one.name)
        assert not is_secret_pair(key, one.name, text)


@settings(max_examples=300, database=None, deadline=None)
@given(st.from_regex(showable_keys._PLAIN, fullmatch=True).filter(lambda key: len(key) <= showable_keys.LONGEST))
def test_a_plain_key_is_a_name_by_the_long_way_too(key: str) -> None:
    assert showable_keys._looks_like_name(key)


@pytest.mark.parametrize("letters", ["decDEC::GPG[(]!.,; x", "deÇcİCDE[(:"])
def test_the_beginnings_of_near_markers_are_those_of_the_expression(letters: str) -> None:
    @settings(max_examples=400, database=None, deadline=None)
    @given(st.text(alphabet=letters, max_size=40))
    def are_the_same(text: str) -> None:
        found = [match.span() for match in near_markers._openings(text)]
        assert found == [match.span() for match in near_markers._NEAR.finditer(text)]

    are_the_same()
