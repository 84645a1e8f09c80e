"""What a killed run left beside a file is removed by the next writer in that folder, and nothing else is."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from eyamlgpg.host.files import DiskFiles
from eyamlgpg.host.leftovers import temporary_name
from tests.host.conftest import names_in


def left_behind(path: Path) -> Path:
    """A temporary of this file."""
    left = path.parent / temporary_name(path.name)
    left.write_bytes(b"ENC[GPG,")
    return left


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "a.eyaml").write_bytes(b"old")
    return tmp_path / "a.eyaml"


def test_a_run_that_is_killed_before_its_rename_leaves_one_that_the_next_removes(file: Path) -> None:
    program = f"""
import os, signal
from pathlib import Path
from eyamlgpg.host import files, replacing
replacing._refuse_if_changed = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
files.DiskFiles().replace(Path({str(file)!r}), b"new", expected=b"old")
"""
    subprocess.run([sys.executable, "-c", program], check=False)
    left, name = names_in(file.parent)
    assert (left.startswith(".a.eyaml."), name, file.read_bytes()) == (True, "a.eyaml", b"old")
    said: list[str] = []
    DiskFiles(say=said.append).replace(file, b"new", expected=b"old")
    assert (names_in(file.parent), said) == (
        ["a.eyaml"],
        [f"{file.parent / left}: removed, a run that was killed had left it"],
    )


def test_those_of_other_files_there_and_of_one_that_is_made_are_removed_too(file: Path) -> None:
    left_behind(file)
    left_behind(file.parent / "new.eyaml")
    DiskFiles().replace(file.parent / "new.eyaml", b"new", expected=None)
    assert names_in(file.parent) == ["a.eyaml", "new.eyaml"]


@pytest.mark.parametrize(
    "name",
    [".a.eyaml.swp", ".a.eyaml.0123456789AB", ".a.eyaml.0123456789abc", "a.eyaml.0123456789ab", ".b.0123456789ab"],
)
def test_what_is_not_surely_one_stays(file: Path, name: str) -> None:
    (file.parent / name).touch()
    DiskFiles().replace(file, b"new", expected=b"old")
    assert names_in(file.parent) == sorted(["a.eyaml", name])


def test_a_folder_or_a_link_of_such_a_name_stays(file: Path) -> None:
    (file.parent / temporary_name(file.name)).mkdir()
    (file.parent / temporary_name(file.name)).symlink_to("a.eyaml")
    DiskFiles().replace(file, b"new", expected=b"old")
    assert len(names_in(file.parent)) == 3


def test_the_temporary_of_a_living_run_is_waited_for(file: Path) -> None:
    files = DiskFiles()
    with files.turn(file):
        left = left_behind(file)
        other = threading.Thread(target=lambda: DiskFiles().replace(file, b"new", expected=b"old"))
        other.start()
        other.join(0.2)
        assert (other.is_alive(), left.exists()) == (True, True)
    other.join()
    assert names_in(file.parent) == ["a.eyaml"]


def test_what_was_left_goes_where_there_is_nothing_to_change_too(file: Path) -> None:
    """Such as `git install`, killed at its last step: the file is as it should be already."""
    left = left_behind(file)
    with DiskFiles().turn(file):
        assert not left.exists()
