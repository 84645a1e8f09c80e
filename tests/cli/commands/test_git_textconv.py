"""`eyamlgpg git textconv`, as git calls it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import keyrings
from tests.support.tool import Tool

LIST = "hiera-eyaml-gpg.recipients"


def listed(*names: str) -> str:
    return "".join(f"# {name}\n{keyrings.known(name).fingerprint}\n" for name in names)


@pytest.fixture(scope="module")
def source(home: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with two values that Alice and Carol read."""
    folder = tmp_path_factory.mktemp("source")
    (folder / LIST).write_text(listed("alice", "carol"))
    (folder / "a.eyaml").write_text("---\nhost: db1\n")
    for key, value in (("one", "first secret"), ("two", "line 1\nline 2]!\n")):
        ran = Tool()("set", "a.eyaml", key, "-s", value, home=home("alice"), cwd=folder)
        assert ran.status == 0, ran.err
    return folder / "a.eyaml"


def test_values_are_shown_as_markers_to_whoever_can_read_them(
    tool: Tool, home: Callable[[str], Path], source: Path
) -> None:
    ran = tool("git", "textconv", str(source), home=home("alice"))
    assert (ran.status, ran.err) == (0, "")
    assert ran.text.splitlines()[:3] == ["---", "host: db1", "one: DEC::GPG[first secret]!"]
    assert "DEC::GPG[line 1\nline 2]\\!\n]!" in ran.text
    assert "ENC[" not in ran.text


def test_to_others_a_value_is_its_size_and_its_readers(tool: Tool, home: Callable[[str], Path], source: Path) -> None:
    shown = tool("git", "textconv", str(source), home=home("bob"))
    assert (shown.status, shown.err) == (0, "")
    assert re.search(r"^one: ENC\[GPG, \d+ bytes, to Alice at Home, Carol Chen\]$", shown.text, re.MULTILINE)
    assert "secret" not in shown.text
