"""Our reading of git says what GitPython says, and what GitPython gets wrong ours does not.

The second half is why GitPython is not what reads (docs/decisions/13-git-not-gitpython.md): where one of its claims
fails after an update, that decision is to be looked at again.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import git
import pytest

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo.blobs import Blobs
from eyamlgpg.repo.git import Git, find_repository
from eyamlgpg.repo.hooks.folder import folder_of_hooks
from eyamlgpg.repo.last_commit import LastCommit
from eyamlgpg.trees.index import IndexTree
from tests.support.repository import Repository, start


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = start(tmp_path / "control")
    made.write("data/b.eyaml", "two\r\n\x00\n")
    made.write("ü.eyaml", "")
    (made.root / "link.eyaml").symlink_to("data/b.eyaml")
    made.commit(a_eyaml="one\n")
    return made


@pytest.fixture
def theirs(repository: Repository) -> Iterator[git.Repo]:
    with git.Repo(repository.root / "data", search_parent_directories=True) as repo:
        yield repo


def test_both_find_the_same_root_and_commit(repository: Repository, theirs: git.Repo) -> None:
    found = find_repository(repository.root / "data", repository.environ)
    assert found is not None
    assert found.root == Path(theirs.working_dir).resolve()
    assert LastCommit(found, Blobs(found)).exists is theirs.head.is_valid() is True


def test_both_read_the_same_files_of_the_last_commit(repository: Repository, theirs: git.Repo) -> None:
    known = Git(repository.root, repository.environ)
    blobs = Blobs(known)
    ours = {path: (mode, blobs.read(name)) for path, (mode, name) in LastCommit(known, blobs).entries.items()}
    blobs.close()
    items = [item for item in theirs.head.commit.tree.traverse() if isinstance(item, git.Blob)]
    assert ours == {item.path: (f"{item.mode:o}", item.data_stream.read()) for item in items}
    assert len(ours) == 4


# what GitPython gets wrong


def test_a_hash_of_sha256_is_read_by_ours(tmp_path: Path) -> None:
    root = tmp_path / "new"
    root.mkdir()
    made = Repository(root)
    made.git("init", "-q", "-b", "main", "--object-format=sha256", ".")
    made.commit(a_eyaml="one\n")
    made.write("a.eyaml", "two\n")
    made.git("add", "-A")
    tree = IndexTree(Git(root, made.environ), ())
    assert [(path, tree.read(path), tree.before(path)) for path in tree.chosen()] == [("a.eyaml", b"two\n", b"one\n")]
    tree.close()
    with pytest.raises(ValueError, match="Failed to parse"):
        git.Repo(root).git.get_object_data(made.git("rev-parse", ":a.eyaml").strip())


def test_a_repository_of_somebody_else_is_refused_by_ours(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(FileProblem, match="dubious ownership"):
        find_repository(repository.root, {**repository.environ, "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"})
    assert git.Repo(repository.root).config_reader().get_value("core", "bare", "?") is False


def test_what_commit_a_will_commit_is_read_by_ours(repository: Repository, tmp_path: Path) -> None:
    """`git commit -a` gives its hook another index, and GitPython opens .git/index all the same."""
    program = tmp_path / "hook.py"
    program.write_text(
        "import os, git\nfrom pathlib import Path\nfrom eyamlgpg.repo.git import require_repository\n"
        "from eyamlgpg.trees.index import IndexTree\n"
        "tree = IndexTree(require_repository(Path.cwd(), os.environ), ())\n"
        "theirs = git.Repo('.').index.entries['a.eyaml', 0]\n"
        "print(tree.read('a.eyaml'), git.Repo('.').git.get_object_data(theirs.hexsha)[3])\ntree.close()\n"
    )
    hook = repository.root / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nexec {sys.executable} {program}\n")
    hook.chmod(0o755)
    repository.write("a.eyaml", "two\n")
    ran = repository.tried("commit", "-qam", "x")
    assert (ran.returncode, (ran.stdout + ran.stderr).strip()) == (0, r"b'two\n' b'one\n'")


def test_a_setting_of_the_environment_is_read_by_ours(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"COUNT": "1", "KEY_0": "core.hooksPath", "VALUE_0": "elsewhere"}.items():
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    assert folder_of_hooks(Git(repository.root, repository.environ)) == repository.root / "elsewhere"
    assert git.Repo(repository.root).config_reader().get_value("core", "hooksPath", "") == ""


def test_no_module_imports_gitpython_before_it_is_needed() -> None:
    """Its import takes longer than ten runs of git."""
    program = (
        "import importlib, pkgutil, sys, eyamlgpg\n"
        "for one in pkgutil.walk_packages(eyamlgpg.__path__, 'eyamlgpg.'):\n"
        "    if not one.name.endswith('__main__'): importlib.import_module(one.name)\n"
        "print('git' in sys.modules)\n"
    )
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "False\n"
    )
