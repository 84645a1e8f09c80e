"""`check` where git is missing, refuses to look, or keeps a part of the tree away; and named paths that are odd."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.controlled import CLEAR, GOOD, RECIPIENTS, control_repository, found
from tests.support.repository import Repository
from tests.support.tool import Tool

HARMLESS = "version: 1\nclear_text:\n  harmless: ['db::*']\n"


@pytest.fixture
def repository(tmp_path: Path, home: Callable[[str], Path]) -> Repository:
    return control_repository(tmp_path / "control", home("alice"))


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A tree without git."""
    for path in ("tree/hd/a/x.eyaml", "tree/hd/b/x.eyaml"):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(CLEAR)
    return tmp_path / "tree"


@pytest.mark.parametrize("words", [(), ("--staged",)])
def test_a_repository_of_somebody_else_is_an_error_that_says_what_to_do(
    tool: Tool, repository: Repository, words: tuple[str, ...]
) -> None:
    environ = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    ran = tool("check", *words, home=repository.home, cwd=repository.root, environ=environ)
    assert (ran.status, ran.out) == (3, b"")
    assert "detected dubious ownership" in ran.err
    assert f"git config --global --add safe.directory {repository.root}" in ran.err


def test_without_git_the_paths_may_stand_in_several_folders(tool: Tool, plain: Path) -> None:
    ran = tool("check", "hd/a/x.eyaml", "hd/b/x.eyaml", cwd=plain)
    assert (ran.status, ran.out.count(b"[plaintext-key-name]")) == (1, 2)
    assert f"eyamlgpg: paths are told from {plain / 'hd'}\n" in ran.err


@pytest.mark.parametrize("words", [("hd/a/x.eyaml",), ("hd/a", "hd/b/x.eyaml"), ("hd",), ()])
def test_without_git_the_settings_are_those_of_the_nearest_folder_upwards(
    tool: Tool, plain: Path, words: tuple[str, ...]
) -> None:
    assert tool("check", *words, cwd=plain).status == 1
    (plain / ".eyamlgpg").mkdir()
    (plain / ".eyamlgpg/policy.yaml").write_text(HARMLESS)
    assert tool("check", *words, cwd=plain).status == 0
    assert tool("check", cwd=plain / "hd/a").status == 0


def test_without_git_a_path_outside_of_the_settings_tree_widens_it(tool: Tool, plain: Path) -> None:
    (plain / "hd/a/.eyamlgpg").mkdir()
    (plain / "hd/a/.eyamlgpg/policy.yaml").write_text(HARMLESS)
    assert tool("check", "hd/a/x.eyaml", cwd=plain).status == 0
    assert tool("check", "hd/a/x.eyaml", "hd/b/x.eyaml", cwd=plain).out.count(b"[plaintext-key-name]") == 2


@pytest.mark.parametrize("name", ["pipe.eyaml", "pipe", ".eyamlgpg/pipe"])
@pytest.mark.parametrize("has_git", [True, False])
def test_a_named_pipe_is_not_waited_for(tool: Tool, tmp_path: Path, name: str, has_git: bool) -> None:
    root = control_repository(tmp_path / "control", tmp_path / "none").root
    if not has_git:
        (root / ".git").rename(tmp_path / "git")
    (root / name).parent.mkdir(exist_ok=True)
    os.mkfifo(root / name)
    ran = tool("check", name, cwd=root)
    assert (ran.status, ran.err.splitlines()[0]) == (3, f"eyamlgpg: {name}: is a pipe or a device, not a file")


@pytest.mark.parametrize("words", [(), ("--staged",)])
def test_a_link_to_a_pipe_in_the_place_of_a_list_is_not_waited_for(
    tool: Tool, repository: Repository, words: tuple[str, ...]
) -> None:
    os.mkfifo(repository.root / "pipe")
    (repository.root / "other").mkdir()
    (repository.root / "other/hiera-eyaml-gpg.recipients").symlink_to("../pipe")
    repository.write("other/a.eyaml", f"app::pepper: {GOOD}\n")
    repository.git("add", "other/a.eyaml")
    ran = tool("check", *words, home=repository.home, cwd=repository.root)
    assert (ran.status, "other/hiera-eyaml-gpg.recipients: is no plain file" in ran.err) == (3, True)


def test_a_sparse_checkout_is_judged_by_the_lists_and_settings_that_it_leaves_out(
    tool: Tool, repository: Repository
) -> None:
    repository.write(".eyamlgpg/policy.yaml", HARMLESS)
    repository.write("hieradata/plain.yaml", CLEAR)
    repository.write("left/out.eyaml", "db2::password: Rosinenbrot7\n")
    repository.commit()
    repository.git("sparse-checkout", "set", "--no-cone", "/hieradata/common.eyaml", "/hieradata/plain.yaml")
    assert sorted(path.name for path in (repository.root / "hieradata").iterdir()) == ["common.eyaml", "plain.yaml"]
    assert found(tool, repository) == []
    assert found(tool, repository, "--staged") == []


def test_what_a_sparse_checkout_leaves_out_is_read_as_it_stands_where_somebody_puts_it_there(
    tool: Tool, repository: Repository
) -> None:
    repository.git("update-index", "--skip-worktree", "hieradata/hiera-eyaml-gpg.recipients")
    repository.write("hieradata/hiera-eyaml-gpg.recipients", "".join(RECIPIENTS.splitlines(keepends=True)[1:]))
    assert ("access-unexpected", "hieradata/common.eyaml", 2) in found(tool, repository)
    (repository.root / "hieradata/hiera-eyaml-gpg.recipients").unlink()
    assert found(tool, repository) == []


def test_an_entry_for_a_file_that_the_whole_tree_passes_over_is_kept_until_the_file_goes(
    tool: Tool, repository: Repository
) -> None:
    path = repository.write("docker-compose.yml", "services:\n  db:\n    password: Rosinenbrot7\n")
    repository.commit()
    ran = tool("check", "--update-baseline", "docker-compose.yml", home=repository.home, cwd=repository.root)
    assert ran.status == 0
    assert [found(tool, repository, *words) for words in ((), (".",), ("docker-compose.yml",))] == [[], [], []]
    stale = [("exception-stale", ".eyamlgpg/baseline.yaml", 4)]
    path.write_text("services: {}\n")
    assert [found(tool, repository, *words) for words in ((), ("docker-compose.yml",))] == [[], stale]
    path.unlink()
    assert found(tool, repository) == stale
