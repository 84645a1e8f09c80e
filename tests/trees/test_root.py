"""Where a tree begins."""

from pathlib import Path

import pytest

from eyamlgpg.trees.root import tree_root


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
