"""What stands below a folder without git, and where links lead."""

import os
from pathlib import Path

import pytest

from eyamlgpg.trees.walk import Settled, list_files, settle


def write(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("a: 1\n")
    return path


def test_every_file_is_found_in_order_and_the_tools_own_folder_holds_no_data(tmp_path: Path) -> None:
    for name in (
        "b/c.yaml",
        "b/a.yaml",
        "a.eyaml",
        ".git/config",
        ".eyamlgpg/policy.yaml",
        "b/.eyamlgpg/x",
        ".hidden/y",
    ):
        write(tmp_path / name)
    found = [str(path.relative_to(tmp_path)) for path in list_files(tmp_path).files]
    assert found == ["a.eyaml", ".eyamlgpg/policy.yaml", ".hidden/y", "b/a.yaml", "b/c.yaml", "b/.eyamlgpg/x"]
    data = [str(place) for place, _ in settle(list_files(tmp_path).files, tmp_path, tmp_path).files]
    assert data == ["a.eyaml", ".hidden/y", "b/a.yaml", "b/c.yaml"]


def test_a_repository_inside_is_left_out_and_a_linked_folder_is_not_looked_into(tmp_path: Path) -> None:
    write(tmp_path / "tree/own.eyaml")
    write(tmp_path / "tree/inner/.git/config")
    write(tmp_path / "tree/inner/x.eyaml")
    write(tmp_path / "tree/submodule/x.eyaml")
    (tmp_path / "tree/submodule/.git").write_text("gitdir: elsewhere\n")
    (tmp_path / "tree/linked").symlink_to(tmp_path)
    found = list_files(tmp_path / "tree")
    assert found.files == (tmp_path / "tree/linked", tmp_path / "tree/own.eyaml")
    assert found.repositories == (tmp_path / "tree/inner", tmp_path / "tree/submodule")


def test_pipes_and_sockets_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.eyaml")
    assert list_files(tmp_path).files == ()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    assert list_files(tmp_path).unreadable == ((closed, "Permission denied"),)


def test_links_are_settled_by_where_they_lead(tmp_path: Path) -> None:
    root = tmp_path / "tree"
    inside, outside = write(root / "data/a.eyaml"), write(tmp_path / "b.eyaml")
    links = {"in": inside, "out": outside, "nowhere": Path("gone"), "folder": tmp_path}
    for name, target in links.items():
        (root / "data" / name).symlink_to(target)
    candidates = sorted((root / "data").iterdir())
    assert settle(candidates, root / "data", root) == Settled(
        files=((Path("a.eyaml"), inside), (Path("in"), inside)), leaving=(Path("nowhere"), Path("out"))
    )


def test_a_link_to_another_part_of_the_tree_stays_in_it(tmp_path: Path) -> None:
    target = write(tmp_path / "other/a.eyaml")
    (tmp_path / "data").mkdir()
    link = tmp_path / "data/a.eyaml"
    link.symlink_to(target)
    assert settle([link], tmp_path / "data", tmp_path).files == ((Path("a.eyaml"), target),)
    assert settle([link], tmp_path / "data", tmp_path / "data").leaving == (Path("a.eyaml"),)
