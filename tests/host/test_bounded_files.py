"""Files from others are read with a bound, and no link leads anywhere."""

import os
from pathlib import Path

import pytest

from eyamlgpg.errors import FileProblem
from eyamlgpg.host.bounded_files import BoundedDiskFiles

FILES = BoundedDiskFiles()


def refused(path: Path, *, follow_link: bool = False) -> str:
    with pytest.raises(FileProblem) as caught:
        FILES.read_bounded(path, 10, follow_link=follow_link)
    return caught.value.sentence.removeprefix(f"{path}: ")


def test_the_names_of_a_folder_are_sorted_and_a_missing_one_has_none(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / name).touch()
    assert FILES.names(tmp_path) == ("a", "b")
    assert FILES.names(tmp_path / "none") == ()
    assert FILES.names(tmp_path / "a" / "below-a-file") == ()


def test_a_link_and_a_file_are_no_folders(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there")
    (tmp_path / "file").touch()
    with pytest.raises(FileProblem, match=r"link: is a symbolic link, which is not followed here\Z"):
        FILES.names(tmp_path / "link")
    with pytest.raises(FileProblem, match=r"file: cannot be looked into: Not a directory\Z"):
        FILES.names(tmp_path / "file")


def test_a_file_is_read_up_to_its_bound(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x" * 10)
    assert FILES.read_bounded(file, 10, follow_link=False) == b"x" * 10
    file.write_bytes(b"x" * 11)
    assert refused(file) == "is larger than 10 bytes, which is more than any file of this kind needs"


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(50 * 1024 * 1024 * 1024)
    assert refused(huge) == "is larger than 10 bytes, which is more than any file of this kind needs"


def test_what_is_no_plain_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "target").write_bytes(b"x")
    (tmp_path / "link").symlink_to("target")
    assert refused(tmp_path / "pipe") == "is no plain file"
    assert refused(tmp_path) == "is no plain file"
    assert refused(tmp_path / "none") == "there is no such file"
    assert refused(tmp_path / "dangling") == "is a symbolic link, which is not followed here"
    assert refused(tmp_path / "link") == "is a symbolic link, which is not followed here"
    assert refused(tmp_path / "dangling", follow_link=True) == "there is no such file"
    assert FILES.read_bounded(tmp_path / "link", 10, follow_link=True) == b"x"


def test_a_folder_is_made_with_its_parents_or_the_problem_told(tmp_path: Path) -> None:
    FILES.make(tmp_path / "a" / "b")
    FILES.make(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(FileProblem, match=r"b: cannot be made: Not a directory\Z"):
        FILES.make(tmp_path / "file" / "b")
