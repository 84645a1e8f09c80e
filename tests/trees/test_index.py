"""What is staged is read as git will commit it, whatever the working tree holds meanwhile."""

import sys
from pathlib import Path

import pytest

from eyamlgpg.errors import EyamlgpgError, FileProblem
from eyamlgpg.repo.git import Git, find_repository, require_repository
from eyamlgpg.trees.index import IndexTree
from tests.support.repository import Repository, start


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = start(tmp_path / "control")
    made.commit(a_eyaml="one\n", b_eyaml="one\ntwo\nthree\nfour\nfive\n")
    return made


def seen(repository: Repository, *paths: str) -> dict[str, tuple[bytes, bytes | None]]:
    """Of each chosen file: its content as staged, and what the last commit has in its place."""
    tree = IndexTree(Git(repository.root, repository.environ), paths)
    try:
        return {path: (tree.read(path), tree.before(path)) for path in tree.chosen()}
    finally:
        tree.close()


def test_nothing_staged_is_nothing_to_look_at(repository: Repository) -> None:
    repository.write("a.eyaml", "changed\n")
    repository.write("new.eyaml", "new\n")
    assert seen(repository) == {}


def test_a_partly_staged_file_is_read_as_staged(repository: Repository) -> None:
    repository.write("a.eyaml", "staged\n")
    repository.git("add", "a.eyaml")
    repository.write("a.eyaml", "later\n")
    assert seen(repository) == {"a.eyaml": (b"staged\n", b"one\n")}


def test_a_renamed_file_is_compared_with_its_old_name(repository: Repository) -> None:
    repository.git("mv", "b.eyaml", "c.eyaml")
    repository.write("c.eyaml", "one\ntwo\nthree\nfour\nsix\n")
    repository.git("add", "c.eyaml")
    assert seen(repository) == {"c.eyaml": (b"one\ntwo\nthree\nfour\nsix\n", b"one\ntwo\nthree\nfour\nfive\n")}


def test_a_deleted_file_and_a_submodule_hold_no_values(repository: Repository, tmp_path: Path) -> None:
    other = start(tmp_path / "other")
    other.commit(x_eyaml="x\n")
    repository.git("rm", "-q", "a.eyaml")
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other.root), "module")
    repository.git("add", "-A")
    assert list(seen(repository)) == [".gitmodules"]


def test_the_first_commit_has_everything_to_look_at(tmp_path: Path) -> None:
    repository = start(tmp_path / "fresh")
    repository.write("ü y.eyaml", "new\n")
    repository.git("add", "-A")
    assert seen(repository) == {"ü y.eyaml": (b"new\n", None)}


def test_a_merge_is_compared_with_the_branch_that_it_goes_into(repository: Repository) -> None:
    repository.git("switch", "-qc", "side")
    repository.commit(a_eyaml="side\n")
    repository.git("switch", "-q", "main")
    repository.commit(b_eyaml="main\n")
    repository.git("merge", "-q", "--no-ff", "--no-commit", "side")
    assert seen(repository) == {"a.eyaml": (b"side\n", b"one\n")}


def test_a_merge_with_conflicts_leaves_the_unmerged_files_out(repository: Repository) -> None:
    repository.git("switch", "-qc", "side")
    repository.commit(a_eyaml="side\n")
    repository.git("switch", "-q", "main")
    repository.commit(a_eyaml="main\n")
    assert repository.tried("merge", "-q", "side").returncode == 1
    assert seen(repository) == {}


def test_paths_narrow_what_is_looked_at(repository: Repository) -> None:
    repository.write("sub/c.eyaml", "c\n")
    repository.write("subject.eyaml", "s\n")
    repository.git("add", "-A")
    assert list(seen(repository, "sub")) == ["sub/c.eyaml"]
    assert list(seen(repository, ".")) == ["sub/c.eyaml", "subject.eyaml"]


@pytest.mark.parametrize("words", [("-a",), ("--only", "a.eyaml")])
def test_a_hook_reads_the_index_that_git_names(repository: Repository, words: tuple[str, ...]) -> None:
    """`commit -a` and `commit FILE` make an index of their own."""
    report = repository.root / ".git" / "report"
    hook = repository.root / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        "#!/bin/sh\n"
        'echo "${GIT_INDEX_FILE##*/}" > .git/index-file\n'
        f"exec {sys.executable} - <<'END' > {report}\n"
        "import os\nfrom pathlib import Path\nfrom eyamlgpg.repo.git import Git\n"
        "from eyamlgpg.trees.index import IndexTree\n"
        "tree = IndexTree(Git(Path.cwd(), os.environ))\n"
        "print([(path, tree.read(path)) for path in tree.chosen()])\ntree.close()\nEND\n"
    )
    hook.chmod(0o755)
    repository.write("a.eyaml", "changed\n")
    repository.git("commit", "-qm", "x", *words)
    assert report.read_text() == "[('a.eyaml', b'changed\\n')]\n"
    assert (repository.root / ".git" / "index-file").read_text() != "index\n"


def test_a_recipients_file_that_is_not_tracked_is_read_from_the_working_tree(repository: Repository) -> None:
    repository.write("loose", "here\n")
    tree = IndexTree(Git(repository.root, repository.environ))
    assert (tree.has("loose"), tree.read("loose"), tree.has("a.eyaml"), tree.has("none")) == (
        True,
        b"here\n",
        True,
        False,
    )
    with pytest.raises(FileProblem, match="none: cannot be read"):
        tree.read("none")
    tree.close()


def test_settings_that_are_not_staged_are_not_there_and_are_told(repository: Repository) -> None:
    repository.write(".eyamlgpg/policy.yaml", "tracked\n")
    repository.write(".eyamlgpg/gone.yaml", "tracked\n")
    repository.write(".gitignore", "*.asc\n")
    repository.commit()
    repository.write(".eyamlgpg/policy.yaml", "later\n")
    repository.write(".eyamlgpg/baseline.yaml", "untracked\n")
    repository.write(".eyamlgpg/keys/ignored.asc", "ignored\n")
    repository.git("rm", "-q", "--cached", ".eyamlgpg/gone.yaml")
    loose = (".eyamlgpg/baseline.yaml", ".eyamlgpg/gone.yaml", ".eyamlgpg/keys/ignored.asc")
    tree = IndexTree(Git(repository.root, repository.environ))
    assert (tree.uncounted(), tree.read(".eyamlgpg/policy.yaml")) == (loose, b"tracked\n")
    assert [(tree.has(path), tree.is_loose(path)) for path in loose] == [(False, False)] * 3
    for path in loose:
        with pytest.raises(FileProblem, match="cannot be read: the next commit does not have it"):
            tree.read(path)
    tree.close()


def test_files_links_and_folders_of_either_commit_are_known(repository: Repository) -> None:
    (repository.root / "link").symlink_to("a.eyaml")
    repository.write("sub/c.eyaml", "c\n")
    repository.git("add", "-A")
    repository.git("rm", "-q", "b.eyaml")
    repository.write("untracked", "x\n")
    tree = IndexTree(Git(repository.root, repository.environ))
    asked = (".", "a.eyaml", "b.eyaml", "link", "sub", "sub/c.eyaml", "su", "untracked", "none")
    assert [path for path in asked if not tree.knows(path)] == ["su", "untracked", "none"]
    tree.close()


def test_outside_of_a_repository_there_is_none(tmp_path: Path) -> None:
    assert find_repository(tmp_path, {"PATH": "/usr/bin:/bin", "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}) is None
    with pytest.raises(EyamlgpgError, match="is in no git repository"):
        require_repository(tmp_path, {"PATH": ""})
