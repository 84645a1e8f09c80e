"""The line of a finding with every value hidden: what may be printed anywhere."""

import re
from bisect import bisect_left
from dataclasses import dataclass

from eyamlgpg.formats.markers import OPENER
from eyamlgpg.formats.structure import Scalar
from eyamlgpg.model.findings import Finding
from eyamlgpg.rules.subject import Subject

HIDDEN = "‹hidden›"
_COMMENT = re.compile(r"(?:(?<=\s)|\A)#.*")
_PLAIN_KEY = re.compile(r"""([ \t]*(?:-[ \t]+)*["']?[A-Za-z_][\w:.-]*["']?[ \t]*:)(?=[ \t]|\Z)""")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One line, and where in it the finding is."""

    text: str
    caret: int | None
    """From 0, in characters of `text`."""


def excerpt(subject: Subject, finding: Finding) -> Excerpt | None:
    """The line of a finding; None where the whole file is meant.

    Keys and punctuation are shown; values and comments, which may hold anything, are not.
    """
    lines = subject.text.split("\n")
    if finding.line is None or finding.line > len(lines):
        return None
    line = lines[finding.line - 1].rstrip("\r")
    if subject.structure is None:
        # A recipients file, the only one that nobody tried to read as YAML, holds names and no values.
        return _guessed(line) if subject.scan.yaml_error else Excerpt(line, None)
    start = sum(len(text) + 1 for text in lines[: finding.line - 1])
    return _hidden(subject, start, start + len(line), None if finding.column is None else start + finding.column - 1)


def _guessed(line: str) -> Excerpt:
    """Of a text that is not YAML only a key at the beginning is shown."""
    key = _PLAIN_KEY.match(line)
    if key is not None and OPENER.search(key[1]) is None:
        return Excerpt(f"{key[1]} {HIDDEN}", len(key[1]) + 1)
    indent = len(line) - len(line.lstrip())
    return Excerpt(f"{line[:indent]}{HIDDEN}", indent)


def _hidden(subject: Subject, start: int, end: int, wanted: int | None) -> Excerpt:
    assert subject.structure is not None  # noqa: S101 - its only caller asked
    scalars = subject.structure.scalars
    place = max(bisect_left(scalars, start, key=lambda scalar: scalar.start) - 1, 0)
    shown, caret, at = "", None, start
    for scalar in scalars[place:]:
        if scalar.start >= end:
            break
        if scalar.end <= start:
            continue
        shown += _COMMENT.sub("# …", subject.text[at : max(scalar.start, at)])
        piece = subject.text[max(scalar.start, start) : min(scalar.end, end)]
        if wanted is not None and caret is None and scalar.start <= wanted < max(scalar.end, scalar.start + 1):
            caret = len(shown) + len(piece) - len(piece.lstrip())
        shown += _shown(scalar, piece)
        at = min(scalar.end, end)
    shown += _COMMENT.sub("# …", subject.text[at:end])
    return Excerpt(shown, caret)


def _shown(scalar: Scalar, text: str) -> str:
    if scalar.is_key and "ENC[" not in text and OPENER.search(text) is None:
        return text
    indent = len(text) - len(text.lstrip())
    return f"{text[:indent]}{HIDDEN}" if text.strip() else text
