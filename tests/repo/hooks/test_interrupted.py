"""Ctrl-C in `hook install` and `uninstall`, right behind any change on the disk: all is as it was before."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from eyamlgpg.repo.hooks import hooks
from tests.repo.hooks.test_killed import git, names, put_theirs
from tests.repo.hooks.test_killed import repository as _repository
from tests.support.repository import Repository

repository = _repository
CHANGES = ("rename", "link", "symlink", "unlink", "chmod")


@contextmanager
def interrupted_behind(number: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Raise KeyboardInterrupt when the Nth change has just been made, once."""
    made: list[str] = []

    def counting(name: str) -> Callable[..., object]:
        sound = getattr(os, name)

        def change(*words: object, **options: object) -> object:
            done = sound(*words, **options)
            made.append(name)
            if len(made) == number:
                raise KeyboardInterrupt
            return done

        return change

    with monkeypatch.context() as patch:
        for name in CHANGES:
            patch.setattr(os, name, counting(name))
        yield made


def shown(folder: Path) -> dict[str, object]:
    return {name: _shown(folder / name) for name in names(folder)}


def _shown(path: Path) -> object:
    return path.readlink() if path.is_symlink() else (path.read_text(), os.access(path, os.X_OK))


@pytest.mark.parametrize("kind", ["file", "link", "none"])
@pytest.mark.parametrize("change", ["install", "uninstall"])
def test_an_interruption_takes_all_back(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, change: str, kind: str
) -> None:
    folder = repository.root / ".git/hooks"
    if kind != "none":
        put_theirs(repository, kind)
    if change == "uninstall":
        hooks.install(git(repository), sys.executable)
    before = shown(folder)
    for number in count(1):
        with interrupted_behind(number, monkeypatch) as made:
            try:
                hooks.uninstall(git(repository)) if change == "uninstall" else hooks.install(
                    git(repository), sys.executable
                )
            except KeyboardInterrupt:
                pass
            else:
                break
        after = shown(folder)
        if after != before:  # all was done by then, but for second names that the next run removes
            assert set(before) <= set(after) or change == "uninstall", (number, made, after)
            hooks.uninstall(git(repository)) if change == "install" else hooks.install(git(repository), sys.executable)
            assert shown(folder) == before, (number, made)
    assert number > 3
