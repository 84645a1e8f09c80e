"""Git, run in one repository, with the environment that git itself gave to a hook.

`git commit -a` and `-p` name another index in GIT_INDEX_FILE, so in their repository nothing of it is taken away.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from eyamlgpg.errors import EyamlgpgError, FileProblem
from eyamlgpg.repo import closed, surroundings, worktree

if TYPE_CHECKING:
    from subprocess import CompletedProcess

LACKING = (
    "look after the repository: git fsck",
    "in a partial clone, fetch what it lacks first: git cat-file -e OBJECT",
)
"""Hints about an object that is not there; we fetch nothing, since a repository names what git would run for that."""


LOCKED = (
    "a git that was killed may have left its lock: if none is at work here, remove the file of that name and .lock",
)


@dataclass(frozen=True, slots=True)
class Git:
    """One repository's git."""

    root: Path
    """Of the working tree."""
    environ: Mapping[str, str] = field(repr=False)
    """As `surroundings.seen_from` gives it for the root."""

    def run(self, *arguments: str) -> bytes:
        """What git prints; FileProblem with git's last words where it fails."""
        ran = surroundings.run(self.root, self.environ, *arguments)
        if ran.returncode:
            words = ran.stderr.decode("utf-8", "replace").strip().splitlines() or [str(ran.returncode)]
            hints = LACKING if "unable to read" in words[-1] else LOCKED if "could not lock" in words[-1] else ()
            raise FileProblem(f"git {_command(arguments)} failed: {words[-1]}", *hints)
        return ran.stdout

    def asked(self, *arguments: str) -> str | None:
        """The one line that git answers with; None where it fails, as `git config` does for what is not set."""
        ran = surroundings.run(self.root, self.environ, *arguments)
        return _line(ran)

    def asked_of_hooks(self, *arguments: str) -> str | None:
        """The same, where core.hooksPath is what is asked about; for what runs no hook."""
        return _line(surroundings.run(self.root, self.environ, *arguments, own_hooks=True))

    def differences(self, *arguments: str) -> bytes:
        """What `git diff` prints, with no filter of the repository run over what lies in the working tree."""
        filters = surroundings.run(self.root, self.environ, *closed.FILTERS)
        try:
            return self.run(*closed.without_filters(filters.stdout), "diff", *closed.DIFF, *arguments)
        except ValueError:
            raise FileProblem(
                f"{self.root}: a filter in git's settings has `=` in its name, and cannot be switched off",
                r"see which: git config --show-origin --get-regexp '^filter\.'",
            ) from None


def _command(arguments: Sequence[str]) -> str:
    """Git's command behind the settings for it."""
    place = 0
    while arguments[place] == "-c":
        place += 2
    return arguments[place]


def _line(ran: "CompletedProcess[bytes]") -> str | None:
    return None if ran.returncode else os.fsdecode(ran.stdout).rstrip("\n")


def find_repository(folder: Path, environ: Mapping[str, str]) -> Git | None:
    """The repository whose working tree a folder stands in; None where there is none, or no git.

    Raises FileProblem where git refuses to look, as it does in a repository that belongs to somebody else.
    """
    found = worktree.find(folder, environ)
    return None if found is None else Git(found.root, found.environ)


def require_repository(folder: Path, environ: Mapping[str, str]) -> Git:
    """The same, where there must be one."""
    found = find_repository(folder, environ)
    if found is None:
        raise EyamlgpgError(f"{folder}: is in no git repository", "run it inside of one; and is git installed?")
    return found
