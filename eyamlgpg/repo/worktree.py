"""The working tree around a folder, and which of its files git knows or would take."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from eyamlgpg.errors import FileProblem

LOCATION = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_PREFIX")
"""What git tells a hook about its own repository; the folder that is asked about tells it for itself."""

NO_REPOSITORY = b"not a git repository"


@dataclass(frozen=True, slots=True)
class Worktree:
    """A working tree of git."""

    root: Path
    """Its top, links resolved."""
    environ: Mapping[str, str] = field(repr=False)

    def files(self, folder: Path) -> tuple[Path, ...]:
        """Tracked files and untracked ones that are not ignored, at and below a folder of this tree, sorted.

        Links are given as such, whatever they lead to. Submodules, and repositories inside of this one, are left out;
        so is what was removed and not yet staged. Of an ignored folder, which somebody must have named on purpose,
        every file is given. Raises FileProblem where git fails.
        """
        real = folder.resolve()
        ignored = _git(real, ["check-ignore", "--quiet", "--no-index", "."], self.environ).returncode == 0
        exclude = [] if ignored else ["--exclude-standard"]
        listed = _run(real, ["ls-files", "-z", "--cached", "--others", *exclude, "--", "."], self.environ)
        paths = {real / os.fsdecode(name) for name in listed.split(b"\0") if name and not name.endswith(b"/")}
        # What is a folder on the disk is a submodule in the index.
        return tuple(sorted(path for path in paths if path.is_symlink() or path.is_file()))


def find(folder: Path, environ: Mapping[str, str]) -> Worktree | None:
    """The working tree that a folder stands in; None outside of any, in a bare repository, and where there is no git.

    Raises FileProblem where git refuses to look, as it does in a repository that belongs to somebody else.
    """
    try:
        ran = _git(folder, ["rev-parse", "--show-toplevel"], environ)
    except FileNotFoundError:
        return None
    if ran.returncode == 0:
        return Worktree(Path(os.fsdecode(ran.stdout.rstrip(b"\n"))).resolve(), environ)
    if NO_REPOSITORY in ran.stderr or b"must be run in a work tree" in ran.stderr:
        return None
    raise _failed(folder, ran.stderr)


def _run(folder: Path, arguments: list[str], environ: Mapping[str, str]) -> bytes:
    ran = _git(folder, arguments, environ)
    if ran.returncode != 0:
        raise _failed(folder, ran.stderr)
    return ran.stdout


def _git(folder: Path, arguments: list[str], environ: Mapping[str, str]) -> "subprocess.CompletedProcess[bytes]":
    clean = {name: value for name, value in environ.items() if name not in LOCATION} | {"LC_ALL": "C"}
    # No optional lock: to look at a tree must not stand in the way of a commit that is under way.
    argv = ["git", "--no-optional-locks", "-C", str(folder), *arguments]
    return subprocess.run(argv, capture_output=True, check=False, env=clean, stdin=subprocess.DEVNULL)


def _failed(folder: Path, stderr: bytes) -> FileProblem:
    first, *more = [line.strip() for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()] or ["?"]
    return FileProblem(f"{folder}: git cannot tell its files: {first.removeprefix('fatal: ')}", *more)
