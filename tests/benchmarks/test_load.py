"""The load curves: the page's table and the picture are made of the stored numbers, and points stand in proportion."""

import math
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.load import picture, table
from benchmarks.load.measured import Cost, Curve, Load, store, stored
from benchmarks.load.picture import BOTTOM, GAP, LEFT, RIGHT, TOP, draw
from benchmarks.load.scales import Scale, apart, ticks
from benchmarks.measure import resident_kib

SVG = "{http://www.w3.org/2000/svg}"
STEADY = Curve("check", (Cost(1_000, 0.9, 0.5, 50.0), Cost(10_000, 6.0, 5.0, 50.0), Cost(100_000, 61.0, 50.0, 50.0)))
GROWING = Curve(
    "audit <x>", (Cost(1_000, 1.0, 1.0, 50.0), Cost(10_000, 4.0, 4.0, 100.0), Cost(100_000, 16.0, 16.0, 200.0))
)
LOAD = Load("2 processors", (50, 500, 5_000), (4, 44, 444), (STEADY, GROWING))


def panels(load: Load) -> list[ET.Element]:
    return ET.fromstring(draw(load)).findall(f"{SVG}g")  # noqa: S314 - drawn here


def points(panel: ET.Element, curve: int) -> list[tuple[float, float]]:
    line = panel.findall(f"{SVG}g/{SVG}polyline")[curve].attrib["points"]
    return [(float(x), float(y)) for x, y in (point.split(",") for point in line.split())]


def words(panel: ET.Element, kind: str) -> list[str]:
    return [element.text or "" for element in panel.iter(f"{SVG}text") if element.get("class") == kind]


def test_the_picture_is_drawn_from_the_stored_numbers() -> None:
    """`python -m benchmarks.load --draw` draws it anew."""
    assert picture.DRAWN.read_text(encoding="utf-8") == draw(stored())


def test_the_page_has_the_table_of_the_stored_numbers() -> None:
    """`python -m benchmarks.load --draw` writes it anew."""
    page = table.PAGE.read_text(encoding="utf-8")
    assert table.block(stored()) in page
    assert table.onto_page(page, stored()) == page
    assert f"](assets/{picture.DRAWN.name})" in page


def test_what_is_stored_is_read_back(tmp_path: Path) -> None:
    store(LOAD, tmp_path / "load.json")
    assert stored(tmp_path / "load.json") == LOAD


def test_a_table_has_a_row_a_command_and_a_column_a_tree() -> None:
    heads, line, *rows = table.table(LOAD).splitlines()
    trees = ["1,000 values, 50 files, 4 MB", "10,000 values, 500 files, 44 MB", "100,000 values, 5,000 files, 444 MB"]
    assert heads == f"| command | {' | '.join(trees)} | 10 times the values |"
    assert line == "| --- | --- | --- | --- | --- |"
    check, audit = (row.strip("| ").split(" | ") for row in rows)
    assert check[0] == "`check`"
    assert check[1:4] == ["0.9 s (0.5 s), 50 MiB", "6.0 s (5.0 s), 50 MiB", "61.0 s (50.0 s), 50 MiB"]
    assert check[4] == "10.0 × the time, 1.0 × the memory"
    assert [audit[0], audit[4]] == ["`audit <x>`", "4.0 × the time, 2.0 × the memory"]


def test_a_table_goes_between_its_comments_and_nowhere_else() -> None:
    page = f"before\n\n{table.BEGIN}\nold\n{table.END}\n\nafter\n"
    assert table.onto_page(page, LOAD) == f"before\n\n{table.block(LOAD)}\n\nafter\n"
    with pytest.raises(ValueError, match="load"):
        table.onto_page("before\n", LOAD)


def test_each_panel_names_its_axes_and_its_curves() -> None:
    time, memory = panels(LOAD)
    assert [words(time, "title"), words(memory, "title")] == [["processor seconds"], ["peak memory in MiB"]]
    for panel in (time, memory):
        assert words(panel, "x") == ["1,000", "10,000", "100,000", "values in the tree"]
        assert words(panel, "name") == ["check", "audit <x>"]
    assert words(time, "y")[:-1] == ["0.5", "1", "2", "5", "10", "20", "50"]
    assert words(memory, "y") == ["50", "100", "200"]


def test_points_stand_in_proportion() -> None:
    """Ten times the values is the same step to the right, and a straight line is a power."""
    time, memory = panels(LOAD)
    xs, ys = zip(*points(time, 0), strict=True)
    assert xs == (LEFT, (LEFT + RIGHT) / 2, RIGHT)
    assert ys == (BOTTOM, (BOTTOM + TOP) / 2, TOP)
    first, second, third = (y for _, y in points(time, 1))
    assert first - second == pytest.approx(second - third, abs=0.2)
    assert first - second == pytest.approx((BOTTOM - TOP) * math.log(4) / math.log(100), abs=0.2)
    assert [y for _, y in points(memory, 0)] == [BOTTOM] * 3
    assert [y for _, y in points(memory, 1)] == [BOTTOM, (BOTTOM + TOP) / 2, TOP]


def test_a_mark_stands_where_a_point_of_its_value_does() -> None:
    time, _ = panels(LOAD)
    [mark] = [element for element in time.iter(f"{SVG}text") if element.text == "5"]
    assert float(mark.attrib["y"]) == pytest.approx(points(time, 0)[1][1] + 4.5)


def test_the_dashed_line_rises_as_the_number_of_values_does() -> None:
    """It is parallel to a curve that takes ten times the seconds for ten times the values."""
    time, memory = panels(LOAD)
    [guide] = [element.attrib["d"] for element in time.iter(f"{SVG}path") if element.get("class") == "guide"]
    x, y, end_x, end_y = (float(number) for number in re.findall(r"[\d.]+", guide))
    assert (x, y) == (LEFT, BOTTOM)
    assert (end_x, end_y) == (RIGHT, TOP) == points(time, 0)[-1]
    assert [element for element in memory.iter(f"{SVG}path") if element.get("class") == "guide"] == []


def test_curves_that_end_at_the_same_place_have_labels_apart() -> None:
    same = Load("", (50, 500, 5_000), (4, 44, 444), tuple(Curve(str(at), STEADY.costs) for at in range(4)))
    for panel in panels(same):
        ys = [float(element.attrib["y"]) for element in panel.iter(f"{SVG}text") if element.get("class") == "name"]
        assert all(after - before >= GAP - 0.1 for before, after in pairwise(ys))
        assert max(ys) <= BOTTOM + 4.5


def test_every_curve_has_a_colour_in_each_scheme() -> None:
    many = Load("", (50, 500, 5_000), (4, 44, 444), tuple(Curve(str(at), STEADY.costs) for at in range(9)))
    style = draw(many)
    for scheme in ("svg {", "svg:target {"):
        colours = re.findall(r"--c\d: (#\w{6})", style.partition(f"    {scheme}")[2].partition("}")[0])
        assert len(set(colours)) == 9


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.5, 50, [0.5, 1, 2, 5, 10, 20, 50]),
        (31, 140, [20, 50, 100, 200]),
        (50, 50, [50, 100]),
        (0.07, 0.3, [0.05, 0.1, 0.2, 0.5]),
    ],
)
def test_marks_reach_around_all_numbers(low: float, high: float, expected: list[float]) -> None:
    assert ticks(low, high) == pytest.approx(expected)


def test_an_axis_of_equal_numbers_is_drawn() -> None:
    flat = Load("", (50, 500), (4, 44), (Curve("a", (Cost(1_000, 5, 5, 50), Cost(10_000, 5, 5, 50))),))
    for panel, mark in zip(panels(flat), ("5", "50"), strict=True):
        assert words(panel, "y")[0] == mark
        assert [y for _, y in points(panel, 0)] == [BOTTOM, BOTTOM]


def test_equal_ratios_are_equal_distances() -> None:
    scale = Scale(1, 100, 300, 100)
    assert [scale.at(value) for value in (1, 10, 100)] == [300, 200, 100]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ([10, 50, 90], [10, 50, 90]),
        ([50, 52, 54], [50, 60, 70]),
        ([99, 100, 10], [90, 100, 10]),
        ([52, 50], [60, 50]),
    ],
)
def test_places_are_kept_apart_in_their_order(wanted: list[float], expected: list[float]) -> None:
    assert apart(wanted, 10, 100) == expected


LINUX = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
STAYS = "print(flush=True); input()"


def started(program: str) -> "subprocess.Popen[bytes]":
    """A Python that says something when it is ready, and ends with its input."""
    child = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout
    child.stdout.readline()
    return child


@LINUX
def test_memory_is_that_of_a_process_and_of_what_it_started() -> None:
    other = "import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', 'x = bytes(range(256)) * 200_000; "
    with started(STAYS) as alone, started(f"{other}{STAYS}']); p.wait()") as parent:
        assert 2_000 < resident_kib(alone.pid) < 50_000
        assert resident_kib(parent.pid) > resident_kib(alone.pid) + 50_000
        alone.communicate(b"\n")
        parent.communicate(b"\n")
    assert resident_kib(alone.pid) == 0


@LINUX
def test_a_child_that_is_still_the_copy_of_its_parent_is_not_counted() -> None:
    """Between fork and exec it has the parent's memory, which nobody needs twice."""
    with started(STAYS) as alone, started(f"import os; os.fork(); {STAYS}") as twice:
        assert resident_kib(twice.pid) < 1.5 * resident_kib(alone.pid)
        alone.communicate(b"\n")
        twice.communicate(b"\n\n")
