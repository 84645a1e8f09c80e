"""Plaintext that killed runs left behind: each folder is locked while its run lives, so that a dead one can be told."""

import fcntl
import os
import re
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.host.editing.places import candidates
from eyamlgpg.host.editing.wiping import wipe
from eyamlgpg.host.signals import deferred

PREFIX = "eyamlgpg-edit-"
"""What the names of our folders start with. Each is locked while its run lives, so that its leftovers can be told."""

_EARLIER = re.compile(r"eyamlgpg-[a-z0-9_]{8}")
"""The names that earlier versions gave, which locked nothing."""

AGE = 24 * 3600
"""Seconds after which nobody edits any more in a folder of an earlier version."""

PROCESSES = Path("/proc")


@dataclass(frozen=True, slots=True)
class Swept:
    """What became of the folders that were found."""

    gone: tuple[Path, ...] = ()
    left: tuple[Path, ...] = ()
    """Those of which nobody can tell whether an edit is still under way, and those that cannot be removed."""


def sweep(environ: Mapping[str, str]) -> Swept:
    """Remove what killed runs left behind.

    Only folders of this user's that no living run has locked. One of an earlier version goes when it is a day old and
    no process has it in its command line; until then it is not spoken of.
    """
    gone: list[Path] = []
    left: list[Path] = []
    for folder in _folders(environ):
        if folder.name.startswith(PREFIX):
            lock = locked(folder)
            if lock is None:
                continue
        elif _is_in_use(folder):
            left += [folder] if _is_old(folder) else []
            continue
        else:
            lock = None
        try:
            with deferred():
                (gone if wipe(folder) is None else left).append(folder)
        finally:
            if lock is not None:
                os.close(lock)
    return Swept(tuple(gone), tuple(left))


def dead_folders(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """The folders of killed runs, left as they are: those that `sweep` would remove."""
    left = []
    for folder in _folders(environ):
        lock = locked(folder) if folder.name.startswith(PREFIX) else None
        if lock is not None:
            os.close(lock)
        if lock is not None or not (folder.name.startswith(PREFIX) or _is_in_use(folder)):
            left.append(folder)
    return tuple(left)


def locked(folder: Path) -> int | None:
    """An open descriptor of the folder that holds its lock; None where another has it, or the filesystem has none."""
    descriptor = None
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        if descriptor is not None:
            os.close(descriptor)
        return None
    return descriptor


def _folders(environ: Mapping[str, str]) -> Iterator[Path]:
    for place in dict.fromkeys(candidates(environ)):
        try:
            entries = list(os.scandir(place))
        except OSError:
            continue
        for entry in entries:
            if (entry.name.startswith(PREFIX) or _EARLIER.fullmatch(entry.name)) and _is_ours(entry):
                yield Path(entry.path)


def _is_ours(entry: "os.DirEntry[str]") -> bool:
    """True for a folder of this user alone; in /dev/shm and /tmp anybody can make one of any name."""
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return False  # another run was quicker
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not stat.S_IMODE(status.st_mode) & 0o077


def _is_in_use(folder: Path) -> bool:
    """True unless it is old, and no process, where processes can be seen, was started on it."""
    return not _is_old(folder) or (found := _named_by_processes(folder)) is None or found


def _is_old(folder: Path) -> bool:
    try:
        return time.time() - folder.lstat().st_mtime > AGE
    except OSError:
        return False


def _named_by_processes(folder: Path) -> bool | None:
    """Whether a command line holds the folder's path; None where no process can be seen."""
    wanted, seen = os.fsencode(folder), False
    for place in PROCESSES.glob("[0-9]*/cmdline"):
        try:
            line = place.read_bytes()
        except OSError:
            continue  # it ended meanwhile
        seen = True
        if wanted in line:
            return True
    return False if seen else None
