"""What git tells a hook about its own repository counts there, and nowhere else."""

import sys
from pathlib import Path

import pytest

from eyamlgpg.repo import worktree
from eyamlgpg.repo.git import find_repository
from eyamlgpg.repo.surroundings import seen_from
from tests.support.repository import Repository, start


@pytest.fixture
def ours(tmp_path: Path) -> Repository:
    made = start(tmp_path / "ours")
    made.commit(a_eyaml="one\n")
    (made.root / "sub").mkdir()
    return made


@pytest.fixture
def other(tmp_path: Path) -> Repository:
    made = start(tmp_path / "other")
    made.commit(theirs_eyaml="two\n")
    return made


def hook(repository: Repository, **told: str) -> dict[str, str]:
    return {**repository.environ, "GIT_INDEX_FILE": f"{repository.root}/.git/next-index-1.lock", **told}


def test_without_a_word_from_git_nothing_is_changed(ours: Repository) -> None:
    assert seen_from(ours.root, ours.environ) == ours.environ


@pytest.mark.parametrize("told", [{}, {"GIT_DIR": ".git"}, {"GIT_DIR": "{root}/.git", "GIT_WORK_TREE": "."}])
def test_in_the_hooks_own_repository_its_index_counts(
    ours: Repository, monkeypatch: pytest.MonkeyPatch, told: dict[str, str]
) -> None:
    monkeypatch.chdir(ours.root)
    environ = hook(ours, **{name: value.format(root=ours.root) for name, value in told.items()})
    for folder in (ours.root, ours.root / "sub"):
        found = find_repository(folder, environ)
        assert found is not None
        assert (found.root, found.environ["GIT_INDEX_FILE"]) == (ours.root, environ["GIT_INDEX_FILE"])
        assert find_repository(ours.root, found.environ) == found


@pytest.mark.parametrize("told", [{}, {"GIT_DIR": ".git"}, {"GIT_DIR": "{root}/.git", "GIT_WORK_TREE": "."}])
def test_another_repository_is_seen_by_itself(
    ours: Repository, other: Repository, monkeypatch: pytest.MonkeyPatch, told: dict[str, str]
) -> None:
    monkeypatch.chdir(ours.root)
    inside = start(ours.root / "inside")
    environ = hook(ours, **{name: value.format(root=ours.root) for name, value in told.items()})
    for repository in (other, inside):
        found = find_repository(repository.root, environ)
        assert found is not None
        assert (found.root, found.environ) == (repository.root, repository.environ)
        assert found.run("ls-files") == repository.git("ls-files").encode()


def test_a_repository_that_the_hook_went_into_is_not_taken_for_its_own(
    ours: Repository, other: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With GIT_DIR alone git takes any working directory for the top of the tree."""
    monkeypatch.chdir(other.root)
    environ = hook(ours, GIT_DIR=f"{ours.root}/.git")
    assert seen_from(other.root, environ) == other.environ


def test_a_folder_in_no_repository_stays_in_none(
    ours: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ours.root)
    environ = hook(ours, GIT_DIR=f"{ours.root}/.git", GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    (tmp_path / "plain").mkdir()
    assert find_repository(tmp_path / "plain", environ) is None


def test_a_working_tree_without_a_git_folder_is_found_by_the_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As people keep what is in their home: git --git-dir=~/.files --work-tree=~."""
    home = start(tmp_path / "home")
    home.commit(a_eyaml="one\n")
    (home.root / ".git").rename(tmp_path / "files.git")
    (home.root / "sub").mkdir()
    monkeypatch.chdir(home.root)
    environ = {**home.environ, "GIT_DIR": "../files.git", "GIT_WORK_TREE": "."}
    found, listed = find_repository(home.root / "sub", environ), worktree.find(home.root, environ)
    assert found is not None
    assert (found.root, found.run("ls-files"), found.environ["GIT_DIR"]) == (
        home.root,
        b"a.eyaml\n",
        str(tmp_path / "files.git"),
    )
    assert listed is not None
    assert listed.listing(home.root).files == (home.root / "a.eyaml",)


def test_another_repositorys_files_are_listed_by_its_own_index(
    ours: Repository, other: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ours.root)
    (other.root / ".gitignore").write_text("*.eyaml\n")
    found = worktree.find(other.root, hook(ours))
    assert found is not None
    assert found.listing(other.root).files == (other.root / ".gitignore", other.root / "theirs.eyaml")


def test_in_a_linked_working_tree_the_other_one_has_an_index_of_its_own(
    ours: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours.git("worktree", "add", "-q", str(tmp_path / "linked"))
    linked = Repository(tmp_path / "linked")
    report = tmp_path / "report"
    script = ours.root / ".git" / "hooks" / "pre-commit"
    script.parent.mkdir(exist_ok=True)
    script.write_text(
        f"#!/bin/sh\nexec {sys.executable} - <<'END' > {report}\n"
        "import os\nfrom pathlib import Path\nfrom eyamlgpg.repo.git import Git, find_repository\n"
        "from eyamlgpg.trees.index import IndexTree\n"
        f"for root in ({str(linked.root)!r}, {str(ours.root)!r}):\n"
        "    tree = IndexTree(find_repository(Path(root), os.environ))\n"
        "    print(tree.chosen())\n    tree.close()\nEND\n"
    )
    script.chmod(0o755)
    ours.write("b.eyaml", "staged in the main one\n")
    ours.git("add", "b.eyaml")
    linked.write("a.eyaml", "changed\n")
    linked.git("commit", "-qam", "x")
    assert report.read_text() == "('a.eyaml',)\n('b.eyaml',)\n"
