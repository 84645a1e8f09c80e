"""Files of one name are found wherever they govern something, and nowhere else."""

import os
from pathlib import Path

import pytest

from eyamlgpg.errors import FileProblem
from eyamlgpg.trees.around import Trees


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")


def test_files_are_found_from_the_root_downwards(tmp_path: Path) -> None:
    touch(*(tmp_path / place / "team" for place in ("b/deep/er", "", "b", "a")), tmp_path / "a" / "other")
    assert Trees({}).named(tmp_path, "team") == tuple(
        tmp_path / place / "team" for place in ("", "a", "b", "b/deep/er")
    )


def test_submodules_linked_folders_and_gits_own_are_passed_over(tmp_path: Path) -> None:
    tree, elsewhere = tmp_path / "tree", tmp_path / "elsewhere"
    touch(tree / "team", tree / ".git" / "team", tree / ".eyamlgpg" / "team", elsewhere / "team")
    touch(tree / "module" / ".git", tree / "module" / "team", tree / "module" / "sub" / "team")
    (tree / "link").symlink_to(elsewhere)
    assert Trees({}).named(tree, "team") == (tree / "team",)


def test_a_linked_file_is_found(tmp_path: Path) -> None:
    touch(tmp_path / "shared")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "team").symlink_to("../shared")
    assert Trees({}).named(tmp_path, "team") == (tmp_path / "a" / "team",)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_cannot_be_listed_is_an_error(tmp_path: Path) -> None:
    """A recipients file in it would be missed without a word."""
    (tmp_path / "closed").mkdir(mode=0)
    with pytest.raises(FileProblem, match=r"closed: cannot be read: Permission denied$"):
        Trees({}).named(tmp_path, "team")


def test_a_link_that_leads_out_of_the_tree_is_found(tmp_path: Path) -> None:
    """Whoever changes all lists has to be told of it."""
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "team").symlink_to("../elsewhere")
    assert Trees({}).named(tmp_path / "tree", "team") == (tmp_path / "tree" / "team",)


def test_what_was_made_while_a_lock_was_awaited_is_seen(tmp_path: Path) -> None:
    trees = Trees({})
    assert trees.named(tmp_path, "team") == ()
    touch(tmp_path / "a" / "team")
    with trees.locked([tmp_path]):
        assert trees.named(tmp_path, "team") == (tmp_path / "a" / "team",)
