"""The line of a finding with every value hidden: what may be printed anywhere."""

import re
from bisect import bisect_left
from dataclasses import dataclass

from eyamlgpg.detectors.showable_keys import ShownKeys
from eyamlgpg.formats.yaml.structure import Scalar
from eyamlgpg.model.findings import Finding
from eyamlgpg.model.showable_names import HIDDEN, is_plausible
from eyamlgpg.rules.reading.subject import Subject

WIDTH = 120
"""Characters; of a longer line only what is around the finding is shown."""

_COMMENT = re.compile(r"(?:(?<=\s)|\A)#.*")
_PROPERTY = re.compile(r"(!!(?:str|int|float|bool|null|binary|seq|map)(?!\S))|(?<![!&*])([!&*]*+)[^\s:?,\[\]{}!&*-]+")
_PLAIN_KEY = re.compile(r"""([ \t]*(?:-[ \t]+)*["']?([A-Za-z_][\w:.-]*)["']?[ \t]*:)(?=[ \t]|\Z)""")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One line, and where in it the finding is."""

    text: str
    caret: int | None
    """From 0, in characters of `text`."""


def excerpt(subject: Subject, finding: Finding) -> Excerpt | None:
    """The line of a finding, or the part of a long one around it; None where the whole file is meant.

    Keys and punctuation are shown; values, tags, anchors and comments, which may hold anything, are not.
    """
    if finding.line is None or finding.line > subject.lines.count:
        return None
    start = subject.lines.start(finding.line)
    end = subject.text.find("\n", start)
    end = len(subject.text) if end < 0 else end
    end -= subject.text.endswith("\r", start, end)
    if subject.structure is None:
        line = subject.text[start:end]
        # A recipients file is the only one that nobody tried to read as YAML.
        if subject.scan.yaml_error:
            return _hidden_line(line) if subject.keys.is_marked(start) else _guessed(line, subject.keys)
        return Excerpt(_recipients(line), None)
    return _hidden(subject, start, end, None if finding.column is None else start + finding.column - 1)


def _guessed(line: str, keys: ShownKeys) -> Excerpt:
    """Of a text that is not YAML only a key at the beginning is shown."""
    key = _PLAIN_KEY.match(line)
    if key is not None and keys.shows(key[2]):
        return Excerpt(f"{key[1]} {HIDDEN}", len(key[1]) + 1)
    return _hidden_line(line)


def _hidden_line(line: str) -> Excerpt:
    indent = len(line) - len(line.lstrip())
    return Excerpt(f"{line[:indent]}{HIDDEN}", indent)


def _recipients(line: str) -> str:
    """Of a recipients file names are shown, and words in comments; what is neither may be anything."""
    names, sign, comment = line.partition("#")
    if not all(map(is_plausible, names.split(","))):
        names = f"{names[: len(names) - len(names.lstrip())]}{HIDDEN} "
    return _cut(f"{names}{sign}{comment if is_plausible(comment) else ' …'}".rstrip())


def _hidden(subject: Subject, start: int, end: int, wanted: int | None) -> Excerpt:
    assert subject.structure is not None  # noqa: S101 - its only caller asked
    scalars = subject.structure.scalars
    shown, caret = "", None
    place = max(bisect_left(scalars, start, key=lambda scalar: scalar.start) - 1, 0)
    if wanted is not None and wanted - start > WIDTH:
        near = bisect_left(scalars, wanted - WIDTH // 2, key=lambda scalar: scalar.start)
        if place < near < len(scalars) and scalars[near].start <= wanted:
            place, start, shown = near, scalars[near].start, "… "
    at = start
    for number in range(place, len(scalars)):  # not islice, which walks there from the first one
        scalar = scalars[number]
        if scalar.start >= end:
            break
        if scalar.end <= start and scalar.start < start:
            continue
        shown += _between(subject.text[at : max(scalar.start, at)])
        piece = subject.text[max(scalar.start, start) : min(scalar.end, end)]
        if wanted is not None and caret is None and scalar.start <= wanted < max(scalar.end, scalar.start + 1):
            caret = len(shown) + len(piece) - len(piece.lstrip())
        shown += _shown(scalar, piece, subject.keys)
        at = max(at, min(scalar.end, end))
        if len(shown) > WIDTH and (caret is not None or wanted is None):
            return Excerpt(f"{shown} …", caret)
    return Excerpt(shown + _between(subject.text[at:end]), caret)


def _between(text: str) -> str:
    """What stands between scalars: punctuation is shown; comments, tags, anchors and names of aliases are not."""
    comment = _COMMENT.search(text)
    before = text if comment is None else text[: comment.start()]
    return _cut(_PROPERTY.sub(lambda match: match[1] or f"{match[2]}…", before)) + ("# …" if comment else "")


def _shown(scalar: Scalar, text: str, keys: ShownKeys) -> str:
    if scalar.is_key and keys.shows(scalar.value):
        return _cut(text)
    indent = len(text) - len(text.lstrip())
    return f"{text[:indent]}{HIDDEN}" if text.strip() else text


def _cut(text: str) -> str:
    return text if len(text) <= WIDTH else f"{text[:WIDTH]}…"
