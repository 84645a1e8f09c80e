"""How git stands: its version, the repository around a folder, its hooks and its drivers, only looked at."""

import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from eyamlgpg.errors import FileProblem
from eyamlgpg.model.drivers import FOR_VALUES, SettingState
from eyamlgpg.model.health import DriverFacts, GitFacts, HookFacts
from eyamlgpg.repo import drivers, surroundings
from eyamlgpg.repo.git import Git, find_repository
from eyamlgpg.repo.hooks import hooks
from eyamlgpg.repo.hooks.hooks import State
from eyamlgpg.repo.surroundings import NoGit

_DAMAGED = (State.EDITED, State.OFF, State.NO_HOOK, State.LEFT)
PROBE = "eyamlgpg-probe.eyaml"
"""A name whose attributes are those of every file of values; nothing stands there."""

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
        return GitFacts(version, git.root, last_commit=_last_commit(git), hooks=_hooks(git), drivers=_drivers(git))
    except FileProblem as error:
        return GitFacts(version, refusal=error.sentence, hints=error.hints)


def _last_commit(git: Git) -> datetime | None:
    told = git.asked("log", "-1", "--format=%ct")
    return datetime.fromtimestamp(int(told), UTC) if told and told.isdigit() else None


def _drivers(git: Git) -> DriverFacts:
    told = drivers.attributes(git, [PROBE])
    found = drivers.look(git, sys.executable)
    return DriverFacts(
        has_attributes=any(told.get(PROBE, {}).get(name) == value for name, value in FOR_VALUES.items()),
        lacking=tuple(one.name for one in found if one.state is not SettingState.SET),
        stores_plaintext=any(one.state is SettingState.CACHED for one in found),
    )


def _hooks(git: Git) -> tuple[HookFacts, ...]:
    return tuple(
        HookFacts(str(hook.path), str(hook.state), hook.is_in_place, hook.state in _DAMAGED) for hook in hooks.look(git)
    )
