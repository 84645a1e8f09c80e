"""The report of `doctor` as text and JSON."""

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence

from eyamlgpg.model.diagnosis import Area, Diagnosis, State
from eyamlgpg.render.tables import UNBOUNDED, Paper, printed
from eyamlgpg.render.words import counted, escaped

SCHEMA_VERSION = 1

_TITLES: Mapping[Area, str] = {
    Area.GNUPG: "GnuPG",
    Area.PASSPHRASES: "Passphrases",
    Area.KEYS: "Your key",
    Area.MACHINE: "This machine",
    Area.SETTINGS: "Settings",
    Area.REPOSITORY: "This repository",
}
_COLOURS: Mapping[State, str] = {
    State.GOOD: "green",
    State.NOTE: "yellow",
    State.UNKNOWN: "yellow",
    State.PROBLEM: "red",
}
_INDENT = max(map(len, State)) + 4
_LEAST = 40
"""Columns of text below which a narrow terminal is left to break the lines itself."""


def doctor_as_text(diagnoses: Sequence[Diagnosis], *, paper: Paper) -> str:
    """Each area with its lines: the state, what it is, what that means, and after `$` the commands that mend it.

    Commands are never broken, so that they can be copied.
    """
    from rich.text import Text

    made = Text()
    for area in Area:
        lines = [one for one in diagnoses if one.area is area]
        if lines:
            made.append(f"{_TITLES[area]}\n", style="bold")
        for one in lines:
            first, *others = _sentences(one, paper)
            made.append("  ").append(f"{one.state.value:{_INDENT - 2}}", style=_COLOURS[one.state])
            made.append(f"{first}\n")
            made.append("".join(f"{' ' * _INDENT}{line}\n" for line in others))
            made.append("".join(f"{' ' * _INDENT}$ {escaped(command)}\n" for command in one.commands))
        if lines:
            made.append("\n")
    made.rstrip()
    return printed(made, paper)


def doctor_as_json(diagnoses: Sequence[Diagnosis]) -> str:
    """`{schema_version, states: {…}, diagnoses: […]}`."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "states": {state.value: _number(diagnoses, state) for state in State},
        "diagnoses": [
            {
                "id": one.id,
                "area": one.area.value,
                "state": one.state.value,
                "message": one.message,
                "meaning": one.meaning or None,
                "commands": list(one.commands),
            }
            for one in diagnoses
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def doctor_summary(diagnoses: Sequence[Diagnosis]) -> str:
    """How many problems and notes there are."""
    problems, notes = _number(diagnoses, State.PROBLEM), _number(diagnoses, State.NOTE)
    return f"{counted(problems, 'problem') if problems else 'no problem'}, {counted(notes, 'note')}"


def _sentences(one: Diagnosis, paper: Paper) -> Iterator[str]:
    room = UNBOUNDED if paper.width is None or paper.width - _INDENT < _LEAST else paper.width - _INDENT
    for sentence in filter(None, (one.message, one.meaning)):
        # A path or a fingerprint that is longer than a line stays whole.
        yield from textwrap.wrap(escaped(sentence), room, break_long_words=False, break_on_hyphens=False)


def _number(diagnoses: Sequence[Diagnosis], state: State) -> int:
    return sum(one.state is state for one in diagnoses)
