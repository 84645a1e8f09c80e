"""Plaintext that killed runs left behind: each folder is locked while its run lives, so that a dead one can be told."""

import contextlib
import fcntl
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from eyamlgpg.host.editing.places import candidates
from eyamlgpg.host.editing.wiping import wipe
from eyamlgpg.host.signals import deferred

PREFIX = "eyamlgpg-edit-"
"""What the names of our folders start with."""


def sweep(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Remove what killed runs left behind, and give the folders that are gone.

    Only folders of this user's that no living run has locked; those on a filesystem without locks stay.
    """
    gone = []
    for place in dict.fromkeys(candidates(environ)):
        with contextlib.suppress(OSError):
            entries = [entry for entry in os.scandir(place) if entry.name.startswith(PREFIX)]
            gone += [Path(entry.path) for entry in entries if _is_ours(entry) and _remove_dead(Path(entry.path))]
    return tuple(gone)


def _is_ours(entry: "os.DirEntry[str]") -> bool:
    """Whether it is a folder for this user alone; in /dev/shm and /tmp anybody can make one of any name."""
    status = entry.stat(follow_symlinks=False)
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not stat.S_IMODE(status.st_mode) & 0o077


def _remove_dead(folder: Path) -> bool:
    """Remove a folder unless a living run has locked it; whether it is gone."""
    lock = locked(folder)
    if lock is None:
        return False
    try:
        with deferred():
            return wipe(folder) is None
    finally:
        os.close(lock)


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
