"""What a repository or its user has set, and what files are called, changes nothing of what is read."""

import os
from pathlib import Path

import pytest

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo.blobs import Blobs
from eyamlgpg.repo.git import Git, find_repository, require_repository
from eyamlgpg.trees.index import IndexTree
from eyamlgpg.trees.working import WorkingTree
from tests.support.repository import Repository, start

STRANGE = (
    ("diff.orderFile", "/nonexistent"),
    ("diff.renames", "false"),
    ("diff.renameLimit", "1"),
    ("diff.ignoreSubmodules", "none"),
    ("diff.noprefix", "true"),
    ("diff.relative", "true"),
    ("diff.external", "/bin/false"),
    ("diff.submodule", "log"),
    ("color.ui", "always"),
    ("core.quotePath", "true"),
    ("core.untrackedCache", "true"),
    ("status.showUntrackedFiles", "no"),
    ("submodule.recurse", "true"),
)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = start(tmp_path / "control")
    long = "one\ntwo\nthree\nfour\n"
    made.commit(a_eyaml="one\n", b_eyaml=f"{long}b\n", c_eyaml=f"{long[::-1]}c\n", gone_eyaml="gone\n")
    made.git("mv", "b.eyaml", "ü b.eyaml")
    made.git("mv", "c.eyaml", "d.eyaml")
    made.write("ü b.eyaml", f"{long}new\n")
    made.write("d.eyaml", f"{long[::-1]}new\n")
    made.write("a.eyaml", "two\n")
    made.git("rm", "-q", "gone.eyaml")
    made.git("add", "-A")
    return made


def seen(repository: Repository) -> tuple[object, ...]:
    """What both trees tell: each chosen file with its content before and now, and what went."""
    git = Git(repository.root, repository.environ)
    told: list[object] = []
    for tree in (IndexTree(git), WorkingTree(git.root, git)):
        told.append({path: (tree.read(path), tree.before(path)) for path in tree.chosen()})
        told.append(sorted(tree.removed()))
        tree.close()
    return tuple(told)


@pytest.mark.parametrize(("name", "value"), STRANGE, ids=[name for name, _ in STRANGE])
def test_no_setting_changes_what_is_seen(repository: Repository, name: str, value: str) -> None:
    before = seen(repository)
    repository.git("config", name, value)
    assert seen(repository) == before
    assert before[1] == ["b.eyaml", "c.eyaml", "gone.eyaml"]


@pytest.mark.parametrize("name", ["HEAD", "--cached", "main", "-O"])
def test_a_file_at_the_root_may_be_called_like_a_word_of_git(repository: Repository, name: str) -> None:
    before = seen(repository)
    repository.write(name, "x\n")
    repository.git("add", "-A")
    after = seen(repository)
    content = {name: (b"x\n", None)}
    assert after == ({**content, **before[0]}, before[1], {**content, **before[2]}, before[3])  # type: ignore[dict-item]


def test_what_git_replaces_is_seen_as_it_will_be_pushed(repository: Repository) -> None:
    before = seen(repository)
    for path in ("a.eyaml", "d.eyaml"):
        harmless = repository.git("hash-object", "-w", "--stdin", stdin="harmless\n").strip()
        repository.git("replace", repository.git("rev-parse", f":{path}").strip(), harmless)
    repository.git("replace", repository.git("rev-parse", "HEAD:a.eyaml").strip(), harmless)
    assert seen(repository) == before


def test_links_whose_names_have_line_breaks_shift_no_answer(tmp_path: Path) -> None:
    repository = start(tmp_path / "control")
    repository.commit(a_eyaml="a\n", b_eyaml="b\n")
    names = ("one\ntwo.eyaml", "sub\n/x.eyaml")
    (repository.root / "sub\n").mkdir()
    for name, target in zip(names, ("a.eyaml", "../b.eyaml"), strict=True):
        (repository.root / name).symlink_to(target)
    repository.commit()
    for name in names:
        (repository.root / name).unlink()
        repository.write(name, "file\n")
    repository.write("a.eyaml", "changed\n")
    repository.git("add", "-A")
    wanted = {names[0]: (b"file\n", b"a\n"), names[1]: (b"file\n", b"b\n"), "a.eyaml": (b"changed\n", b"a\n")}
    staged, _, working, _ = seen(repository)
    assert (staged, working) == (wanted, {**wanted, "b.eyaml": (b"b\n", None)})


def test_an_object_that_git_does_not_have_is_an_error_and_the_next_one_is_read(repository: Repository) -> None:
    blobs = Blobs(Git(repository.root, repository.environ))
    there = repository.git("rev-parse", "HEAD:a.eyaml").strip()
    with pytest.raises(FileProblem, match="^git has no object 0000"):
        blobs.read("0" * 40)
    assert blobs.read(there) == b"one\n"
    blobs.close()


def test_a_large_object_is_refused_unread_and_the_next_one_is_read(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository.root / "b.eyaml").write_text("x" * 1000)
    repository.git("add", "-A")
    small, large = (repository.git("rev-parse", f":{name}").strip() for name in ("a.eyaml", "b.eyaml"))
    monkeypatch.setattr("eyamlgpg.repo.blobs.FILE", 100)
    blobs = Blobs(Git(repository.root, repository.environ))
    with pytest.raises(FileProblem, match="^the object .* of git: is larger than"):
        blobs.read(large)
    assert blobs.read(small) == b"two\n"
    blobs.close()


@pytest.mark.parametrize(
    "answer",
    ["{id} ambiguous", "", "{id} blob", "{id} blob many", "0123 blob 3\nabc", "{id} blob 10\nabc"],
)
def test_an_answer_that_is_none_is_an_error(repository: Repository, tmp_path: Path, answer: str) -> None:
    """A dead git, or one that says something else."""
    one = "a" * 40
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "git"
    program.write_text(f"#!/bin/sh\nread asked\ncat <<'END'\n{answer.format(id=one)}\nEND\n")
    program.chmod(0o755)
    blobs = Blobs(Git(repository.root, {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}))
    for _ in range(2):
        with pytest.raises(FileProblem, match=f"^git cat-file failed for object {one}$"):
            blobs.read(one)
    blobs.close()


def test_a_repository_of_somebody_else_is_an_error_and_not_no_repository(repository: Repository) -> None:
    environ = {**repository.environ, "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    for ask in (find_repository, require_repository):
        with pytest.raises(FileProblem) as raised:
            ask(repository.root, environ)
        assert raised.value.sentence.startswith(f"{repository.root}: git cannot tell its files: detected dubious owner")
        assert f"git config --global --add safe.directory {repository.root}" in raised.value.hints


def test_a_git_that_cannot_be_run_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "git").write_text("no program\n")
    (tmp_path / "git").chmod(0o644)
    with pytest.raises(FileProblem, match=r"^git cannot be run: Permission denied"):
        find_repository(tmp_path, {"PATH": str(tmp_path)})
