"""Where plaintext may lie for a while: in memory where there is a place for it, else in the folder for temporaries."""

import os
import re
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


def is_in_memory(path: Path) -> bool:
    """Whether a path lies on a filesystem in memory, as far as the machine tells."""
    return filesystem_type(path, _mounts()) in IN_MEMORY


def places(environ: Mapping[str, str]) -> Iterator[Path]:
    """Folders that may hold a scratch folder, the best first, those in memory before those on disk."""
    temporary = Path(environ.get("TMPDIR") or _temporary())
    mounts = _mounts()
    yield from (place for place in (*_named(environ), temporary) if filesystem_type(place, mounts) in IN_MEMORY)
    yield temporary
    yield _temporary()


def _temporary() -> Path:
    """The machine's folder for temporaries; /tmp where no such folder can be written to, so that it is named."""
    from tempfile import gettempdir  # which most runs, sweeping only, have no use for

    try:
        return Path(gettempdir())
    except FileNotFoundError:
        return Path("/tmp")  # noqa: S108


def candidates(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """All of these folders and some more, told without a look at the mounts, for whoever looks for what is left."""
    usual = (*(environ.get(name) for name in ("TMPDIR", "TEMP", "TMP")), "/tmp", "/var/tmp", "/usr/tmp")  # noqa: S108
    return (*_named(environ), *(Path(name) for name in usual if name))


def _named(environ: Mapping[str, str]) -> Iterator[Path]:
    """Folders that are in memory on most machines."""
    if runtime := environ.get("XDG_RUNTIME_DIR"):
        yield Path(runtime)
    yield from (Path("/dev/shm"), Path(f"/run/user/{os.getuid()}"))  # noqa: S108


def _mounts() -> str:
    """The mount table; nothing where there is none (macOS)."""
    try:
        return MOUNTS.read_text(errors="surrogateescape")
    except OSError:
        return ""
