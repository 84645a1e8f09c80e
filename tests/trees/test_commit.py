"""A commit as a tree: what the working tree that was checked out from it tells, and nothing that stands there since."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo.commit import require_commit
from eyamlgpg.repo.git import Git
from eyamlgpg.trees.commit import CommitTree
from eyamlgpg.trees.working import WorkingTree
from tests.support.repository import Repository, start

FILES = {
    "a.eyaml": "a\n",
    "sub/b.eyaml": "b\n",
    "sub/deep/c.yaml": "c\n",
    "subject.eyaml": "s\n",
    ".eyamlgpg/policy.yaml": "version: 1\n",
}
LINKS = {
    "linked.eyaml": "sub/b.eyaml",
    "folder": "sub",
    "sub/up.eyaml": "../a.eyaml",
    "out.eyaml": "/etc/passwd",
    "above.eyaml": "../../x",
    "nowhere.eyaml": "gone",
    "circle": "circle",
    ".eyamlgpg/baseline.yaml": "policy.yaml",
}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = start(tmp_path / "tree")
    for path, text in FILES.items():
        made.write(path, text)
    for link, target in LINKS.items():
        (made.root / link).symlink_to(target)
    made.commit()
    return made


def git(repository: Repository) -> Git:
    return Git(repository.root, repository.environ)


@pytest.fixture
def tree(repository: Repository) -> Iterator[CommitTree]:
    made = CommitTree(git(repository), require_commit(git(repository), "HEAD"))
    yield made
    made.close()


@pytest.fixture
def working(repository: Repository) -> Iterator[WorkingTree]:
    made = WorkingTree(repository.root, git(repository))
    yield made
    made.close()


def test_it_tells_what_the_checked_out_tree_tells(tree: CommitTree, working: WorkingTree) -> None:
    assert set(tree.files()) == set(working.files()) == set(FILES)
    assert tree.links() == working.links()
    assert tree.folder_links() == working.folder_links() == {"folder": "sub"}
    assert tree.is_whole
    assert set(tree.chosen()) == {*working.chosen(), "folder"}
    for path in (*FILES, "linked.eyaml", "sub/up.eyaml", "folder/b.eyaml"):
        assert (tree.has(path), tree.read(path)) == (working.has(path), working.read(path))


@pytest.mark.parametrize(
    "path", ["out.eyaml", "above.eyaml", "nowhere.eyaml", "circle", ".eyamlgpg/baseline.yaml", "no"]
)
def test_what_the_working_tree_refuses_a_commit_refuses_too(tree: CommitTree, working: WorkingTree, path: str) -> None:
    assert tree.has(path) == working.has(path)
    for one in (tree, working):
        with pytest.raises(FileProblem, match=path.rpartition("/")[2]):
            one.read(path)


def test_what_stands_there_since_does_not_count(tree: CommitTree, repository: Repository) -> None:
    repository.write("a.eyaml", "new\n")
    repository.write("added.eyaml", "new\n")
    (repository.root / "sub/b.eyaml").unlink()
    repository.git("add", "-A")
    assert tree.read("a.eyaml") == b"a\n"
    assert tree.read("sub/b.eyaml") == b"b\n"
    assert not tree.has("added.eyaml")
    with pytest.raises(FileProblem, match="larger than 1 bytes"):
        tree.read("a.eyaml", limit=1)


def test_paths_narrow_what_is_chosen(repository: Repository) -> None:
    made = CommitTree(git(repository), require_commit(git(repository), "HEAD"), ["sub"])
    assert set(made.chosen()) == {"sub/b.eyaml", "sub/deep/c.yaml", "sub/up.eyaml"}
    assert (made.is_whole, made.covers("subject.eyaml"), made.is_named("sub/b.eyaml")) == (False, False, False)
    made = CommitTree(git(repository), require_commit(git(repository), "HEAD"), ["a.eyaml"])
    assert (made.chosen(), made.is_named("a.eyaml")) == (("a.eyaml",), True)
    made.close()


def test_the_parent_tells_where_a_path_led_before(repository: Repository) -> None:
    (repository.root / "linked.eyaml").unlink()
    (repository.root / "linked.eyaml").symlink_to("a.eyaml")
    repository.commit()
    made = CommitTree(git(repository), require_commit(git(repository), "HEAD"))
    first = CommitTree(git(repository), require_commit(git(repository), "HEAD^"))
    assert made.was_at("linked.eyaml") == "sub/b.eyaml"
    assert first.was_at("linked.eyaml") is None
    for one in (made, first):
        one.close()


def test_a_submodule_is_told_and_not_looked_into(repository: Repository, tmp_path: Path) -> None:
    other = start(tmp_path / "other")
    other.commit(a_eyaml="x\n")
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other.root), "modules/other")
    repository.commit()
    made = CommitTree(git(repository), require_commit(git(repository), "HEAD"))
    assert made.repositories() == ("modules/other",)
    assert not [path for path in made.files() if path.startswith("modules")]
    made.close()


@pytest.mark.parametrize("revision", ["no-such", "HEAD:a.eyaml", "--all", "", "-x"])
def test_what_names_no_commit_is_an_error_that_names_it(repository: Repository, revision: str) -> None:
    with pytest.raises(FileProblem, match="names no commit of this repository"):
        require_commit(git(repository), revision)
