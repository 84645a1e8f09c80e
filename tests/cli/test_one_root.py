"""A tree has one root, also where only `.eyamlgpg` marks it, and from a subfolder every command reaches all of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from eyamlgpg.trees.around import Trees
from tests.support.commands import Desk
from tests.support.keyrings import known

R = "hiera-eyaml-gpg.recipients"


@pytest.fixture
def desk(home: Callable[[str], Path], tmp_path: Path) -> Desk:
    """Alice in one subfolder of a tree for her and Bob, which has lists at its root, there and beside it."""
    made = Desk(home("alice"), tmp_path / "tree")
    for folder in (".", "mine", "beside"):
        made.governs(folder, "alice", "bob")
        made.write(f"{folder}/a.eyaml", f"a: {made.values(['x'], 'alice', 'bob')[0]}\n")
    (made.folder / ".eyamlgpg").mkdir()
    return Desk(made.home, made.folder / "mine")


def lists_with_bob(desk: Desk) -> list[str]:
    root = desk.folder.parent
    return [str(path.relative_to(root)) for path in root.rglob(R) if known("bob").fingerprint in path.read_text()]


def test_a_leaver_is_taken_out_of_every_list_from_a_subfolder(desk: Desk) -> None:
    ran = desk.run("recipients", "remove", "bob", "--everywhere", "-y")
    assert (ran.status, lists_with_bob(desk)) == (0, [])
    assert "3 values in 3 files re-encrypted" in ran.stderr


def test_where_a_leaver_stays_listed_is_told_from_a_subfolder(desk: Desk) -> None:
    ran = desk.run("recipients", "remove", "bob", "-y")
    assert ran.status == 0
    assert sorted(lists_with_bob(desk)) == ["beside/" + R, R]
    assert f"they stay listed in ../{R}, ../beside/{R}" in ran.stderr.replace(str(desk.folder.parent), "..")


def test_a_link_within_the_tree_is_followed_from_a_subfolder(desk: Desk) -> None:
    (desk.folder / "linked.eyaml").symlink_to("../beside/a.eyaml")
    ran = desk.run("who", "--person", "bob")
    assert (ran.status, "leads out of the tree" in ran.stderr) == (0, False)
    assert "linked.eyaml" in ran.stdout


def test_two_runs_in_two_subfolders_share_the_lock_of_the_tree(desk: Desk) -> None:
    assert {Trees({}).root(desk.folder), Trees({}).root(desk.folder.parent / "beside")} == {desk.folder.parent}
