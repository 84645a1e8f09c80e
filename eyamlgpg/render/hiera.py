"""The report of `hiera check` as text and JSON."""

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from eyamlgpg.model.diagnosis import State
from eyamlgpg.model.hiera_check import HieraFileReport, HieraFinding, HieraReport, LevelReport
from eyamlgpg.render.tables import UNBOUNDED, Paper, printed
from eyamlgpg.render.words import counted, escaped

SCHEMA_VERSION = 1

_COLOURS: Mapping[State, str] = {
    State.GOOD: "green",
    State.NOTE: "yellow",
    State.UNKNOWN: "yellow",
    State.PROBLEM: "red",
}
_WIDTH = max(map(len, State)) + 2
_LEAST = 30
"""Columns of text below which a narrow terminal is left to break the lines itself."""


def hiera_as_text(report: HieraReport, *, paper: Paper) -> str:
    """Each hiera.yaml with its levels, each level with what was found in it; then what concerns the tree."""
    from rich.text import Text

    made = Text()

    def lines(state: State, indent: int, sentences: Sequence[str]) -> None:
        left = indent + _WIDTH
        room = UNBOUNDED if paper.width is None or paper.width - left < _LEAST else paper.width - left
        wrapped = [
            line
            for sentence in sentences
            # A path or a fingerprint that is longer than a line stays whole.
            for line in textwrap.wrap(escaped(sentence), room, break_long_words=False, break_on_hyphens=False)
        ]
        made.append(" " * indent).append(f"{state.value:{_WIDTH}}", style=_COLOURS[state]).append(f"{wrapped[0]}\n")
        made.append("".join(f"{' ' * left}{line}\n" for line in wrapped[1:]))

    for file in report.files:
        made.append(f"{escaped(_heading(file))}\n", style="bold")
        for one in file.findings:
            lines(one.state, 2, tuple(_sentences(one, file.path)))
        for level in file.levels:
            lines(level.state, 2, (_level(level),))
            for one in level.findings:
                lines(one.state, 4, tuple(_sentences(one, file.path)))
        made.append("\n")
    if report.findings:
        made.append("The tree\n", style="bold")
        for one in report.findings:
            lines(one.state, 2, tuple(_sentences(one, "")))
    made.rstrip()
    return printed(made, paper)


def hiera_as_json(report: HieraReport) -> str:
    """`{schema_version, states, masters, files: […], findings: […]}`."""
    every = report.every()
    document = {
        "schema_version": SCHEMA_VERSION,
        "states": {state.value: sum(one.state is state for one in every) for state in State if state is not State.GOOD},
        "masters": list(report.masters),
        "files": [
            {
                "path": file.path,
                "version": file.version,
                "layer": file.layer,
                "levels": [
                    {
                        "name": level.name,
                        "line": level.line,
                        "function": level.function or None,
                        "state": level.state.value,
                        "files": list(level.files),
                        "values": level.values,
                    }
                    for level in file.levels
                ],
            }
            for file in report.files
        ],
        "findings": [_as_json(one) for one in every],
    }
    return json.dumps(document, indent=2) + "\n"


def hiera_summary(report: HieraReport) -> str:
    """How much was looked at, and what was found."""
    levels = [level for file in report.files for level in file.levels]
    every = report.every()
    problems, unknown = (sum(one.state is state for one in every) for state in (State.PROBLEM, State.UNKNOWN))
    looked = f"{counted(len(report.files), 'hiera.yaml', 'hiera.yaml files')}, {counted(len(levels), 'level')}"
    found = counted(problems, "problem") if problems else "no problem"
    return f"{looked}: {found}, {unknown} unknown"


def _as_json(one: HieraFinding) -> dict[str, Any]:
    return {
        "id": one.id,
        "state": one.state.value,
        "path": one.path,
        "line": one.line,
        "level": one.level,
        "key": one.key,
        "master": one.master,
        "message": one.message,
        "hint": one.hint,
    }


def _heading(file: HieraFileReport) -> str:
    version = f"version {file.version}" if file.version else "an unknown version"
    layer = "" if file.layer == "unknown" else f", of {'an environment' if file.layer == 'environment' else 'a module'}"
    return f"{file.path}: {version}{layer}"


def _level(level: LevelReport) -> str:
    function = level.function or "no function"
    files = counted(len(level.files), "file")
    return f"{level.name} (line {level.line}): {function}, {files}, {counted(level.values, 'encrypted value')}"


def _sentences(one: HieraFinding, heading: str) -> Iterator[str]:
    place = f"line {one.line}" if one.path == heading else f"{one.path}:{one.line}"
    key = f" {one.key}" if one.key else ""
    yield f"{place}:{key}{':' if key else ''} {one.message}"
    if one.hint:
        yield one.hint
