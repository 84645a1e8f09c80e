"""How git stands: its version, the repository around a folder, and its hooks, only looked at."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from eyamlgpg.errors import FileProblem
from eyamlgpg.model.health import GitFacts, HookFacts
from eyamlgpg.repo import surroundings
from eyamlgpg.repo.git import Git, find_repository
from eyamlgpg.repo.hooks import hooks
from eyamlgpg.repo.hooks.hooks import State
from eyamlgpg.repo.surroundings import NoGit

_DAMAGED = (State.EDITED, State.OFF, State.NO_HOOK, State.LEFT)
_VERSION = re.compile(r"git version (\S+)")


def git_facts(folder: Path, environ: Mapping[str, str]) -> GitFacts:
    """Git and the repository around a folder; what git refuses to tell is part of the answer."""
    try:
        told = surroundings.run(folder, environ, "version").stdout.decode("utf-8", "replace")
    except NoGit:
        return GitFacts(None)
    found = _VERSION.match(told)
    version = found[1] if found else "of an unknown version"
    try:
        git = find_repository(folder, environ)
        if git is None:
            return GitFacts(version)
        return GitFacts(version, git.root, last_commit=_last_commit(git), hooks=_hooks(git))
    except FileProblem as error:
        return GitFacts(version, refusal=error.sentence, hints=error.hints)


def _last_commit(git: Git) -> datetime | None:
    told = git.asked("log", "-1", "--format=%ct")
    return datetime.fromtimestamp(int(told), UTC) if told and told.isdigit() else None


def _hooks(git: Git) -> tuple[HookFacts, ...]:
    return tuple(
        HookFacts(str(hook.path), str(hook.state), hook.is_in_place, hook.state in _DAMAGED) for hook in hooks.look(git)
    )
