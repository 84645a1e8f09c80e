r"""The grammar of `DEC(1)::GPG[…]!`, by which an edit buffer shows plaintexts: written and read back without loss.

A marker ends at the first `]!`, so a plaintext that holds one is shown as `]\!`, and one that already holds `]\…\!`
with one backslash more; one is taken off on reading. Likewise an opener, `DEC(1)::GPG[` or `DEC::GPG[`, is shown as
`DEC\(1)::GPG[`. What the gems would show is shown alike, except for plaintexts with one of the two.

Hence a marker whose content holds an opener without a backslash has lost its `]!`: it is half open, and an error.

Neither form can hold the other, nor start inside the other: one has only `]`, `\` and `!`, the other no `]` and no `!`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from eyamlgpg.errors import EyamlgpgError, FormatError, raise_all
from eyamlgpg.formats.text import Lines, folded_indent

OPENER = re.compile(r"DEC(?:\(([0-9]++)\))?::([A-Za-z0-9_]++)\[")
CLOSER = "]!"
INNER_CLOSER = re.compile(r"\](\\*+)!")
INNER_OPENER = re.compile(r"DEC(\\*+)(?=(?:\([0-9]++\))?::[A-Za-z0-9_]++\[)")
ESCAPED_CLOSER = re.compile(r"\]\\(\\*+)!")
ESCAPED_OPENER = re.compile(r"DEC\\(\\*+)(?=(?:\([0-9]++\))?::[A-Za-z0-9_]++\[)")

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Unicode's control characters (category Cc: C0, DEL, C1) other than TAB, LF and CR."""

MOST_DIGITS = 18
"""A longer number is refused: nobody wrote it, and reading it would cost more than the file is worth."""


@dataclass(frozen=True, slots=True)
class Marker:
    """One marker of a text: its span from `DEC` to `]!`, and the plaintext that it shows."""

    start: int
    end: int
    number: int | None
    """None for `DEC::GPG[…]!`, a new value."""
    scheme: str
    """As written: `GPG`, `gpg`, `PKCS7`, …"""
    content: str = field(repr=False)
    """The plaintext, unescaped; it may be empty and may span lines."""
    line: int
    r"""Of its first character, counted from 1."""
    folded: str | None = None
    r"""The white space between `>` LF and the marker, where it stands in the gems' block form; else None."""


def render(number: int | None, scheme: str, content: str) -> str:
    """The marker that `parse` reads back to the same number, scheme and content, whatever the content is."""
    escaped = INNER_OPENER.sub(r"DEC\1\\", INNER_CLOSER.sub(r"]\1\\!", content))
    name = "DEC" if number is None else f"DEC({number})"
    return f"{name}::{scheme}[{escaped}{CLOSER}"


def parse(text: str) -> tuple[Marker, ...]:
    """The markers of a text, in order.

    FormatError, or Several of them, for each half-open marker: one with another opener before its `]!`, or without any
    `]!` after it. The line is named, never the content.
    """
    lines = Lines(text)
    found: list[Marker] = []
    errors: list[EyamlgpgError] = []
    for opener, following, closer in _openings(text):
        line = lines.line(opener.start())
        digits, scheme = opener.groups()
        name = f"line {line}: the marker DEC" + ("" if digits is None else f"({digits[:MOST_DIGITS]})")
        if digits is not None and len(digits) > MOST_DIGITS:
            errors.append(FormatError(f"{name}… has a number of {len(digits)} digits"))
        elif closer < 0:
            errors.append(FormatError(f"{name} is half open: no ]! ends it", "put ]! where its plaintext ends"))
        elif following is not None and following.start() < closer:
            errors.append(_half_open(name, lines.line(following.start())))
        else:
            content = _unescape(text[opener.end() : closer])
            number = None if digits is None else int(digits)
            span = (opener.start(), closer + len(CLOSER))
            found.append(Marker(*span, number, scheme, content, line, folded_indent(text, opener.start())))
    raise_all(errors)
    return tuple(found)


def _openings(text: str) -> Iterator[tuple[re.Match[str], re.Match[str] | None, int]]:
    """Each opener, the one that follows it, and where the first closer after it stands (-1: nowhere)."""
    openers = OPENER.finditer(text)
    opener = next(openers, None)
    closer = 0
    while opener is not None:
        following = next(openers, None)
        if 0 <= closer < opener.end():
            closer = text.find(CLOSER, opener.end())
        yield opener, following, closer
        opener = following


def _half_open(name: str, line: int) -> FormatError:
    return FormatError(
        f"{name} is half open: another marker starts on line {line}, before any ]! ends this one",
        "put ]! where its plaintext ends",
        r"if the other one belongs to the plaintext, write DEC\ in place of its DEC",
    )


def _unescape(content: str) -> str:
    return ESCAPED_OPENER.sub(r"DEC\1", ESCAPED_CLOSER.sub(r"]\1!", content))


def numbers(text: str) -> frozenset[int]:
    """The numbers of the openers that stand in a text, half-open ones included; ours must be others."""
    return frozenset(int(digits) for digits, _ in OPENER.findall(text) if digits and len(digits) <= MOST_DIGITS)


def is_showable(plaintext: bytes) -> bool:
    """Whether an editor can show a plaintext and give it back: strict UTF-8 without control characters.

    TAB, LF and CR are no hindrance; neither are a BOM, U+2028 or other format characters, which editors keep.
    """
    try:
        return CONTROL.search(plaintext.decode("utf-8")) is None
    except UnicodeDecodeError:
        return False
