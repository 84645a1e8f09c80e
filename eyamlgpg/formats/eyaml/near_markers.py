r"""What looks like an edit marker and is none, as `DEC:GPG[…]!` and `dec::gpg[…]!`: whoever types one meant a value.

Neither the gems nor we encrypt it, so it stays in clear text. A scheme that is known is enough before a `[`; anything
else must also be closed on its line by a bracket and `!`. Escaped openers (`DEC\::GPG[`) are none, and neither is
what stands inside of a marker.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eyamlgpg.formats.eyaml.markers import CLOSER, OPENER
from eyamlgpg.formats.text import Lines

NEAR = "this looks like a marker and is none, so it is not encrypted"

# Every part is bounded, so that no text takes longer than its length.
_NEAR = re.compile(
    r"(?<![A-Za-z0-9_\\])(dec)[ \t]{0,3}(?:\([^()\[\]\n]{0,20}\))?[ \t]{0,3}([:;.,|/-]{0,3})[ \t]{0,3}"
    r"([a-z0-9_]{0,20})[ \t]{0,3}([\[({])",
    re.IGNORECASE,
)
_CLOSER = re.compile(r"[\])}][ \t]?!")
_KNOWN = frozenset({"GPG", "PGP", "PKCS7"})


@dataclass(frozen=True, slots=True)
class NearMarker:
    """One of them: where its opening stands, up to its bracket."""

    start: int
    end: int
    line: int
    """From 1."""


def find(text: str) -> tuple[NearMarker, ...]:
    """Those of a text, in order."""
    matches = list(_openings(text))
    if not matches:
        return ()
    lines, closers = Lines(text), [found.start() for found in _CLOSER.finditer(text)]
    marked = tuple(spans(text))
    starts = [start for start, _ in marked]
    found = []
    for match in matches:
        around = bisect_right(starts, match.start()) - 1
        inside = around >= 0 and match.start() < marked[around][1]
        if not inside and _is_near(match, lines, closers):
            found.append(NearMarker(match.start(), match.end(), lines.line(match.start())))
    return tuple(found)


def _openings(text: str) -> Iterator[re.Match[str]]:
    """What begins like one; to try the expression at each letter of a file of ciphertexts takes ten times as long."""
    lower = text.lower()
    if len(lower) != len(text):  # as of a Turkish İ, which is two letters then
        yield from _NEAR.finditer(text)
        return
    place = lower.find("dec")
    while place >= 0:
        match = _NEAR.match(text, place)
        if match is not None:
            yield match
        place = lower.find("dec", place + 1 if match is None else match.end())


def added(before: str, after: str) -> tuple[NearMarker, ...]:
    """Those of a text that stand on no such line of an earlier one."""
    there = Counter(_line(before, one) for one in find(before))
    new = []
    for one in find(after):
        line = _line(after, one)
        if there[line]:
            there[line] -= 1
        else:
            new.append(one)
    return tuple(new)


def spans(text: str) -> Iterator[tuple[int, int]]:
    """What stands from a marker's opener to the next `]!`, or to the end of a text without one."""
    end = 0
    for opener in OPENER.finditer(text) if "DEC" in text else ():
        if opener.start() >= end:
            closer = text.find(CLOSER, opener.end())
            end = len(text) if closer < 0 else closer + len(CLOSER)
            yield opener.start(), end


def _is_near(match: re.Match[str], lines: Lines, closers: Sequence[int]) -> bool:
    word, sign, scheme, bracket = match.groups()
    is_known = scheme.upper() in _KNOWN
    if is_known and bracket == "[":
        return True
    place = bisect_left(closers, match.end())
    is_closed = place < len(closers) and lines.line(closers[place]) == lines.line(match.start())
    return is_closed and (is_known or "::" in sign or (word == "DEC" and ":" in sign))


def _line(text: str, one: NearMarker) -> str:
    """The line as far as it tells two of them apart; cut, since one line may hold thousands."""
    start = text.rfind("\n", max(0, one.start - 200), one.start) + 1 or max(0, one.start - 200)
    end = text.find("\n", one.start, one.end + 200)
    return text[start : one.end + 200 if end < 0 else end].strip()
