"""Strangers' text in reports that other programs read."""

import csv
import io
import json
from pathlib import Path

import pytest

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.render.findings.text import findings_as_json, findings_as_text
from eyamlgpg.render.words import at_line_start, cell, percent

COMMAND = "::stop-commands::x.eyaml"


@pytest.mark.parametrize("path", [COMMAND, " ::x", "##vso[task].yaml", "##[group]"])
def test_no_line_begins_with_what_a_build_server_takes_for_a_command(path: str) -> None:
    assert at_line_start(path) == f"./{path}"
    finding = Finding("a-rule", Severity.ERROR, path, 1, None, None, "said", None)
    assert findings_as_text((finding,)).startswith(f"./{path}:1: error: said")
    assert json.loads(findings_as_json((finding,)))["findings"][0]["path"] == path


@pytest.mark.parametrize("path", ["a.eyaml", ":a", "#a", "a::b", str(Path("x") / COMMAND)])
def test_any_other_path_is_shown_as_it_is(path: str) -> None:
    assert at_line_start(path) == path


@pytest.mark.parametrize("text", ["=1+1", "+49", "-x", "@sum"])
def test_a_cell_is_no_formula(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert cell("a=b") == "a=b"
    out = io.StringIO()
    csv.writer(out).writerow([cell(text)])
    assert next(csv.reader([out.getvalue()])) == [f"'{text}"]


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [
        (0, 10, "0 %"),
        (1, 1000, "< 1 %"),
        (1, 100, "1 %"),
        (1, 3, "33 %"),
        (254, 255, "99 %"),
        (999, 1000, "99 %"),
        (10, 10, "100 %"),
        (0, 0, "0 %"),
    ],
)
def test_a_share_is_nothing_or_all_only_where_it_is(part: int, whole: int, told: str) -> None:
    assert percent(part, whole) == told
