"""Paths that lead nowhere or in a circle, are too long, or may not be looked at, are problems with a name."""

import os
import pwd
from collections.abc import Callable
from pathlib import Path

import pytest

from eyamlgpg.errors import FileProblem
from eyamlgpg.host import paths
from tests.support.ordinary import as_ordinary_user

LONG = "x" * 300


def refused(look: Callable[[Path], object], path: Path) -> str:
    with pytest.raises(FileProblem) as caught:
        look(path)
    return caught.value.sentence.removeprefix(f"{path}: ")


@pytest.fixture
def circle(tmp_path: Path) -> Path:
    (tmp_path / "one").symlink_to("other")
    (tmp_path / "other").symlink_to("one")
    return tmp_path / "one"


@pytest.mark.parametrize("look", [paths.exists, paths.is_folder, paths.is_file])
def test_what_cannot_be_looked_at_is_told(look: Callable[[Path], bool], circle: Path) -> None:
    assert refused(look, circle) == "cannot be looked at: Too many levels of symbolic links"
    assert refused(look, circle.parent / LONG) == "cannot be looked at: File name too long"
    assert refused(look, Path("a\0b")) == "is no path"
    assert refused(look, Path("a\ud800b")) == "is no path"


def test_a_folder_that_may_not_be_searched_is_told(tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(0)
    program = (
        f"from pathlib import Path; from eyamlgpg.host import paths; paths.exists(Path({str(tmp_path)!r}, 'shut/x'))"
    )
    assert as_ordinary_user("-c", program, cwd=tmp_path).stderr.splitlines()[-1] == (
        f"eyamlgpg.errors.FileProblem: {tmp_path}/shut/x: cannot be looked at: Permission denied"
    )


def test_files_folders_and_nothing_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "dangling").symlink_to("nowhere")
    seen = [
        (paths.exists(path), paths.is_folder(path), paths.is_file(path))
        for path in (tmp_path, tmp_path / "file", tmp_path / "link", tmp_path / "dangling", tmp_path / "file" / "x")
    ]
    assert seen == [(True, True, False), (True, False, True), (True, False, True), (False,) * 3, (False,) * 3]


def test_a_circle_of_links_has_no_real_path(circle: Path) -> None:
    assert refused(paths.real, circle) == "its links lead in a circle"
    assert paths.real(circle.parent / "none" / "..") == circle.parent.resolve()


def test_a_working_directory_that_was_removed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    with monkeypatch.context() as here:
        here.chdir(gone)
        assert paths.working_folder() == gone
        gone.rmdir()
        with pytest.raises(FileProblem, match=r"\Athe working directory: cannot be looked at: No such file or direct"):
            paths.working_folder()


def test_a_tilde_is_the_home_of_whom_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    me = pwd.getpwuid(os.getuid())
    assert [paths.from_home(text) for text in ("~/a", f"~{me.pw_name}/a", "a/~")] == [
        Path("/home/me/a"),
        Path(me.pw_dir, "a"),
        Path("a/~"),
    ]
    with pytest.raises(FileProblem, match=r"\A~nosuch/x: there is no such user\Z"):
        paths.from_home("~nosuch/x")


def test_a_tilde_without_a_home_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither HOME nor an entry for the user ID: containers have such users."""
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(pwd, "getpwuid", lambda _: (_ for _ in ()).throw(KeyError()))
    with pytest.raises(FileProblem, match=r"\A~/x: HOME is not set, and this user has no home\Z"):
        paths.from_home("~/x")


def test_a_link_leads_out_if_it_leaves_the_tree_or_leads_to_a_further_link(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "folder").mkdir(parents=True)
    (root / "plain").touch()
    (tmp_path / "outside").touch()
    (root / "folder" / "up").symlink_to("../plain")
    (root / "out").symlink_to("../outside")
    (root / "twice").symlink_to("folder/up")
    (root / "away").symlink_to(tmp_path, target_is_directory=True)
    led = {name: paths.leads_out(root / name, root) for name in ("plain", "none", "folder/up", "out", "twice")}
    assert led == {"plain": False, "none": False, "folder/up": False, "out": True, "twice": True}
    assert paths.leads_out(root / "away" / "outside", root)
