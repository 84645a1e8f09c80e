"""Hidden temporaries beside a file, which a run that was killed before its rename has left there; ciphertext only."""

import contextlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

_NAME_MAX = 255
"""Bytes of a file's name on every filesystem of note."""

_TEMPORARY = re.compile(r"\.(.+)\.[0-9a-f]{12}", re.DOTALL)


def temporary_name(name: str) -> str:
    """A hidden name beside `name`, which no pattern for eyaml files matches; cut where it would be too long."""
    suffix = f".{os.urandom(6).hex()}"
    return "." + os.fsencode(name)[: _NAME_MAX - 1 - len(suffix)].decode(errors="ignore") + suffix


def remove_leftovers(folder: Path, name: str) -> tuple[Path, ...]:
    """Remove the temporaries in a folder whose lock we hold, so that no run can be at work on one; gives their paths.

    Those of files that stand there, and of the one that is about to be written, `name`.
    """
    gone = []
    with contextlib.suppress(OSError):
        for path in list(_temporaries(folder, name)):
            path.unlink()
            gone.append(path)
    return tuple(gone)


def _temporaries(folder: Path, name: str) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in entries:
            found = _TEMPORARY.fullmatch(entry.name) if entry.name.startswith(".") else None
            if found is None or not (found[1] == name or os.path.lexists(folder / found[1])):
                continue
            status = entry.stat(follow_symlinks=False)
            if stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid():
                yield Path(entry.path)
