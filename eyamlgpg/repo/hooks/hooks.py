"""Git's hooks before a commit and before a merge's: installed where git looks for them, over nothing that is there.

A hook that is already there stays: it is renamed, and ours runs it first. Taking ours away gives it its name back.
The pre-commit framework does the same: where it came later, ours is its NAME.legacy, and that is as good.
`git merge` runs pre-merge-commit in the place of pre-commit (githooks(5)), so that both are needed.
"""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo.git import Git
from eyamlgpg.repo.hooks import script as hook_script
from eyamlgpg.repo.hooks.dispatchers import refuse_dispatcher
from eyamlgpg.repo.hooks.folder import folder_of_hooks, require_own_folder
from eyamlgpg.repo.hooks.renames import Renames, all_or_none, is_same, remove_leftovers, stands

NAMES = ("pre-commit", "pre-merge-commit")

_BESIDE = tuple(f"{name}{end}" for name in NAMES for end in ("", hook_script.LEGACY, hook_script.SUFFIX))
"""The names beside which files stand for a moment while hooks are changed."""


class State(StrEnum):
    """What stands in the hook's place."""

    INSTALLED = "installed"
    CHAINED = "installed, in front of the hook that was there before"
    LEGACY = "installed, and run by the hook of the pre-commit framework"
    EDITED = "ours, with changes that somebody made"
    OFF = "there, but not executable, so that it is passed over; `eyamlgpg hook install` mends it"
    FOREIGN = "not installed; another hook is there"
    NO_HOOK = "not installed; what is there is no hook, but a folder or a link that leads nowhere"
    LEFT = "not installed; the hook that was there before is set aside, and `eyamlgpg hook uninstall` gives it back"
    ABSENT = "not installed"


_IN_PLACE = (State.INSTALLED, State.CHAINED, State.LEGACY)


@dataclass(frozen=True, slots=True)
class Hook:
    """One hook of one repository."""

    path: Path
    """Of ours, wherever it is run from; where there is none, the place where git looks."""
    state: State

    @property
    def is_in_place(self) -> bool:
        """Whether it is run, as it was written."""
        return self.state in _IN_PLACE


def look(git: Git) -> tuple[Hook, ...]:
    """What stands in each of the places where git looks, core.hooksPath included."""
    folder = folder_of_hooks(git)
    return tuple(_looked_at(folder / name) for name in NAMES)


def install(git: Git, python: str) -> tuple[Hook, ...]:
    """Put the hooks in place, with `python` to run them where eyamlgpg is not on PATH; twice is the same as once.

    FileProblem, and nothing has changed, where the folder is no place for them, a hook of ours was edited, or another
    one can't be set aside.
    """
    folder = folder_of_hooks(git)
    require_own_folder(git, folder)
    wanted = [hook for hook in look(git) if hook.state is not State.LEGACY]
    for hook in wanted:
        _refuse_edited(hook)
        _refuse_unmovable(hook)
    with all_or_none(folder) as renames:
        folder.mkdir(parents=True, exist_ok=True)
        remove_leftovers(folder, _BESIDE)
        fresh = [renames.written(hook.path, hook_script.script(hook.path, python)) for hook in wanted]
        for hook, new in zip(wanted, fresh, strict=True):
            if hook.state is State.FOREIGN:
                renames.keep(hook.path, hook_script.previous(hook.path))
            renames.put(new, hook.path)
    return look(git)


def uninstall(git: Git) -> tuple[Hook, ...]:
    """Take the hooks away, and give those that were there before their names back; others' are left alone.

    FileProblem, and nothing has changed, where a hook of ours was edited.
    """
    found = look(git)
    for hook in found:
        _refuse_edited(hook)
    folder = folder_of_hooks(git)
    with all_or_none(folder) as renames:
        remove_leftovers(folder, _BESIDE)
        for hook in found:
            _take_away(hook.path, renames)
    return look(git)


def _looked_at(path: Path) -> Hook:
    legacy = hook_script.legacy(path)
    if not stands(path):
        return Hook(path, State.LEFT if stands(hook_script.previous(path)) else State.ABSENT)
    if not path.is_file():
        return Hook(path, State.NO_HOOK)
    if hook_script.is_ours(path):
        return Hook(path, _state_of_ours(path))
    if hook_script.is_of_the_framework(path) and os.access(path, os.X_OK) and hook_script.is_ours(legacy):
        return Hook(legacy, _state_of_ours(legacy))
    return Hook(path, State.FOREIGN)


def _state_of_ours(path: Path) -> State:
    if not hook_script.is_intact(path):
        return State.EDITED
    if not os.access(path, os.X_OK):
        return State.OFF
    if path == hook_script.legacy(path):
        return State.LEGACY
    return State.CHAINED if stands(hook_script.previous(path)) else State.INSTALLED


def _take_away(path: Path, renames: Renames) -> None:
    """Ours from this place and from the legacy's; what was there before comes into the place, if it is free then."""
    previous, legacy = hook_script.previous(path), hook_script.legacy(path)
    if path != legacy and hook_script.is_intact(legacy):
        renames.take_away(legacy)
    is_free = hook_script.is_intact(path) or not stands(path)
    if not stands(previous):
        if hook_script.is_intact(path):
            renames.take_away(path)
    elif path == legacy and is_free and hook_script.is_of_the_framework(previous):
        renames.take_away(previous)  # the framework's newer one stands in the hook's place, and would run itself
        if hook_script.is_intact(path):
            renames.take_away(path)
    elif is_free:
        renames.put(previous, path)
    elif is_same(path, previous):
        renames.take_away(previous)  # an install was killed before it came to its end


def _refuse_edited(hook: Hook) -> None:
    if hook.state is State.EDITED:
        own = hook_script.previous(hook.path).name
        raise FileProblem(
            f"{hook.path}: has changes that somebody made, which would be lost",
            f"move them into a hook of their own, {own}, which runs first, or remove it",
        )


def _refuse_unmovable(hook: Hook) -> None:
    if hook.state is State.NO_HOOK:
        what = "a link that leads nowhere" if hook.path.is_symlink() and not hook.path.exists() else "no file"
        raise FileProblem(f"{hook.path}: is {what}, and git's hook should stand there", "see what it is, and remove it")
    previous = hook_script.previous(hook.path)
    if hook.state is State.FOREIGN:
        refuse_dispatcher(hook.path)
        if stands(previous) and not is_same(hook.path, previous):
            raise FileProblem(f"{previous}: stands in the way", "see what it is, and remove or rename it")
