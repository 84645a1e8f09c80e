"""Git, run in one repository, with the environment that git itself gave to a hook.

`git commit -a` and `-p` name another index in GIT_INDEX_FILE, so in their repository nothing of it is taken away.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError, FileProblem
from eyamlgpg.repo import surroundings, worktree


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
            words = ran.stderr.decode("utf-8", "replace").strip().splitlines()
            raise FileProblem(f"git {arguments[0]} failed: {words[-1] if words else ran.returncode}")
        return ran.stdout

    def asked(self, *arguments: str) -> str | None:
        """The one line that git answers with; None where it fails, as `git config` does for what is not set."""
        ran = surroundings.run(self.root, self.environ, *arguments)
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
