"""No regular expression needs an engine that gets groups without a way back right, and none is slow on any text."""

import time

import pytest

from tests.support.patterns import Written, every, groups_without_way_back, hostile, parser
from tests.support.timing import seconds

PATTERNS = every()
LENGTH = 12000
"""Characters of the shorter text."""
EARLY = (*range(6, 31, 2), *(round(30 * 1.15**step) for step in range(1, 26)))
"""Repeats by which exponential growth is seen while it still ends: a step turns 0.1 s into seconds at most."""
QUICK = 0.015
"""Processor seconds that tell nothing yet: a pattern that grows with the square of 24000 takes many times that."""


def test_all_patterns_are_looked_at() -> None:
    modules = {one.module for one in PATTERNS}
    assert {
        "eyamlgpg.formats.openpgp.armor",
        "eyamlgpg.detectors.commands",
        "eyamlgpg.host.editing.editor_options",
    } <= modules
    assert len(PATTERNS) > 150


@pytest.mark.parametrize("source", [r"(?:a|(?<=@)b)*+", r"(?:ab)?+", r"x(?>ab|a)c", r"(?:a{2}){1,3}+", r"(?=(?:ab)++)"])
def test_a_group_without_a_way_back_is_seen(source: str) -> None:
    assert list(groups_without_way_back(parser.parse(source)))


@pytest.mark.parametrize("source", [r"(?:a|[bc])*", r"a*+[^b]?+\w{2,3}+.++", r"(?=(a*))\1"])
def test_what_takes_one_character_at_a_time_may_keep_it(source: str) -> None:
    assert not list(groups_without_way_back(parser.parse(source)))


@pytest.mark.parametrize("written", PATTERNS, ids=lambda one: one.name)
def test_no_pattern_has_a_group_without_a_way_back(written: Written) -> None:
    """Python 3.11.2, which Debian 12 has, matches `(?:a|(?<=@)b)*+` and its like wrongly (gh-106052)."""
    assert not list(groups_without_way_back(written.tree))


BOUNDED = {"[^\\W_]{20,}+": "rules.shown_keys: a key of at most 100 characters"}
"""How a pattern ends that is given short texts alone, and where."""


def slow_text(written: Written) -> str | None:
    """A text whose time more than triples when it is twice as long, as what is repeated in it; None for none."""
    pattern = written.pattern
    for before, repeated in hostile(written):
        for after in ("\0", ""):
            if any(_grows(getattr(pattern, how), before, repeated, after, written) for how in methods(written)):
                return f"{before!r} + n * {repeated!r} + {after!r}"
    return None


def methods(written: Written) -> list[str]:
    return sorted(written.methods() & {"search", "match", "fullmatch", "findall", "split"} or {"findall"})


def _grows(work: object, before: str, repeated: str, after: str, written: Written) -> bool:
    def took(times: int) -> float:
        text = before + repeated * times + after
        subject = text.encode("latin-1", "replace") if written.is_bytes else text
        start = time.process_time()
        work(subject)  # type: ignore[operator]
        first = time.process_time() - start
        return first if first < QUICK or times < n else min(first, seconds(lambda: work(subject)))  # type: ignore[operator]

    n = max(LENGTH // len(repeated), 1)
    if any(took(times) > 0.1 for times in EARLY if times < n):
        return True
    longer = took(2 * n)
    return longer > QUICK and longer > 3 * took(n)


@pytest.mark.parametrize("written", PATTERNS, ids=lambda one: one.name)
def test_no_pattern_is_slow(written: Written) -> None:
    assert any(map(written.source.endswith, BOUNDED)) or slow_text(written) is None


@pytest.mark.parametrize("source", [r"(a+)+b", r"a*b", r"\s+x", r"(?:a|aa)*c", r"(?:x*y?)*z"])
def test_a_slow_pattern_is_seen(source: str) -> None:
    assert slow_text(Written("eyamlgpg.errors", 0, source, 0, is_bytes=False)) is not None
