"""The report of `doctor` on paper: what is broken into lines and what never is, and what is escaped."""

import json

import pytest

from eyamlgpg.model.diagnosis import Area, Diagnosis, State
from eyamlgpg.render.doctor import doctor_as_json, doctor_as_text, doctor_summary
from eyamlgpg.render.tables import PIPE, Paper

LONG = Diagnosis(
    "home-permissions", Area.GNUPG, State.PROBLEM, "the GnuPG home has mode 755 and more words than fit into a line",
    "Other users can look into it.", ("chmod 700 /a/path/that/is/longer/than/the/terminal/is/wide",),
)  # fmt: skip
FINE = Diagnosis("git", Area.REPOSITORY, State.GOOD, "git is version 2.39.5")


def test_a_terminal_gets_short_lines_and_whole_commands() -> None:
    assert doctor_as_text([LONG, FINE], paper=Paper(60)) == (
        "GnuPG\n"
        "  problem  the GnuPG home has mode 755 and more words than\n"
        "           fit into a line\n"
        "           Other users can look into it.\n"
        "           $ chmod 700 /a/path/that/is/longer/than/the/terminal/is/wide\n"
        "\n"
        "This repository\n"
        "  ok       git is version 2.39.5\n"
    )


def test_a_pipe_gets_one_line_a_sentence() -> None:
    assert doctor_as_text([LONG], paper=PIPE).splitlines()[1].endswith("more words than fit into a line")


@pytest.mark.parametrize(("state", "colour"), [(State.GOOD, 32), (State.NOTE, 33), (State.PROBLEM, 31)])
def test_a_state_has_the_colour_of_its_meaning(state: State, colour: int) -> None:
    text = doctor_as_text([Diagnosis("x", Area.KEYS, state, "x")], paper=Paper(80, coloured=True))
    assert f"\x1b[{colour}m{state.value}" in text


def test_names_of_strangers_are_escaped() -> None:
    evil = Diagnosis("own-key", Area.KEYS, State.NOTE, "key of \x1b[2J", "\x1b]0;x", ("gpg \x1b[31m",))
    assert "\x1b" not in doctor_as_text([evil], paper=PIPE)


def test_json_counts_the_states() -> None:
    document = json.loads(doctor_as_json([LONG, FINE]))
    assert document["states"] == {"ok": 1, "note": 0, "unknown": 0, "problem": 1}
    assert document["diagnoses"][1] == {
        "id": "git",
        "area": "repository",
        "state": "ok",
        "message": "git is version 2.39.5",
        "meaning": None,
        "commands": [],
    }


def test_the_summary_counts_what_is_to_be_read() -> None:
    assert (doctor_summary([LONG, FINE]), doctor_summary([FINE])) == ("1 problem, 0 notes", "no problem, 0 notes")
