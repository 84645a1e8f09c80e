"""The pre-commit hook goes where git looks, over nothing that is there."""

import sys
from pathlib import Path

import pytest

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo import hooks
from eyamlgpg.repo.git import Git
from eyamlgpg.repo.hooks import State
from tests.support.repository import Repository, start


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = start(tmp_path / "control room")
    made.commit(a_eyaml="one\n")
    return made


def git(repository: Repository) -> Git:
    return Git(repository.root, repository.environ)


def test_it_is_installed_once_and_taken_away(repository: Repository) -> None:
    place = repository.root / ".git" / "hooks" / "pre-commit"
    assert hooks.look(git(repository)) == hooks.Hook(place, State.ABSENT)
    assert hooks.install(git(repository), sys.executable) == hooks.Hook(place, State.INSTALLED)
    assert hooks.install(git(repository), sys.executable) == hooks.Hook(place, State.INSTALLED)
    assert place.stat().st_mode & 0o777 == 0o755
    assert hooks.uninstall(git(repository)) == hooks.Hook(place, State.ABSENT)
    assert not place.exists()


def test_a_hook_that_is_there_runs_first_and_gets_its_place_back(repository: Repository) -> None:
    place = repository.root / ".git" / "hooks" / "pre-commit"
    place.write_text("#!/bin/sh\necho before me\nexit 7\n")
    place.chmod(0o755)
    assert hooks.look(git(repository)).state is State.FOREIGN
    assert hooks.uninstall(git(repository)).state is State.FOREIGN
    assert hooks.install(git(repository), sys.executable).state is State.CHAINED
    repository.write("a.eyaml", "two\n")
    ran = repository.tried("commit", "-qam", "x")
    assert (ran.returncode, "before me" in ran.stdout + ran.stderr) == (1, True)
    assert hooks.uninstall(git(repository)).state is State.FOREIGN
    assert place.read_text() == "#!/bin/sh\necho before me\nexit 7\n"


def test_it_stands_where_core_hooks_path_points_inside_of_the_repository(repository: Repository) -> None:
    repository.git("config", "core.hooksPath", "tools/hooks")
    hook = hooks.install(git(repository), sys.executable)
    assert hook == hooks.Hook(repository.root / "tools" / "hooks" / "pre-commit", State.INSTALLED)


def test_hooks_that_other_repositories_share_are_left_alone(repository: Repository, tmp_path: Path) -> None:
    repository.git("config", "core.hooksPath", str(tmp_path / "shared"))
    with pytest.raises(FileProblem, match="leads out of the repository"):
        hooks.install(git(repository), sys.executable)
    assert not (tmp_path / "shared").exists()


def test_an_earlier_hook_that_was_set_aside_already_is_not_overwritten(repository: Repository) -> None:
    folder = repository.root / ".git" / "hooks"
    (folder / "pre-commit").write_text("#!/bin/sh\n")
    (folder / hooks.PREVIOUS).write_text("older\n")
    with pytest.raises(FileProblem, match="stands in the way"):
        hooks.install(git(repository), sys.executable)
    assert (folder / hooks.PREVIOUS).read_text() == "older\n"


@pytest.mark.parametrize("edit", ["{}make lint\n", "{}\n", "#!/bin/sh\nmake lint\n{}"])
def test_what_somebody_wrote_into_our_hook_is_not_lost(repository: Repository, edit: str) -> None:
    place = hooks.install(git(repository), sys.executable).path
    text = edit.format(place.read_text())
    place.write_text(text)
    assert hooks.look(git(repository)).state is State.EDITED
    for change in (lambda: hooks.install(git(repository), sys.executable), lambda: hooks.uninstall(git(repository))):
        with pytest.raises(FileProblem, match="has changes that somebody made"):
            change()
    assert place.read_text() == text


def test_a_hook_of_another_python_is_ours_as_well(repository: Repository) -> None:
    hooks.install(git(repository), "/old/bin/python")
    assert hooks.install(git(repository), sys.executable).state is State.INSTALLED


def test_a_hook_that_git_would_not_run_is_not_installed(repository: Repository) -> None:
    place = repository.root / ".git" / "hooks" / "pre-commit"
    place.write_text("#!/bin/sh\n")
    hooks.install(git(repository), sys.executable).path.chmod(0o644)
    assert hooks.look(git(repository)).state is State.OFF
    assert hooks.install(git(repository), sys.executable).state is State.CHAINED
    place.chmod(0o644)
    assert hooks.uninstall(git(repository)).state is State.FOREIGN
