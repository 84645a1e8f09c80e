"""The terminal that the answer goes to, where it goes to one."""

import os
import shutil
import sys
from collections.abc import Mapping

from eyamlgpg.render.tables import PIPE, Paper


def width() -> int | None:
    """Columns of the terminal; None where standard output is not one."""
    return shutil.get_terminal_size().columns if sys.stdout is not None and sys.stdout.isatty() else None


def has_colours(environ: Mapping[str, str]) -> bool:
    """Whether somebody wants colours there."""
    return not environ.get("NO_COLOR") and environ.get("TERM") not in ("dumb", None)


def paper() -> Paper:
    """What a table is written on: as wide as the terminal, and coloured where somebody wants it (no-color.org)."""
    columns = width()
    return PIPE if columns is None else Paper(columns, has_colours(os.environ))
