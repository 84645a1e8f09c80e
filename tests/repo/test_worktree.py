"""What git says about a working tree, asked of real git."""

import subprocess
from pathlib import Path

import pytest

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo import worktree
from eyamlgpg.repo.worktree import GitWorktree


def git(folder: Path, *arguments: str, environ: dict[str, str]) -> None:
    identity = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com"}
    identity |= {name.replace("AUTHOR", "COMMITTER"): value for name, value in identity.items()}
    config = ["-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *config, *arguments], cwd=folder, env=environ | identity, check=True, capture_output=True)


def write(path: Path, text: str = "a: 1\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def root(tmp_path: Path, environ: dict[str, str]) -> Path:
    """A repository with a tracked file, an untracked one and an ignored one."""
    made = tmp_path / "repository"
    made.mkdir()
    git(made, "init", environ=environ)
    write(made / ".gitignore", "ignored*\n")
    write(made / "data/tracked.eyaml")
    git(made, "add", ".", environ=environ)
    write(made / "data/untracked.eyaml")
    write(made / "data/ignored.eyaml")
    return made


def found(root: Path, environ: dict[str, str]) -> GitWorktree:
    made = worktree.find(root, environ)
    assert made
    return made


def below(folder: Path, environ: dict[str, str]) -> list[str]:
    return [str(path.relative_to(folder)) for path in found(folder, environ).listing(folder).files]


def test_tracked_and_untracked_files_count_and_ignored_ones_do_not(root: Path, environ: dict[str, str]) -> None:
    assert below(root, environ) == [".gitignore", "data/tracked.eyaml", "data/untracked.eyaml"]
    assert below(root / "data", environ) == ["tracked.eyaml", "untracked.eyaml"]


def test_the_root_is_found_from_any_folder_links_resolved(root: Path, tmp_path: Path, environ: dict[str, str]) -> None:
    link = tmp_path / "link"
    link.symlink_to(root / "data")
    assert found(link, environ).root == root
    assert [path.name for path in found(link, environ).listing(link).files] == ["tracked.eyaml", "untracked.eyaml"]


def test_a_tracked_file_that_is_ignored_or_gone_counts_as_it_stands(root: Path, environ: dict[str, str]) -> None:
    git(root, "add", "-f", "data/ignored.eyaml", environ=environ)
    (root / "data/tracked.eyaml").unlink()
    assert below(root / "data", environ) == ["ignored.eyaml", "untracked.eyaml"]


def test_names_that_git_would_quote_come_as_they_are(root: Path, environ: dict[str, str]) -> None:
    names = ["data/with space.eyaml", "data/wïth\nbreak.eyaml", 'data/"quoted".eyaml']
    for name in names:
        write(root / name)
    assert set(names) < set(below(root, environ))


def test_links_are_given_as_links_and_dangling_ones_too(root: Path, environ: dict[str, str]) -> None:
    (root / "data/link.eyaml").symlink_to("nowhere")
    assert "data/link.eyaml" in below(root, environ)


def test_an_ignored_folder_that_is_named_gives_its_files(root: Path, environ: dict[str, str]) -> None:
    write(root / "ignored-folder/a.eyaml")
    assert below(root / "ignored-folder", environ) == ["a.eyaml"]


def test_submodules_and_repositories_inside_are_left_out(root: Path, tmp_path: Path, environ: dict[str, str]) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", environ=environ)
    write(other / "theirs.eyaml")
    git(other, "add", ".", environ=environ)
    git(other, "commit", "-m", "x", environ=environ)
    git(root, "submodule", "add", str(other), "sub", environ=environ)
    git(root, "clone", str(other), "clone", environ=environ)
    assert [name for name in below(root, environ) if "theirs" in name] == []
    assert found(root, environ).listing(root).repositories == (root / "clone", root / "sub")


def test_what_git_told_a_hook_about_its_repository_does_not_mislead(root: Path, environ: dict[str, str]) -> None:
    asked = environ | {"GIT_DIR": "/nowhere/.git", "GIT_WORK_TREE": "/nowhere", "GIT_PREFIX": "x/"}
    assert found(root / "data", asked).root == root


def test_no_repository_is_no_working_tree(tmp_path: Path, environ: dict[str, str]) -> None:
    assert worktree.find(tmp_path, environ) is None


def test_gits_own_folder_is_no_working_tree(root: Path, environ: dict[str, str]) -> None:
    assert worktree.find(root / ".git", environ) is None
    assert worktree.find(root / ".git" / "hooks", environ) is None


@pytest.mark.parametrize("folder", ["", "refs/heads"])
def test_a_bare_repository_is_refused(tmp_path: Path, environ: dict[str, str], folder: str) -> None:
    """It may come from whoever pushed it."""
    git(tmp_path, "init", "--bare", "bare.git", environ=environ)
    place = tmp_path / "bare.git" / folder
    with pytest.raises(FileProblem, match="stands in a bare git repository"):
        worktree.find(place, environ)


def test_a_tree_is_found_by_a_worktrees_file_and_by_a_link_to_its_git_folder(
    root: Path, tmp_path: Path, environ: dict[str, str]
) -> None:
    git(root, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x", "--allow-empty", environ=environ)
    git(root, "worktree", "add", "-q", str(tmp_path / "second"), environ=environ)
    assert found(tmp_path / "second", environ).root == tmp_path / "second"
    (root / ".git").rename(tmp_path / "elsewhere")
    (root / ".git").symlink_to(tmp_path / "elsewhere")
    assert found(root, environ).root == root


def test_without_git_there_is_no_working_tree(root: Path, tmp_path: Path) -> None:
    assert worktree.find(root, {"PATH": str(tmp_path)}) is None


def test_a_repository_that_git_refuses_is_an_error_with_its_words(root: Path, environ: dict[str, str]) -> None:
    (root / ".git/config").write_text("not a config\n")
    with pytest.raises(FileProblem, match="git cannot tell its files: bad config line 1"):
        worktree.find(root, environ)
