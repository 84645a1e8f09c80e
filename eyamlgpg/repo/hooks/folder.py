"""The folder where git looks for its hooks, and whether ours may stand there."""

import os
import shlex
from pathlib import Path

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo.git import Git
from eyamlgpg.repo.hooks.renames import stands


def folder_of_hooks(git: Git) -> Path:
    """Where git looks, core.hooksPath included; FileProblem where that is empty, since git runs no hook then."""
    if git.asked_of_hooks("config", "--get", "core.hooksPath") == "":
        raise FileProblem(
            f"{git.root}: core.hooksPath is set, but empty, so that git runs no hook",
            "see where it is set: git config --show-origin core.hooksPath",
            "and take it away: git config --unset core.hooksPath",
        )
    named = git.asked_of_hooks("rev-parse", "--git-path", "hooks")
    if named is None:
        raise FileProblem(f"{git.root}: git does not tell where its hooks are")
    return (git.root / Path(named).expanduser()).absolute()


def require_own_folder(git: Git, folder: Path) -> None:
    """FileProblem where it is no folder, or leads out of the repository: a hook there would run in others, too."""
    if stands(folder) and not folder.is_dir():
        what = "a link that leads nowhere" if folder.is_symlink() else "no folder"
        raise FileProblem(f"{folder}: is {what}, and the hooks should stand in it", "see what it is, and remove it")
    common = git.root / (git.asked("rev-parse", "--git-common-dir") or ".git")
    real = Path(os.path.realpath(folder))
    if not any(real.is_relative_to(os.path.realpath(place)) for place in (git.root, common)):
        set_to = git.asked_of_hooks("config", "--get", "core.hooksPath")
        own = f"git config core.hooksPath {shlex.quote(str(common / 'hooks'))}"
        raise FileProblem(
            f"{folder}: {'the link' if set_to is None else 'core.hooksPath'} leads out of the repository, "
            "so the hooks would run in others, too",
            f"add this line to {folder}/pre-commit and {folder}/pre-merge-commit yourself: "
            "eyamlgpg check --staged || exit $?",
            "or give this repository hooks of its own: " + ("put a folder in its place" if set_to is None else own),
        )
