"""Faults injected, survived and lost, for each command: the table of docs/security.md, from pytest's own reports.

python -m tests.faults.table REPORT.xml…
"""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from tests.faults.scenes import SCENES, command_of

FAILING, ENDING, KILLED, DISKS = "a system call fails", "killed or interrupted at one", "killed at random", "disks"
COLUMNS = (FAILING, ENDING, KILLED, DISKS)
ID = re.compile(r"(?P<test>test_\w+)\[(?P<id>.*)\]")


def counted(reports: Sequence[Path]) -> tuple[dict[str, Counter[str]], Counter[str]]:
    """The faults for each command and column, and how many were lost for each command; a later report counts."""
    injected: dict[str, Counter[str]] = defaultdict(Counter)
    lost: Counter[str] = Counter()
    for (test, name), found in _cases(reports).items():
        command = command_of(max((scene for scene in SCENES if scene.line in name), key=lambda one: len(one.line)))
        injected[command][_column(test, name)] += found.get("faults", 0)
        lost[command] += found.get("lost", 0)
    return injected, lost


def _cases(reports: Sequence[Path]) -> Mapping[tuple[str, str], Mapping[str, int]]:
    found: dict[tuple[str, str], Mapping[str, int]] = {}
    for report in reports:
        for case in ET.parse(report).iter("testcase"):  # noqa: S314 - written by our own run
            named = ID.fullmatch(case.get("name", ""))
            if named is not None and case.find("properties") is not None:
                found[named["test"], named["id"]] = dict(_numbers(case))
    return found


def _numbers(case: Any) -> Iterator[tuple[str, int]]:
    for one in case.iter("property"):
        if one.get("name") in ("faults", "lost"):
            yield one.get("name"), int(one.get("value"))


def _column(test: str, name: str) -> str:
    if test == "test_no_kill_costs_data":
        return KILLED
    if test != "test_no_fault_costs_data":
        return DISKS
    return ENDING if name.endswith(("-killed", "-interrupted")) else FAILING


def table(reports: Sequence[Path]) -> str:
    """In Markdown."""
    injected, lost = counted(reports)
    lines = [("command", *COLUMNS, "survived", "lost"), ("---",) * (len(COLUMNS) + 3)]
    total: Counter[str] = Counter()
    for command in dict.fromkeys(map(command_of, SCENES)):
        total += injected[command]
        lines.append(_line(f"`{command}`", injected[command], lost[command]))
    lines.append(_line("all", total, sum(lost.values())))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _line(name: str, injected: Counter[str], lost: int) -> tuple[str, ...]:
    tried = (f"{injected[column]:,}" for column in COLUMNS)
    return (name, *tried, f"{injected.total() - lost:,}", f"{lost:,}")


if __name__ == "__main__":
    sys.stdout.write(table([Path(word) for word in sys.argv[1:]]))
