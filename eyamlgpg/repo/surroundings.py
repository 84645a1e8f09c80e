"""The environment that git is to see in a folder: what a hook was told about its own repository counts there alone."""

import fcntl
import os
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.errors import FileProblem
from eyamlgpg.model.ended import ending
from eyamlgpg.repo import closed

LOCATION = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)
"""What says which repository is meant, and where its parts are (git rev-parse --local-env-vars, without its config)."""

LOOKING = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": os.devnull}
"""Looking must not refresh the index behind the back of a commit that is under way, and sees what will be pushed:

not what `git replace` shows in its place here, nor a history that `.git/info/grafts` cuts short.
"""


_PIPE = 1 << 18
"""Bytes that git may write ahead; few switches between it and us are needed then."""


ENDED = ("the machine may be out of memory, or somebody ended git; run the command again",)


class NoGit(FileProblem):
    """There is no such program."""


@dataclass(frozen=True, slots=True)
class _Place:
    git_dir: str
    root: Path
    """Of the working tree, links resolved."""


def seen_from(folder: Path, environ: Mapping[str, str]) -> Mapping[str, str]:
    """The environment for git in a folder.

    Git tells a hook its repository, and `commit -a` and `-p` another index, by variables. They count where the folder
    stands in that repository's working tree; anywhere else the folder says for itself what it belongs to. GIT_DIR and
    GIT_WORK_TREE are made absolute, since git is run in other folders than the hook was.
    """
    if LOCATION.isdisjoint(environ):
        return environ
    folder = folder.resolve()
    clean = {name: value for name, value in environ.items() if name not in LOCATION}
    told, own = _place(Path(), environ), _place(folder, clean)
    if told is None or not folder.is_relative_to(told.root):
        return clean
    if own is not None and own.git_dir != told.git_dir and own.root.is_relative_to(told.root):
        return clean
    if "GIT_DIR" not in environ:
        return environ
    return {**environ, "GIT_DIR": told.git_dir, "GIT_WORK_TREE": str(told.root)}


def run(
    folder: Path, environ: Mapping[str, str], *words: str, own_hooks: bool = False
) -> "subprocess.CompletedProcess[bytes]":
    """Git in a folder, with just this environment and in its own language; NoGit where there is none.

    FileProblem where a signal ended it: its answer may be cut anywhere. It runs no program that a repository names
    (`closed`). `own_hooks`: core.hooksPath is as the user has it.
    """
    argv = ["git", "-C", str(folder), *closed.program_options(own_hooks=own_hooks), *words]
    try:
        ran = subprocess.run(
            argv,
            env=_environment(environ),
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            # Python ignores SIGXFSZ, and so shall git: a limit on the size of files then is an error that it cleans up
            # after. Ended by the signal, it would leave the locks that it holds.
            restore_signals=False,
        )
    except OSError as error:
        raise _not_run(error) from None
    if ran.returncode < 0:
        raise FileProblem(f"git {words[0]} {ending(ran.returncode)}", *ENDED)
    return ran


def start(folder: Path, environ: Mapping[str, str], *words: str) -> "subprocess.Popen[bytes]":
    """A git that is talked to through its standard input and output; its environment is the same."""
    try:
        process = subprocess.Popen(
            ["git", "-C", str(folder), *closed.program_options(), *words],
            env=_environment(environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        raise _not_run(error) from None
    with suppress(OSError, AttributeError):  # only Linux can, and not for somebody who has many
        assert process.stdout is not None  # noqa: S101 - see above
        fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, _PIPE)
    return process


def _not_run(error: OSError) -> FileProblem:
    if isinstance(error, FileNotFoundError):
        return NoGit("git was not found on PATH", "install git")
    return FileProblem(f"git cannot be run: {error.strerror}")


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    return {**closed.environment(environ), **LOOKING, "LC_ALL": "C"}


def _place(folder: Path, environ: Mapping[str, str]) -> _Place | None:
    """The repository that git sees from a folder; None for none with a working tree, or without git."""
    try:
        ran = run(folder, environ, "rev-parse", "--absolute-git-dir", "--show-toplevel")
    except NoGit:
        return None
    git_dir, _, root = os.fsdecode(ran.stdout).rstrip("\n").partition("\n")
    return _Place(git_dir, Path(root).resolve()) if ran.returncode == 0 and root else None
