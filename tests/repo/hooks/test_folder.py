"""Where the hooks cannot stand, nothing is written, and the error names what is in the way."""

import sys
from pathlib import Path

import pytest

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo.git import Git
from eyamlgpg.repo.hooks import hooks
from eyamlgpg.repo.hooks.hooks import State
from tests.support.repository import Repository, start

SCRIPT = "#!/bin/sh\necho from afar\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = start(tmp_path / "control")
    for sample in (made.root / ".git" / "hooks").iterdir():
        sample.unlink()
    return made


@pytest.fixture
def folder(repository: Repository) -> Path:
    return repository.root / ".git" / "hooks"


def git(repository: Repository) -> Git:
    return Git(repository.root, repository.environ)


def refused(repository: Repository) -> tuple[str, ...]:
    with pytest.raises(FileProblem) as problem:
        hooks.install(git(repository), sys.executable)
    return problem.value.sentence, *problem.value.hints


def states(found: tuple[hooks.Hook, ...]) -> tuple[State, ...]:
    return tuple(hook.state for hook in found)


def test_an_empty_hooks_path_switches_hooks_off(repository: Repository) -> None:
    repository.git("config", "core.hooksPath", "")
    for step in (hooks.look, hooks.uninstall, lambda one: hooks.install(one, sys.executable)):
        with pytest.raises(FileProblem, match="core.hooksPath is set, but empty, so that git runs no hook"):
            step(git(repository))
    assert [path.name for path in repository.root.iterdir()] == [".git"]


def test_a_folder_that_core_hooks_path_shares_is_left_alone(repository: Repository, tmp_path: Path) -> None:
    repository.git("config", "core.hooksPath", str(tmp_path / "shared"))
    sentence, line, own = refused(repository)
    assert sentence.startswith(f"{tmp_path}/shared: core.hooksPath leads out of the repository")
    assert line.startswith(f"add this line to {tmp_path}/shared/pre-commit and {tmp_path}/shared/pre-merge-commit")
    assert own.endswith(f"git config core.hooksPath {repository.root}/.git/hooks")
    assert not (tmp_path / "shared").exists()


def test_a_linked_folder_that_is_shared_is_left_alone(repository: Repository, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    folder.rmdir()
    folder.symlink_to(tmp_path / "shared")
    sentence, _, own = refused(repository)
    assert sentence == f"{folder}: the link leads out of the repository, so the hooks would run in others, too"
    assert own == "or give this repository hooks of its own: put a folder in its place"
    assert list((tmp_path / "shared").iterdir()) == []


def test_the_hooks_of_a_linked_worktree_are_those_of_its_repository(
    repository: Repository, folder: Path, tmp_path: Path
) -> None:
    repository.commit(a_eyaml="one\n")
    repository.git("worktree", "add", "-q", str(tmp_path / "side"))
    found = hooks.install(Git(tmp_path / "side", repository.environ), sys.executable)
    assert [(hook.path, hook.state) for hook in found] == [(folder / name, State.INSTALLED) for name in hooks.NAMES]


def test_a_hook_that_is_a_link_out_of_the_repository_is_set_aside(
    repository: Repository, folder: Path, tmp_path: Path
) -> None:
    target = tmp_path / "dotfile"
    target.write_text(SCRIPT)
    target.chmod(0o755)
    (folder / "pre-commit").symlink_to(target)
    assert states(hooks.install(git(repository), sys.executable)) == (State.CHAINED, State.INSTALLED)
    repository.write("a.eyaml", "one: 1\n")
    repository.git("add", "-A")
    ran = repository.tried("commit", "-qm", "x")
    assert (ran.returncode, "from afar" in ran.stdout + ran.stderr) == (0, True)
    assert states(hooks.uninstall(git(repository))) == (State.FOREIGN, State.ABSENT)
    assert ((folder / "pre-commit").readlink(), target.read_text()) == (target, SCRIPT)


def test_a_link_that_leads_nowhere_is_no_hook(repository: Repository, folder: Path, tmp_path: Path) -> None:
    (folder / "pre-commit").symlink_to(tmp_path / "nowhere")
    assert states(hooks.look(git(repository))) == (State.NO_HOOK, State.ABSENT)
    assert refused(repository) == (
        f"{folder}/pre-commit: is a link that leads nowhere, and git's hook should stand there",
        "see what it is, and remove it",
    )
    assert [path.name for path in folder.iterdir()] == ["pre-commit"]


def test_a_folder_is_no_hook(repository: Repository, folder: Path) -> None:
    (folder / "pre-merge-commit").mkdir()
    assert states(hooks.uninstall(git(repository))) == (State.ABSENT, State.NO_HOOK)
    assert refused(repository) == (
        f"{folder}/pre-merge-commit: is no file, and git's hook should stand there",
        "see what it is, and remove it",
    )
    assert [path.name for path in folder.iterdir()] == ["pre-merge-commit"]


def test_a_file_is_no_folder_for_hooks(repository: Repository, folder: Path) -> None:
    folder.rmdir()
    folder.write_text("mine\n")
    assert states(hooks.look(git(repository))) == (State.ABSENT, State.ABSENT)
    assert refused(repository) == (
        f"{folder}: is no folder, and the hooks should stand in it",
        "see what it is, and remove it",
    )
    assert folder.read_text() == "mine\n"


def test_a_folder_below_a_file_cannot_be_made(repository: Repository) -> None:
    repository.write("tools", "mine\n")
    repository.git("config", "core.hooksPath", "tools/hooks")
    assert refused(repository) == (
        f"{repository.root}/tools/hooks: the hooks cannot be changed: Not a directory",
        "all is as it was",
    )


@pytest.mark.parametrize("target", ["nowhere", "hooks"])
def test_a_link_to_nothing_is_no_folder_for_hooks(repository: Repository, folder: Path, target: str) -> None:
    folder.rmdir()
    folder.symlink_to(target)
    assert refused(repository) == (
        f"{folder}: is a link that leads nowhere, and the hooks should stand in it",
        "see what it is, and remove it",
    )
