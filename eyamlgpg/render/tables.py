"""Tables for a terminal or a pipe, and blocks where a terminal is too narrow for a table."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from eyamlgpg.render.words import escaped

UNBOUNDED = 10_000
"""The width of a pipe: nothing is cut or wrapped."""

MEANINGS: Mapping[str, str] = {
    **dict.fromkeys(("full", "ultimate"), "green"),
    **dict.fromkeys(("unknown", "undefined", "marginal", "never"), "yellow"),
    **dict.fromkeys(("revoked", "expired", "invalid", "disabled"), "red"),
}
"""The colour of a cell that says this and nothing else."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What is written on."""

    width: int | None = None
    """Columns of a terminal; None for a pipe or a file."""
    coloured: bool = False


PIPE = Paper()


@dataclass(frozen=True, slots=True)
class Table:
    """Cells under headers."""

    headers: Sequence[str]
    rows: Sequence[Sequence[str]] = field(repr=False)
    lead: int = 0
    """The column that stands at the head of a block."""


def written(made: Table, paper: Paper) -> str:
    """Columns with two blanks between; blocks where a terminal is too narrow for them: no cell is broken."""
    from rich.cells import cell_len

    cells = Table([escaped(header) for header in made.headers], [[*map(escaped, row)] for row in made.rows], made.lead)
    columns = zip(cells.headers, *cells.rows, strict=True)
    needed = sum(max(map(cell_len, column)) for column in columns) + 2 * (len(cells.headers) - 1)
    if paper.width is not None and needed > paper.width:
        return _blocks(cells, paper)
    return _columns(cells, paper)


def _columns(cells: Table, paper: Paper) -> str:
    from rich.table import Table as RichTable
    from rich.text import Text

    made = RichTable(box=None, pad_edge=False, show_header=True, header_style=None)
    for header in cells.headers:
        made.add_column(header, no_wrap=True)
    for row in cells.rows:
        made.add_row(*(Text(cell, style=MEANINGS.get(cell, "")) for cell in row))
    return printed(made, paper)


def _blocks(cells: Table, paper: Paper) -> str:
    from rich.text import Text

    indent = max(map(len, cells.headers)) + 2
    made = Text()
    for row in cells.rows:
        made.append(f"{row[cells.lead]}\n")
        for place, (header, cell) in enumerate(zip(cells.headers, row, strict=True)):
            if place != cells.lead and cell not in ("", "-"):
                made.append(f"    {header.lower():{indent}}")
                made.append(f"{cell}\n", style=MEANINGS.get(cell, ""))
    made.rstrip()
    return printed(made, paper) if cells.rows else ""


def printed(made: object, paper: Paper) -> str:
    """A table or text of rich, without wrapping, coloured where the paper is."""
    from rich.console import Console

    out = io.StringIO()
    colours = {"force_terminal": True, "color_system": "standard"} if paper.coloured else {"color_system": None}
    Console(file=out, width=UNBOUNDED, highlight=False, markup=False, no_color=False, **colours).print(made)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())
