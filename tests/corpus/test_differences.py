"""The list of differences, the documentation and the recordings say the same."""

import re
from pathlib import Path

from tests.corpus.differences import DIFFERENCES
from tests.support import corpus

PAGE = (Path(__file__).parents[2] / "docs" / "compatibility.md").read_text()
CASE = re.compile(r"`((?:decrypt|encrypt|edit|recrypt)[a-z-]*:[^`]+)`")


def test_each_case_is_recorded_once() -> None:
    ids = [case.id for case in corpus.every_case()]
    assert (len(ids), len(set(ids))) == (430, 430)


def test_each_case_that_we_end_differently_is_listed_with_a_reason_and_no_other_one() -> None:
    listed = [case for cases in DIFFERENCES.values() for case in cases]
    ours = [case.id for case in corpus.every_case() if case.ours is not None]
    assert sorted(listed) == sorted(ours)


def test_where_the_gems_do_nothing_wrong_we_end_differently_in_3_of_100_cases_at_most() -> None:
    cases = list(corpus.every_case())
    other = [case for case in cases if case.ours is not None and case.quirk is None]
    assert len(other) <= 0.03 * len(cases)


def test_the_page_has_each_row() -> None:
    rows = {row[0]: CASE.findall(row[1]) for row in _rows() if row[0] in DIFFERENCES}
    assert rows == {reason: list(cases) for reason, cases in DIFFERENCES.items()}


def test_every_case_on_the_page_is_recorded() -> None:
    known = {case.id for case in corpus.every_case()}
    assert sorted(set(CASE.findall(PAGE)) - known) == []


def test_each_fault_of_the_gems_that_was_recorded_is_on_the_page() -> None:
    mentioned = set(CASE.findall(PAGE))
    faults = {case.quirk for case in corpus.every_case()}
    assert faults == {case.quirk for case in corpus.every_case() if case.id in mentioned}


def _rows() -> list[tuple[str, str]]:
    cells = (line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| "))
    return [(cell[0], cell[-1]) for cell in cells if len(cell) > 1]
