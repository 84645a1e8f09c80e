"""Files of one name are found wherever they govern something, and nowhere else."""

from pathlib import Path

import pytest

from eyamlgpg.errors import FileProblem
from eyamlgpg.host.named import find_named, tree_root


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")


def test_files_are_found_from_the_root_downwards(tmp_path: Path) -> None:
    touch(*(tmp_path / place / "team" for place in ("b/deep/er", "", "b", "a")), tmp_path / "a" / "other")
    assert find_named(tmp_path, "team") == tuple(tmp_path / place / "team" for place in ("", "a", "b", "b/deep/er"))


def test_submodules_linked_folders_and_gits_own_are_passed_over(tmp_path: Path) -> None:
    tree, elsewhere = tmp_path / "tree", tmp_path / "elsewhere"
    touch(tree / "team", tree / ".git" / "team", tree / ".eyamlgpg" / "team", elsewhere / "team")
    touch(tree / "module" / ".git", tree / "module" / "team", tree / "module" / "sub" / "team")
    (tree / "link").symlink_to(elsewhere)
    assert find_named(tree, "team") == (tree / "team",)


def test_a_linked_file_is_found(tmp_path: Path) -> None:
    touch(tmp_path / "shared")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "team").symlink_to("../shared")
    assert find_named(tmp_path, "team") == (tmp_path / "a" / "team",)


def test_a_folder_that_cannot_be_listed_is_an_error(tmp_path: Path) -> None:
    """A recipients file in it would be missed without a word."""
    with pytest.raises(FileProblem, match=r"gone: cannot be read: No such file or directory$"):
        find_named(tmp_path / "gone", "team")


@pytest.mark.parametrize("mark", ["a folder", "a file"])
def test_the_root_of_a_tree_holds_dot_git(tmp_path: Path, mark: str) -> None:
    deep = tmp_path / "root" / "a" / "b"
    deep.mkdir(parents=True)
    if mark == "a folder":
        (tmp_path / "root" / ".git").mkdir()
    else:
        (tmp_path / "root" / ".git").write_text("gitdir: /elsewhere\n")
    assert tree_root(deep) == tmp_path / "root"


def test_without_git_a_folder_is_its_own_root(tmp_path: Path) -> None:
    assert tree_root(tmp_path) == tmp_path


@pytest.mark.parametrize(
    ("marks", "root"),
    [
        ((".eyamlgpg",), "."),
        (("a/.eyamlgpg",), "a"),
        ((".eyamlgpg", "a/.eyamlgpg"), "a"),
        ((".git", "a/.eyamlgpg"), "."),
        ((".eyamlgpg", "a/.git"), "a"),
        (("a/b/c/.eyamlgpg",), "a/b"),
    ],
)
def test_gits_root_comes_first_and_then_the_nearest_with_our_settings(
    tmp_path: Path, marks: tuple[str, ...], root: str
) -> None:
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    for mark in marks:
        (tmp_path / mark).mkdir()
    assert tree_root(tmp_path / "a" / "b") == tmp_path / root
