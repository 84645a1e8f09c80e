"""Small disks, full ones and read-only ones: real mounts, where we may make them."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOM = 64 << 20
INODES = 100_000
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Disk:
    """A file system in memory."""

    folder: Path

    def leave_pages(self, pages: int) -> None:
        """So much room and no more."""
        told = os.statvfs(self.folder)
        self._remount(f"size={(told.f_blocks - told.f_bfree) * told.f_frsize + pages * PAGE}")

    def leave_inodes(self, inodes: int) -> None:
        """So many new files and no more."""
        told = os.statvfs(self.folder)
        self._remount(f"nr_inodes={told.f_files - told.f_ffree + inodes}")

    def free(self) -> None:
        """Room again."""
        self._remount(f"size={ROOM},nr_inodes={INODES}")

    def _remount(self, options: str) -> None:
        mount("-o", f"remount,{options}", str(self.folder))


@contextmanager
def disk(folder: Path) -> Iterator[Disk]:
    """A disk at an empty folder."""
    folder.mkdir(exist_ok=True)
    mount("-t", "tmpfs", "-o", f"size={ROOM},nr_inodes={INODES},mode=0700", "faults", str(folder))
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing below a folder can be changed, by root either."""
    mount("--bind", str(folder), str(folder))
    try:
        mount("-o", "remount,bind,ro", str(folder))
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def mount(*words: str) -> None:
    """Mount; fails the test where it fails."""
    ran = subprocess.run(["mount", *words], capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr


def why_not(folder: Path) -> str | None:
    """Why nothing can be mounted here; None where it can."""
    try:
        with disk(folder), read_only(folder):
            return None
    except (AssertionError, FileNotFoundError, subprocess.CalledProcessError) as error:
        return f"nothing can be mounted here (run as root, or under `unshare --map-root-user --mount`): {error}"
