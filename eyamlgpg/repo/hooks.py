"""Git's hooks before a commit and before a merge's: installed where git looks for them, over nothing that is there.

A hook that is already there stays: it is renamed, and ours runs it first. Taking ours away gives it its name back.
`git merge` runs pre-merge-commit in the place of pre-commit (githooks(5)), so that both are needed.
"""

import os
import shlex
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo.git import Git

NAMES = ("pre-commit", "pre-merge-commit")
SUFFIX = ".before-eyamlgpg"
"""Behind the name of a hook that was there before, meanwhile."""

_HEAD = """\
#!/bin/sh
# eyamlgpg {name} hook {digest}: `eyamlgpg hook uninstall` takes it away.
"""
_BODY = """\
previous="$(dirname "$0")/{name}{suffix}"
if [ -x "$previous" ]; then
    "$previous" "$@" || exit $?
fi
if command -v eyamlgpg >/dev/null 2>&1; then
    exec eyamlgpg check --staged
fi
# -P: nothing is imported from the folder where git runs this, which is full of files that others write.
if {python} -P -c 'import eyamlgpg' 2>/dev/null; then
    exec {python} -P -m eyamlgpg check --staged
fi
echo "eyamlgpg: it is no longer where it was when this hook was made; install it, or remove the hook: $0" >&2
exit 3
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
    """One hook of one repository."""

    path: Path
    state: State

    @property
    def is_in_place(self) -> bool:
        """Whether git runs it, as it was written."""
        return self.state in (State.INSTALLED, State.CHAINED)


def look(git: Git) -> tuple[Hook, ...]:
    """What stands in each of the places where git looks, core.hooksPath included."""
    folder = _folder(git)
    return tuple(_looked_at(folder / name) for name in NAMES)


def install(git: Git, python: str) -> tuple[Hook, ...]:
    """Put the hooks in place, with `python` to run them where eyamlgpg is not on PATH; twice is the same as once.

    FileProblem, before any is written, where core.hooksPath leads out of the repository, since a hook there would run
    in other repositories, too, where a hook of ours was edited, or where one can't be set aside.
    """
    found = look(git)
    for hook in found:
        _refuse_shared(git, hook.path)
        _refuse_edited(hook)
        if hook.state is State.FOREIGN and os.path.lexists(_previous(hook.path)):
            raise FileProblem(f"{_previous(hook.path)}: stands in the way", "see what it is, and remove or rename it")
    for hook in found:
        hook.path.parent.mkdir(parents=True, exist_ok=True)
        if hook.state is State.FOREIGN:
            hook.path.rename(_previous(hook.path))
        _write(hook.path, _script(hook.path.name, shlex.quote(python)))
    return look(git)


def uninstall(git: Git) -> tuple[Hook, ...]:
    """Take the hooks away, and give those that were there before their names back; others' are left alone."""
    found = look(git)
    for hook in found:
        _refuse_edited(hook)
    for hook in found:
        if hook.is_in_place or hook.state is State.OFF:
            if _previous(hook.path).exists():
                _previous(hook.path).replace(hook.path)
            else:
                hook.path.unlink()
    return look(git)


def _looked_at(path: Path) -> Hook:
    if not os.path.lexists(path):
        return Hook(path, State.ABSENT)
    if not _is_ours(path):
        return Hook(path, State.FOREIGN)
    if _has_edits(path):
        return Hook(path, State.EDITED)
    if not os.access(path, os.X_OK):
        return Hook(path, State.OFF)
    return Hook(path, State.CHAINED if _previous(path).exists() else State.INSTALLED)


def _script(name: str, python: str) -> str:
    body = _BODY.format(name=name, suffix=SUFFIX, python=python)
    return _HEAD.format(name=name, digest=_digest(body)) + body


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
            f"move them into a hook of their own, {_previous(hook.path).name}, which runs first, or remove it",
        )


def _has_edits(path: Path) -> bool:
    """Whether a hook of ours is not what some eyamlgpg wrote, this one or an earlier one."""
    text = path.read_text(errors="surrogateescape")
    shebang, mark, body = (*text.split("\n", 2), "", "")[:3]
    return f"{shebang}\n{mark}\n" != _HEAD.format(name=path.name, digest=_digest(body))


def _digest(body: str) -> str:
    return sha256(body.encode(errors="surrogateescape")).hexdigest()[:16]


def _is_ours(path: Path) -> bool:
    try:
        return f"# eyamlgpg {path.name} hook ".encode() in path.read_bytes()
    except OSError:
        return False


def _previous(path: Path) -> Path:
    return path.with_name(f"{path.name}{SUFFIX}")


def _write(path: Path, script: str) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.write_text(script)
        fresh.chmod(0o755)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise FileProblem(f"{path}: cannot be written: {error.strerror}") from None
