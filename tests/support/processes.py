"""Which processes are at work on something."""

import os
from pathlib import Path


def holders(folder: Path) -> list[str]:
    """The command lines of processes that were started on something in this folder (proc(5))."""
    found = []
    for cmdline in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = cmdline.read_bytes()
        except OSError:
            continue  # it ended meanwhile
        if os.fsencode(folder) in line:
            found.append(line.decode())
    return found
