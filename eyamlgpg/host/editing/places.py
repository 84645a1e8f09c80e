"""Where a scratch folder may lie: in memory where there is such a place."""

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

MOUNTS = Path("/proc/self/mounts")
IN_MEMORY = {"tmpfs", "ramfs"}


def filesystem_type(path: Path, mounts: str) -> str | None:
    """The type of the filesystem that holds `path`, from the text of /proc/self/mounts; None where it says nothing."""
    real, best, found = Path(os.path.realpath(path)), Path(), None
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        # proc(5): white space and backslashes of a mount point are three octal digits
        point = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[1]))
        # The later of two mounts on one point covers the earlier.
        if real.is_relative_to(point) and (found is None or len(point.parts) >= len(best.parts)):
            best, found = point, fields[2]
    return found


def mounts() -> str:
    """The mount table; nothing where there is none (macOS)."""
    try:
        return MOUNTS.read_text(errors="surrogateescape")
    except OSError:
        return ""


def places(environ: Mapping[str, str]) -> Iterator[Path]:
    """Folders that may hold a scratch folder, the best first, those in memory before those on disk."""
    temporary = environ.get("TMPDIR") or tempfile.gettempdir()
    named = (environ.get("XDG_RUNTIME_DIR"), "/dev/shm", f"/run/user/{os.getuid()}", temporary)  # noqa: S108
    table = mounts()
    yield from (Path(name) for name in named if name and filesystem_type(Path(name), table) in IN_MEMORY)
    yield Path(temporary)
    yield Path(tempfile.gettempdir())
