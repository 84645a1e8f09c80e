"""Git's pre-commit hook: installed where git looks for it, in front of nothing and over nothing that is there.

A hook that is already there stays: it is renamed, and ours runs it first. Taking ours away gives it its name back.
"""

import os
import shlex
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo.git import Git

MARK = "# eyamlgpg pre-commit hook 1"
PREVIOUS = "pre-commit.before-eyamlgpg"
"""What a hook that was there before is called meanwhile."""

_SCRIPT = """\
#!/bin/sh
{mark}: `eyamlgpg hook uninstall` takes it away.
previous="$(dirname "$0")/{previous}"
if [ -x "$previous" ]; then
    "$previous" "$@" || exit $?
fi
if command -v eyamlgpg >/dev/null 2>&1; then
    exec eyamlgpg check --staged
fi
# -P: nothing is imported from the folder where git runs this, which is full of files that others write.
exec {python} -P -m eyamlgpg check --staged
"""


class State(StrEnum):
    """What stands in the hook's place."""

    INSTALLED = "installed"
    CHAINED = "installed, in front of the hook that was there before"
    EDITED = "ours, with changes that somebody made"
    OFF = "there, but not executable, so that git passes over it; `eyamlgpg hook install` mends it"
    FOREIGN = "not installed; another hook is there"
    ABSENT = "not installed"


@dataclass(frozen=True, slots=True)
class Hook:
    """The pre-commit hook of one repository."""

    path: Path
    state: State


def look(git: Git) -> Hook:
    """What stands in the place where git looks, core.hooksPath included."""
    path = _folder(git) / "pre-commit"
    if not os.path.lexists(path):
        return Hook(path, State.ABSENT)
    if not _is_ours(path):
        return Hook(path, State.FOREIGN)
    if _has_edits(path):
        return Hook(path, State.EDITED)
    if not os.access(path, os.X_OK):
        return Hook(path, State.OFF)
    return Hook(path, State.CHAINED if _previous(path).exists() else State.INSTALLED)


def install(git: Git, python: str) -> Hook:
    """Put the hook in place, with `python` to run it where eyamlgpg is not on PATH; twice is the same as once.

    FileProblem where core.hooksPath leads out of the repository: a hook there would run in other repositories, too.
    """
    hook = look(git)
    _refuse_shared(git, hook.path)
    _refuse_edited(hook)
    hook.path.parent.mkdir(parents=True, exist_ok=True)
    if hook.state is State.FOREIGN:
        if os.path.lexists(_previous(hook.path)):
            raise FileProblem(f"{_previous(hook.path)}: stands in the way", "see what it is, and remove or rename it")
        hook.path.rename(_previous(hook.path))
    _write(hook.path, _SCRIPT.format(mark=MARK, previous=PREVIOUS, python=shlex.quote(python)))
    return look(git)


def uninstall(git: Git) -> Hook:
    """Take the hook away, and give the one that was there before its name back; another's hook is left alone."""
    hook = look(git)
    _refuse_edited(hook)
    if hook.state in (State.INSTALLED, State.CHAINED, State.OFF):
        if _previous(hook.path).exists():
            _previous(hook.path).replace(hook.path)
        else:
            hook.path.unlink()
    return look(git)


def _folder(git: Git) -> Path:
    named = git.asked("rev-parse", "--git-path", "hooks")
    if named is None:
        raise FileProblem(f"{git.root}: git does not tell where its hooks are")
    return (git.root / Path(named).expanduser()).absolute()


def _refuse_shared(git: Git, path: Path) -> None:
    common = git.asked("rev-parse", "--git-common-dir") or ".git"
    ours = (git.root.resolve(), (git.root / common).resolve())
    if not any(path.resolve().is_relative_to(place) for place in ours):
        raise FileProblem(
            f"{path}: core.hooksPath leads out of the repository, so the hook would run in others, too",
            f"add this line to it yourself: eyamlgpg check --staged || exit $?  ({path})",
            "or give this repository hooks of its own: git config core.hooksPath .git/hooks",
        )


def _refuse_edited(hook: Hook) -> None:
    if hook.state is State.EDITED:
        raise FileProblem(
            f"{hook.path}: has changes that somebody made, which would be lost",
            f"move them into a hook of their own, {PREVIOUS} beside it, which runs first, or remove the file",
        )


def _has_edits(path: Path) -> bool:
    """Whether a hook of ours differs from what is written, whichever Python it names."""
    before, after = _SCRIPT.replace("{mark}", MARK).replace("{previous}", PREVIOUS).split("{python}")
    text = path.read_text(errors="surrogateescape")
    python = text.removeprefix(before).removesuffix(after)
    return text != f"{before}{python}{after}" or "\n" in python


def _is_ours(path: Path) -> bool:
    try:
        return MARK.encode() in path.read_bytes()
    except OSError:
        return False


def _previous(path: Path) -> Path:
    return path.with_name(PREVIOUS)


def _write(path: Path, script: str) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.write_text(script)
        fresh.chmod(0o755)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise FileProblem(f"{path}: cannot be written: {error.strerror}") from None
