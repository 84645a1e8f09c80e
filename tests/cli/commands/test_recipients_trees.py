"""`eyamlgpg recipients` where a recipients file has several names, or stands above or outside of the repository."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.commands import Desk

R = "hiera-eyaml-gpg.recipients"


@pytest.fixture
def desk(home: Callable[[str], Path], tmp_path: Path) -> Desk:
    """Alice at a repository for her and Bob, with a value at the top."""
    made = Desk(home("alice"), tmp_path / "tree")
    made.governs(".", "alice", "bob")
    git(made.folder)
    value(made, "top.eyaml")
    return made


def git(folder: Path) -> None:
    subprocess.run(["git", "init", "-q", str(folder)], check=True)


def value(desk: Desk, name: str) -> Path:
    """A file with a value for Alice and Bob."""
    return desk.write(name, f"a: {desk.values(['x'], 'alice', 'bob')[0]}\n")


def linked(desk: Desk, *folders: str) -> None:
    for folder in folders:
        (desk.folder / folder).mkdir()
        (desk.folder / folder / R).symlink_to(f"../{R}")
        value(desk, f"{folder}/a.eyaml")


def left_to_do(desk: Desk, *paths: str) -> str:
    return desk.run("recrypt", "--check", *paths).stdout


@pytest.mark.parametrize("words", [(), ("--everywhere",)], ids=["one", "everywhere"])
@pytest.mark.parametrize("where", [".", "sub"])
def test_a_folder_whose_list_is_a_link_to_the_changed_one_is_re_encrypted(
    desk: Desk, words: tuple[str, ...], where: str
) -> None:
    linked(desk, "sub", "other")
    at = Desk(desk.home, desk.folder / where)
    ran = at.run("recipients", "remove", "bob", "-y", *words)
    assert (ran.status, "stay listed" in ran.stderr) == (0, False)
    assert "3 values in 3 files re-encrypted, 0 in line already" in ran.stderr
    assert left_to_do(desk) == "3 values in 3 files in line, nothing is due\n"
    assert (desk.folder / "sub" / R).is_symlink()


def test_a_dry_run_knows_of_the_linked_folders(desk: Desk) -> None:
    linked(desk, "sub")
    ran = desk.run("recipients", "remove", "bob", "--dry-run")
    assert (ran.status, ran.stdout.splitlines()[-1]) == (0, "2 of 2 values in 2 of 2 files are due")


def test_without_git_a_linked_list_is_one_list_from_the_folder_around_both(desk: Desk) -> None:
    linked(desk, "sub")
    (desk.folder / ".git").rename(desk.folder.parent / "no.git")
    assert desk.run("recipients", "remove", "bob", "-y", "--everywhere").status == 0
    assert left_to_do(desk) == "2 values in 2 files in line, nothing is due\n"


@pytest.mark.parametrize("words", [("remove", "bob", "-y"), ("add", "carol@example.com"), ("pin",)], ids=lambda w: w[0])
def test_a_list_that_is_a_link_out_of_the_tree_is_not_written_through(desk: Desk, words: tuple[str, ...]) -> None:
    outside = desk.folder.parent / "shared"
    outside.write_text("alice@example.com\nbob@example.com\n")
    (desk.folder / R).unlink()
    (desk.folder / R).symlink_to("../shared")
    before = (desk.folder / "top.eyaml").read_bytes()
    ran = desk.run("recipients", *words)
    assert ran.status == 3
    assert f"eyamlgpg: {R}: is a link out of the tree, to {outside}; nothing was changed\n" in ran.stderr
    assert outside.read_text() == "alice@example.com\nbob@example.com\n"
    assert (desk.folder / "top.eyaml").read_bytes() == before


def test_a_list_above_the_repository_re_encrypts_the_repository_that_one_stands_in_and_names_the_others(
    desk: Desk,
) -> None:
    (desk.folder / ".git").rename(desk.folder.parent / "no.git")
    for name in ("repo", "other"):
        git(desk.folder / name)
        value(desk, f"{name}/a.eyaml")
    inside = Desk(desk.home, desk.folder / "repo")
    ran = inside.run("recipients", "remove", "bob", "-y")
    assert ran.status == 0
    assert f"{desk.folder}/other: is a repository of its own, and passed over; for it: eyamlgpg recrypt " in ran.stderr
    assert f"{desk.folder}/repo: is a repository" not in ran.stderr
    assert "2 values in 2 files re-encrypted, 0 in line already" in ran.stderr
    assert left_to_do(desk, "repo", ".") == "2 values in 2 files in line, nothing is due\n"
    assert left_to_do(desk, "other").endswith("1 of 1 value in 1 of 1 file are due\n")


@pytest.mark.parametrize("with_git", [True, False], ids=["git", "no-git"])
@pytest.mark.parametrize("command", ["recrypt", "who"])
def test_repositories_that_are_passed_over_are_named(desk: Desk, command: str, with_git: bool) -> None:
    if not with_git:
        (desk.folder / ".git").rename(desk.folder.parent / "no.git")
    git(desk.folder / "inner")
    ran = desk.run(command)
    sentence = f"inner: is a repository of its own, and passed over; for it: eyamlgpg {command} inner"
    assert ran.stderr.startswith(f"eyamlgpg: warning: {sentence}\n")
    assert "passed over" not in desk.run(command, ".", "inner").stderr


def test_a_repository_below_that_the_changed_list_governs_is_named_and_one_with_its_own_is_not(desk: Desk) -> None:
    for name in ("inner", "own"):
        git(desk.folder / name)
        value(desk, f"{name}/a.eyaml")
    desk.governs("own", "alice")
    ran = desk.run("recipients", "remove", "bob", "-y")
    assert ran.status == 0
    assert [line for line in ran.stderr.splitlines() if "passed over" in line] == [
        "eyamlgpg: warning: inner: is a repository of its own, and passed over; for it: eyamlgpg recrypt inner"
    ]


@pytest.mark.parametrize("kind", ["untracked", "tracked", "listed-only", "no-git"])
@pytest.mark.parametrize("words", [("recrypt",), ("recipients", "remove", "bob", "-y")], ids=lambda words: words[0])
def test_a_folder_that_is_closed_to_us_is_named_and_all_else_is_done(
    desk: Desk, words: tuple[str, ...], kind: str
) -> None:
    value(desk, "closed/a.eyaml")
    if words == ("recrypt",):
        desk.governs(".", "alice")
    if kind == "no-git":
        (desk.folder / ".git").rename(desk.folder.parent / "no.git")
    elif kind == "tracked":
        subprocess.run(["git", "add", "closed"], cwd=desk.folder, check=True)
    (desk.folder / "closed").chmod(0o444 if kind == "listed-only" else 0)
    try:
        ran = ordinarily(desk, *words)
    finally:
        (desk.folder / "closed").chmod(0o755)
    assert ran.returncode == 3
    assert "eyamlgpg: closed: cannot be read: Permission denied\n" in ran.stderr
    assert "1 value in 1 file re-encrypted, 0 in line already\n" in ran.stderr


def ordinarily(desk: Desk, *words: str) -> "subprocess.CompletedProcess[str]":
    """A run without root's right to look into every folder."""
    rights = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    argv = [*rights, *desk.argv(*words)]
    return subprocess.run(argv, cwd=desk.folder, env=desk.environ, capture_output=True, text=True, check=False)
