"""The pieces of a text that a detector needs to see, where its expression takes the square of the time for the whole.

Three of detect-secrets' expressions begin with something that may come often and go on without a limit. Each has a
literal in its middle; around every one of these a short piece, or one that cannot fail late, says the same.
"""

import re
from collections.abc import Callable, Iterator

_JWT_PART = re.compile(r"(?<![A-Za-z0-9_=-])[A-Za-z0-9_=-]++\.(?=([A-Za-z0-9_=-]++))")
"""A whole part of a JSON Web Token (RFC 7519) before its dot, and the next part."""

_NPM = "/:_authToken="
_NPM_TOKEN = 48
_OPENAI = "T3BlbkFJ"
_OPENAI_SIDES = 20
"""Letters and digits right before and behind."""
_AROUND = 256
"""Characters; no such token is longer."""


def pieces(module: str, text: str) -> Iterator[str]:
    """What the detector of a module of detect-secrets is to look at, in place of a text."""
    cut = _CUTS.get(module)
    return iter((text,)) if cut is None else cut(text)


def _jwt(text: str) -> Iterator[str]:
    """From the first `eyJ` of a part on: from there the expression matches at once, whatever follows."""
    if "eyJ" not in text:
        return
    for part in _JWT_PART.finditer(text):
        start = text.find("eyJ", part.start(), part.end())
        if start >= 0:
            yield text[start : part.end()] + part[1]


def _npm(text: str) -> Iterator[str]:
    for place in _places(text, _NPM):
        behind = text[place + len(_NPM) : place + _AROUND].lstrip()[:_NPM_TOKEN]
        yield f"//registry{_NPM}{behind}"


def _openai(text: str) -> Iterator[str]:
    """From the last `sk-` before the literal on: if anything stands between them, an earlier one is no better."""
    for place in _places(text, _OPENAI):
        behind = place + len(_OPENAI)
        sides = text[max(0, place - _OPENAI_SIDES) : place] + text[behind : behind + _OPENAI_SIDES]
        start = text.rfind("sk-", max(0, place - _AROUND), place) if sides.isalnum() else -1
        if start >= 0:
            yield text[start : place + _AROUND]


def _places(text: str, literal: str) -> Iterator[int]:
    place = text.find(literal)
    while place >= 0:
        yield place
        place = text.find(literal, place + len(literal))


_CUTS: dict[str, Callable[[str], Iterator[str]]] = {"jwt": _jwt, "npm": _npm, "openai": _openai}
