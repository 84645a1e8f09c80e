"""Whenever `hook install` or `uninstall` is killed, a commit still runs a hook, and the next run takes it up."""

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo.git import Git
from eyamlgpg.repo.hooks import hooks
from eyamlgpg.repo.hooks.hooks import State
from tests.support.repository import ROOT, Repository, start

THEIRS = "#!/bin/sh\n# theirs: {}\nexit 0\n"
CHILD = """\
import os, sys
from pathlib import Path
from eyamlgpg.repo.hooks import hooks
from eyamlgpg.repo.git import Git
git = Git(Path(sys.argv[2]), dict(os.environ))
hooks.uninstall(git) if sys.argv[1] == "uninstall" else hooks.install(git, sys.executable)
"""
MOST = 12
"""More calls of one kind than a change makes."""

STRACE = shutil.which("strace")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = start(tmp_path / "control")
    made.commit(a_eyaml="one\n")
    shutil.rmtree(made.root / ".git/hooks")
    (made.root / ".git/hooks").mkdir()
    return made


def git(repository: Repository) -> Git:
    return Git(repository.root, repository.environ)


def put_theirs(repository: Repository, kind: str) -> Path:
    folder = repository.root / ".git/hooks"
    for name in hooks.NAMES:
        place = folder / name
        place.unlink(missing_ok=True)
        if kind == "link":
            (repository.root / "tools").mkdir(exist_ok=True)
            place.symlink_to(f"../../tools/{name}")
        place.write_text(THEIRS.format(name))
        place.chmod(0o755)
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def killed(repository: Repository, change: str, call: str, number: int) -> bool:
    """Whether the change came to this call, where it was killed."""
    assert STRACE
    inject = f"inject={call}:signal=KILL:when={number}"
    argv = [STRACE, "-f", "-q", "-o", os.devnull, "-e", f"trace={call}", "-e", inject]
    child = [sys.executable, "-B", "-c", CHILD, change, str(repository.root)]
    environ = {**repository.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([*argv, *child], env=environ, capture_output=True, check=False, cwd=ROOT)
    assert ran.returncode in (0, -9, 137), ran.stderr.decode()
    return ran.returncode != 0


def require_hooks(folder: Path) -> None:
    """Of each name something stands in the place that runs theirs: theirs itself, or ours with theirs beside it."""
    for name in hooks.NAMES:
        place, previous = folder / name, folder / f"{name}.before-eyamlgpg"
        assert os.access(place, os.X_OK), names(folder)
        runs = place if place.read_text() == THEIRS.format(name) else previous
        assert runs.read_text() == THEIRS.format(name)
        assert os.access(runs, os.X_OK)


@pytest.mark.skipif(STRACE is None, reason="strace, which kills at a system call, is not installed")
@pytest.mark.parametrize("call", ["/^rename", "/^link", "/^symlink", "/^unlink"])
@pytest.mark.parametrize("change", ["install", "install again", "uninstall"])
@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_hook_stands_in_its_place_wherever_a_change_is_killed(
    repository: Repository, change: str, call: str, kind: str
) -> None:
    for number in range(1, MOST):
        folder = put_theirs(repository, kind)
        if change != "install":
            hooks.install(git(repository), "/old/bin/python")
        was_killed = killed(repository, change.split(maxsplit=1)[0], call, number)
        require_hooks(folder)
        found = hooks.install(git(repository), sys.executable)
        assert [hook.state for hook in found] == [State.CHAINED, State.CHAINED]
        assert len(names(folder)) == 4, names(folder)
        found = hooks.uninstall(git(repository))
        assert [hook.state for hook in found] == [State.FOREIGN, State.FOREIGN]
        assert names(folder) == sorted(hooks.NAMES)
        assert all((folder / name).read_text() == THEIRS.format(name) for name in hooks.NAMES)
        assert all((folder / name).is_symlink() == (kind == "link") for name in hooks.NAMES)
        if not was_killed:
            return
    pytest.fail("the change never came to its end")


def test_an_uninstall_after_a_killed_install_leaves_their_hook_alone(repository: Repository) -> None:
    folder = put_theirs(repository, "file")
    os.link(folder / "pre-commit", folder / "pre-commit.before-eyamlgpg")
    hooks.uninstall(git(repository))
    assert names(folder) == sorted(hooks.NAMES)


def test_leftovers_go_where_their_process_is_gone_and_stay_where_it_runs(repository: Repository) -> None:
    folder = repository.root / ".git/hooks"
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    stay = {f".pre-commit.{os.getppid()}.new", ".other.1.new", f".post-commit.{gone.pid}.new"}
    for name in (*stay, f".pre-commit.{gone.pid}.new", f".pre-merge-commit.{gone.pid}.old"):
        (folder / name).write_text("x\n")
    hooks.install(git(repository), sys.executable)
    assert set(names(folder)) == {*stay, *hooks.NAMES}


@pytest.mark.parametrize("kind", ["file", "link"])
def test_where_there_are_no_hard_links_a_copy_serves(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    def refused(*_names: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    folder = put_theirs(repository, kind)
    for _ in range(2):
        found = hooks.install(git(repository), sys.executable)
        assert [hook.state for hook in found] == [State.CHAINED, State.CHAINED]
        assert len(names(folder)) == 4
    hooks.uninstall(git(repository))
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        name: THEIRS.format(name) for name in hooks.NAMES
    }
    assert os.access(folder / "pre-commit", os.X_OK)


def failing(method: str, folder: Path, number: int) -> tuple[Callable[..., object], Callable[[], int]]:
    """A method of Path whose use on a file of a folder fails once, and how often it was used there."""
    real, uses = getattr(Path, method), [0]

    def used(path: Path, *words: object, **more: object) -> object:
        uses[0] += path.parent == folder
        if path.parent == folder and uses[0] == number:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(path, *words, **more)

    return used, lambda: uses[0]


@pytest.mark.parametrize("change", [hooks.uninstall, lambda git: hooks.install(git, sys.executable)])
@pytest.mark.parametrize("method", ["lstat", "read_text"])
def test_a_hook_that_cannot_be_looked_at_is_not_taken_for_none(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, change: Callable[[Git], object], method: str
) -> None:
    """The disk fails at each look once: nobody's own hook is lost by it."""
    failed = 0
    for number in range(1, 100):
        folder = put_theirs(repository, "file")
        if change is hooks.uninstall:
            hooks.install(git(repository), sys.executable)
        used, count = failing(method, folder, number)
        with monkeypatch.context() as patch:
            patch.setattr(Path, method, used)
            try:
                change(git(repository))
            except FileProblem:
                failed += 1
        assert {THEIRS.format(name) for name in hooks.NAMES} <= {path.read_text() for path in folder.iterdir()}
        if count() < number:
            break
        hooks.uninstall(git(repository))
    assert failed > 4
