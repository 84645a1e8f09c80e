"""Tables: columns where they fit, blocks where they do not, and colours only where they are wanted."""

import re

import pytest

from eyamlgpg.render.tables import PIPE, Paper, Table, written
from tests.support.keys import ALICE, BOB

TABLE = Table(
    ["FINGERPRINT", "USER ID", "VALIDITY", "REMARKS"],
    [
        [ALICE.fingerprint, "Alice Anders <alice@example.com>", "full", ""],
        [BOB.fingerprint, "Bob 京都 <bob@example.com>", "expired", "secret key here"],
    ],
    lead=1,
)


def test_a_pipe_gets_one_line_a_row_however_long() -> None:
    lines = written(TABLE, PIPE).splitlines()
    assert len(lines) == 3
    assert [line.split()[0] for line in lines[1:]] == [ALICE.fingerprint, BOB.fingerprint]


def test_a_terminal_that_is_wide_enough_gets_the_same_as_a_pipe() -> None:
    needed = max(map(len, written(TABLE, PIPE).splitlines())) + 2
    assert written(TABLE, Paper(needed)) == written(TABLE, PIPE)


@pytest.mark.parametrize("width", [20, 60, 80, 100])
def test_below_that_each_row_is_a_block_and_no_fingerprint_is_broken(width: int) -> None:
    assert written(TABLE, Paper(width)) == (
        "Alice Anders <alice@example.com>\n"
        f"    fingerprint  {ALICE.fingerprint}\n"
        "    validity     full\n"
        "Bob 京都 <bob@example.com>\n"
        f"    fingerprint  {BOB.fingerprint}\n"
        "    validity     expired\n"
        "    remarks      secret key here\n"
    )


@pytest.mark.parametrize("width", [80, 200])
def test_colours_are_by_meaning_and_change_no_letter(width: int) -> None:
    coloured = written(TABLE, Paper(width, coloured=True))
    assert "\x1b[32mfull" in coloured
    assert "\x1b[31mexpired" in coloured
    plain = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in plain.splitlines()] == written(TABLE, Paper(width)).splitlines()


def test_a_strangers_escapes_are_written_out() -> None:
    assert "\x1b" not in written(Table(["A"], [["\x1b[31mred"]]), PIPE)
