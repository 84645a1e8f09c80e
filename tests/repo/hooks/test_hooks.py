"""The hooks go where git looks, over nothing that is there."""

import errno
import os
import subprocess
import sys
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo.git import Git
from eyamlgpg.repo.hooks import hooks
from eyamlgpg.repo.hooks.hooks import Hook, State
from tests.support.repository import Repository, start


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = start(tmp_path / "control room")
    made.commit(a_eyaml="one\n")
    return made


def git(repository: Repository) -> Git:
    return Git(repository.root, repository.environ)


def states(found: tuple[Hook, ...]) -> tuple[State, ...]:
    return tuple(hook.state for hook in found)


def both(folder: Path, state: State) -> tuple[Hook, ...]:
    return Hook(folder / "pre-commit", state), Hook(folder / "pre-merge-commit", state)


def put(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_they_are_installed_once_and_taken_away(repository: Repository) -> None:
    folder = repository.root / ".git" / "hooks"
    assert hooks.look(git(repository)) == both(folder, State.ABSENT)
    assert hooks.install(git(repository), sys.executable) == both(folder, State.INSTALLED)
    assert hooks.install(git(repository), sys.executable) == both(folder, State.INSTALLED)
    assert [path.stat().st_mode & 0o777 for path in folder.glob("pre-*commit")] == [0o755, 0o755]
    assert hooks.uninstall(git(repository)) == both(folder, State.ABSENT)
    assert list(folder.glob("pre-*commit")) == []


def test_a_hook_that_is_there_runs_first_and_gets_its_place_back(repository: Repository) -> None:
    text = "#!/bin/sh\necho before me\nexit 7\n"
    place = put(repository.root / ".git" / "hooks" / "pre-commit", text)
    assert states(hooks.look(git(repository))) == (State.FOREIGN, State.ABSENT)
    assert states(hooks.uninstall(git(repository))) == (State.FOREIGN, State.ABSENT)
    assert states(hooks.install(git(repository), sys.executable)) == (State.CHAINED, State.INSTALLED)
    repository.write("a.eyaml", "two\n")
    ran = repository.tried("commit", "-qam", "x")
    assert (ran.returncode, "before me" in ran.stdout + ran.stderr) == (1, True)
    assert states(hooks.uninstall(git(repository))) == (State.FOREIGN, State.ABSENT)
    assert place.read_text() == text


def test_each_runs_the_earlier_one_of_its_own_name(repository: Repository) -> None:
    folder = repository.root / ".git" / "hooks"
    put(folder / "pre-merge-commit", "#!/bin/sh\necho before the merge\nexit 7\n")
    assert states(hooks.install(git(repository), sys.executable)) == (State.INSTALLED, State.CHAINED)
    repository.git("checkout", "-qb", "side")
    repository.commit(side_txt="one\n")
    repository.git("checkout", "-q", "main")
    ran = repository.tried("merge", "--no-ff", "--no-edit", "side")
    assert (ran.returncode, "before the merge" in ran.stdout + ran.stderr) == (1, True)


def test_it_stands_where_core_hooks_path_points_inside_of_the_repository(repository: Repository) -> None:
    repository.git("config", "core.hooksPath", "tools/hooks")
    found = hooks.install(git(repository), sys.executable)
    assert found == both(repository.root / "tools" / "hooks", State.INSTALLED)


def test_an_earlier_hook_that_was_set_aside_already_is_not_overwritten(repository: Repository) -> None:
    folder = repository.root / ".git" / "hooks"
    (folder / "pre-merge-commit").write_text("#!/bin/sh\n")
    (folder / "pre-merge-commit.before-eyamlgpg").write_text("older\n")
    with pytest.raises(FileProblem, match="stands in the way"):
        hooks.install(git(repository), sys.executable)
    assert (folder / "pre-merge-commit.before-eyamlgpg").read_text() == "older\n"
    assert states(hooks.look(git(repository))) == (State.ABSENT, State.FOREIGN)


@pytest.mark.parametrize("name", hooks.NAMES)
@pytest.mark.parametrize("edit", ["{}make lint\n", "{}\n", "#!/bin/sh\nmake lint\n{}"])
def test_what_somebody_wrote_into_our_hook_is_not_lost(repository: Repository, name: str, edit: str) -> None:
    hooks.install(git(repository), sys.executable)
    place = repository.root / ".git" / "hooks" / name
    text = edit.format(place.read_text())
    place.write_text(text)
    assert [hook.path.name for hook in hooks.look(git(repository)) if hook.state is State.EDITED] == [name]
    for change in (partial(hooks.install, python=sys.executable), hooks.uninstall):
        with pytest.raises(FileProblem, match="has changes that somebody made"):
            change(git(repository))
    assert place.read_text() == text
    assert State.ABSENT not in states(hooks.look(git(repository)))


def test_a_hook_that_finds_no_eyamlgpg_any_more_says_so(repository: Repository) -> None:
    place = hooks.install(git(repository), "/gone/bin/python")[0].path
    environ = {**repository.environ, "PATH": "/usr/bin:/bin"}
    ran = subprocess.run([str(place)], cwd=repository.root, env=environ, capture_output=True, text=True, check=False)
    assert ran.returncode == 3
    assert "install it, or remove the hook: " in ran.stderr


def test_an_unchanged_hook_of_another_version_is_replaced(repository: Repository) -> None:
    place = hooks.install(git(repository), sys.executable)[0].path
    text = place.read_text()
    body = "exec eyamlgpg check --staged\n"
    mark = text.split("\n")[1].replace(text.split()[5].rstrip(":"), sha256(body.encode()).hexdigest()[:16])
    place.write_text(f"#!/bin/sh\n{mark}\n{body}")
    assert states(hooks.look(git(repository))) == (State.INSTALLED, State.INSTALLED)
    hooks.install(git(repository), sys.executable)
    assert place.read_text() == text


def test_hooks_of_another_python_are_ours_as_well(repository: Repository) -> None:
    hooks.install(git(repository), "/old/bin/python")
    assert states(hooks.install(git(repository), sys.executable)) == (State.INSTALLED, State.INSTALLED)


def test_a_hook_that_git_would_not_run_is_not_installed(repository: Repository) -> None:
    place = repository.root / ".git" / "hooks" / "pre-commit"
    place.write_text("#!/bin/sh\n")
    hooks.install(git(repository), sys.executable)
    place.chmod(0o644)
    assert states(hooks.look(git(repository))) == (State.OFF, State.INSTALLED)
    assert states(hooks.install(git(repository), sys.executable)) == (State.CHAINED, State.INSTALLED)
    place.chmod(0o644)
    assert states(hooks.uninstall(git(repository))) == (State.FOREIGN, State.ABSENT)


def test_an_earlier_hook_that_lost_ours_gets_its_name_back(repository: Repository) -> None:
    folder = repository.root / ".git" / "hooks"
    place = put(folder / "pre-commit", "#!/bin/sh\n")
    hooks.install(git(repository), sys.executable)
    place.unlink()
    assert states(hooks.look(git(repository))) == (State.LEFT, State.INSTALLED)
    assert states(hooks.uninstall(git(repository))) == (State.FOREIGN, State.ABSENT)
    assert (place.read_text(), list(folder.glob("*before*"))) == ("#!/bin/sh\n", [])


def test_an_earlier_hook_is_not_put_over_another(repository: Repository) -> None:
    folder = repository.root / ".git" / "hooks"
    put(folder / "pre-commit", "newer\n")
    put(folder / "pre-commit.before-eyamlgpg", "older\n")
    assert states(hooks.uninstall(git(repository))) == (State.FOREIGN, State.ABSENT)
    assert [(folder / name).read_text() for name in ("pre-commit", "pre-commit.before-eyamlgpg")] == [
        "newer\n",
        "older\n",
    ]


def fail_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rename or new name of this number fails, as on a disk that fills up."""
    rename, link, count = Path.rename, os.link, iter(range(1000))

    def fail() -> None:
        if next(count) == step:
            raise OSError(errno.ENOSPC, "No space left on device")

    def renamed(self: Path, target: Path) -> Path:
        fail()
        return rename(self, target)

    def linked(path: Path, other: Path) -> None:
        fail()
        link(path, other)

    monkeypatch.setattr(Path, "rename", renamed)
    monkeypatch.setattr(os, "link", linked)


@pytest.mark.parametrize(("change", "steps"), [("install", 6), ("install again", 4), ("uninstall", 4)])
def test_whatever_step_fails_all_is_as_it_was(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, change: str, steps: int
) -> None:
    folder = repository.root / ".git" / "hooks"
    for name in hooks.NAMES:
        put(folder / name, f"#!/bin/sh\necho {name}\n")
    if change != "install":
        hooks.install(git(repository), "/old/bin/python")

    def carry_out() -> None:
        if change == "uninstall":
            hooks.uninstall(git(repository))
        else:
            hooks.install(git(repository), sys.executable)

    before = {path.name: (path.read_text(), path.stat().st_mode) for path in folder.iterdir()}
    for step in range(steps):
        with monkeypatch.context() as here:
            fail_at(step, here)
            with pytest.raises(FileProblem, match="hooks: the hooks cannot be changed: No space left on device"):
                carry_out()
        assert {path.name: (path.read_text(), path.stat().st_mode) for path in folder.iterdir()} == before
    with monkeypatch.context() as here:
        fail_at(steps, here)
        carry_out()
    assert {path.name: (path.read_text(), path.stat().st_mode) for path in folder.iterdir()} != before


def test_a_file_that_cannot_be_written_leaves_all_as_it_was(repository: Repository) -> None:
    folder = repository.root / ".git" / "hooks"
    put(folder / "pre-commit", "#!/bin/sh\n")
    (folder / f".pre-merge-commit.{os.getpid()}.new").mkdir()
    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(FileProblem, match="the hooks cannot be changed: File exists"):
        hooks.install(git(repository), sys.executable)
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_hook_that_calls_ours_from_within_runs_in_no_circle(repository: Repository) -> None:
    """Whoever wrote the earlier one, and from wherever it calls."""
    place = repository.root / ".git" / "hooks" / "pre-commit"
    put(place, '#!/bin/sh\necho before\nexec "$(dirname "$0")/pre-commit"\n')
    hooks.install(git(repository), sys.executable)
    repository.write("a.eyaml", "one: 1\n")
    ran = repository.tried("commit", "-qam", "x")
    assert (ran.returncode, (ran.stdout + ran.stderr).count("before")) == (0, 1)
