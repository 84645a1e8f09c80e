"""Colours stand on words by their meaning, and take nothing away from a text."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eyamlgpg.render.shades import Shades, shaded
from eyamlgpg.render.tables import PIPE, Paper

ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")
COLOURS = {"31": "red", "32": "green", "33": "yellow", "2": "dim"}
ON = Paper(80, coloured=True)


def spans(text: str, shades: Shades) -> list[tuple[str, str]]:
    """The coloured parts, each with its colour."""
    shown = shaded(text, ON, shades)
    assert ESCAPE.sub("", shown) == text
    return [(COLOURS[code], part) for code, part in re.findall(r"\x1b\[([0-9;]+)m([^\x1b]*)", shown) if code != "0"]


@pytest.mark.parametrize(
    ("shades", "text", "expected"),
    [
        (
            Shades.FINDINGS,
            "a.yaml:1:4: error: k: warning: no [x] here [plaintext-key-name]\n  | k: ‹hidden›\n  |    ^\n  = do it\n",
            [("red", "error"), ("dim", "[plaintext-key-name]"), ("red", "^")],
        ),
        (
            Shades.FINDINGS,
            "l:3: warning: is not pinned [recipient-not-pinned]\n    an error: x\n",
            [("yellow", "warning"), ("dim", "[recipient-not-pinned]")],
        ),
        (
            Shades.READERS,
            "a\n  line 1: should not: k\n    should not: Eve\n    missing: B\n    stale: A\n1 in line, 1 not in line\n",
            [("red", "should not"), ("yellow", "missing"), ("yellow", "stale"), ("red", "1 not in line")],
        ),
        (
            Shades.READERS,
            "  line 2: F\n    cannot be used: no such key\n    validity full, never expires\n    validity never, x\n",
            [("red", "cannot be used"), ("green", "full"), ("yellow", "never")],
        ),
        (
            Shades.DUE,
            "a: 2 of 2 values due\n  1 readable by Eve, who should not\n  1 missing Bob\n",
            [("red", "1 readable by Eve, who should not"), ("yellow", "1 missing Bob")],
        ),
        (Shades.DIFFERENCE, "--- a\n+++ a\n F\n-G\n", [("red", "--- a"), ("green", "+++ a"), ("red", "-G")]),
        (Shades.WORKLIST, "a.yaml\n  due     k\n  gone    l\n", [("red", "due"), ("green", "gone")]),
    ],
)
def test_what_must_be_mended_stands_out(shades: Shades, text: str, expected: list[tuple[str, str]]) -> None:
    assert spans(text, shades) == expected


@settings(deadline=None, max_examples=50)
@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])), st.sampled_from(Shades))
def test_no_letter_of_a_text_is_lost(text: str, shades: Shades) -> None:
    text = f"{text} {'x' * 200}\n  due {text}\n"
    assert ESCAPE.sub("", shaded(text, ON, shades)) == text
    assert shaded(text, PIPE, shades) == text
