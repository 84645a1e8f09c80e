"""What only looks like a marker is never left in clear text without a word: not by edit, encrypt -e or check."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.formats.eyaml.test_near_markers import NEAR
from tests.support.controlled import control_repository, found
from tests.support.repository import Repository
from tests.support.tool import Ran, Tool

FILE = "hieradata/a.eyaml"


@pytest.fixture
def repository(tmp_path: Path, home: Callable[[str], Path]) -> Repository:
    made = control_repository(tmp_path / "control", home("alice"))
    made.write(FILE, "---\na: 1\n")
    return made


def added(tool: Tool, repository: Repository, text: str, answer: str) -> Ran:
    (repository.root / "line").write_text(text)
    editor = {"EDITOR": "sh -c 'cat line >> \"$1\"' x"}
    return tool("edit", FILE, home=repository.home, cwd=repository.root, environ=editor, stdin=answer.encode())


@pytest.mark.parametrize("near", NEAR[:8])
def test_an_edit_that_adds_one_asks(tool: Tool, repository: Repository, near: str) -> None:
    before = (repository.root / FILE).read_text()
    ran = added(tool, repository, f"k: '{near}'\n", "")
    assert (ran.status, "looks like a marker and is none" in ran.err, "x]" in ran.err) == (3, True, False)
    assert (repository.root / FILE).read_text() == before
    ran = added(tool, repository, f"k: '{near}'\n", "y\n")
    assert (ran.status, (repository.root / FILE).read_text()) == (0, f"{before}k: '{near}'\n")
    assert added(tool, repository, "l: 1\n", "").status == 0


@pytest.mark.parametrize("near", NEAR)
def test_encrypting_the_markers_of_a_file_asks(tool: Tool, repository: Repository, near: str) -> None:
    text = f"a: DEC::GPG[y]!\nk: {near}\n"
    path = repository.write(FILE, text)
    for words, answer, status in (((), b"", 3), ((), b"n\n", 3), (("-i",), b"", 3), ((), b"y\n", 0), (("-y",), b"", 0)):
        ran = tool("encrypt", "-e", FILE, *words, home=repository.home, cwd=repository.root, stdin=answer)
        assert (ran.status, ran.out.endswith(f"k: {near}\n".encode())) == (status, not status)
        assert path.read_text() == text
        assert f"{FILE}:2: this looks like a marker and is none" in ran.err


@pytest.mark.parametrize("near", NEAR)
def test_check_finds_each(tool: Tool, repository: Repository, near: str) -> None:
    repository.write("hieradata/a.eyaml", f"a: 1\nk: {near}\n")
    assert ("plaintext-near-marker", "hieradata/a.eyaml", 2) in found(tool, repository)
