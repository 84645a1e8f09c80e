"""Tables for a terminal or a pipe."""

import io
from collections.abc import Sequence

from eyamlgpg.render.words import escaped

UNBOUNDED = 10_000
"""The width of a pipe: nothing is cut or wrapped."""


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, width: int | None = None) -> str:
    """Columns under headers, two blanks between; wrapped to the width of a terminal, or not at all for None."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, pad_edge=False, show_header=True, header_style=None)
    for header in headers:
        made.add_column(header, overflow="fold")
    for row in rows:
        made.add_row(*(Text(escaped(cell)) for cell in row))
    out = io.StringIO()
    Console(file=out, width=width or UNBOUNDED, color_system=None, highlight=False, markup=False).print(made)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())
