"""Where a private folder for plaintext can stand: in memory where there is a file system for it, else on a disk."""

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

MOUNTS = Path("/proc/self/mounts")
IN_MEMORY = {"tmpfs", "ramfs"}


def is_in_memory(path: Path) -> bool:
    """True if what stands there lies on no disk, from which an overwritten file may still be recovered."""
    return filesystem_type(path, _mounts()) in IN_MEMORY


def best_places(environ: Mapping[str, str]) -> Iterator[Path]:
    """Folders that may hold a scratch folder, the best first, those in memory before those on disk."""
    mounts = _mounts()
    yield from (place for place in _named(environ) if filesystem_type(place, mounts) in IN_MEMORY)
    yield from _temporary(environ)


def every_place(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """The same whatever they lie on, each once: a run that was killed may have seen more of the machine than this one.

    In a container without /proc nobody can tell what is in memory.
    """
    return tuple(dict.fromkeys((*_named(environ), *_temporary(environ))))


def _named(environ: Mapping[str, str]) -> Iterator[Path]:
    """Where a file system in memory usually stands."""
    names = (environ.get("XDG_RUNTIME_DIR"), "/dev/shm", f"/run/user/{os.getuid()}")  # noqa: S108
    yield from (Path(name) for name in (*names, *map(str, _temporary(environ))) if name)


def _temporary(environ: Mapping[str, str]) -> Iterator[Path]:
    yield Path(environ.get("TMPDIR") or tempfile.gettempdir())
    yield Path(tempfile.gettempdir())


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


def _mounts() -> str:
    """The mount table; nothing where there is none (macOS)."""
    try:
        return MOUNTS.read_text(errors="surrogateescape")
    except OSError:
        return ""
