"""A list that is not called hiera-eyaml-gpg.recipients, named by an option or a config file."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.keyrings import known
from tests.support.tool import Tool

PASSWORD = "db::password: Kirschkuchen7x\n"


@pytest.fixture
def tree(tool: Tool, home: Callable[[str], Path], tmp_path: Path) -> Path:
    """One encrypted value and one in clear, and a list of another name for alice and bob."""
    (tmp_path / "data").mkdir()
    (tmp_path / ".eyamlgpg").mkdir()
    (tmp_path / "list.rcp").write_text(f"{known('alice').fingerprint}\n{known('bob').fingerprint}\n")
    words = ("set", "data/common.eyaml", "k", "-s", "x", "--gpg-recipients-file", "list.rcp")
    assert tool(*words, home=home("alice"), cwd=tmp_path).status == 0
    (tmp_path / "data/plain.yaml").write_text(PASSWORD)
    return tmp_path


def by_config(tree: Path) -> tuple[str, ...]:
    (tree / ".eyaml").mkdir()
    (tree / ".eyaml/config.yaml").write_text("gpg_recipients_file: list.rcp\n")
    return ()


def by_option(tree: Path) -> tuple[str, ...]:
    return ("--gpg-recipients-file", "list.rcp")


@pytest.mark.parametrize("named", [by_config, by_option])
def test_it_governs_what_no_other_list_does(
    tree: Path, tool: Tool, home: Callable[[str], Path], named: Callable[[Path], tuple[str, ...]]
) -> None:
    ran = tool("check", *named(tree), home=home("alice"), cwd=tree)
    out = ran.out.decode()
    assert "access-no-recipients" not in out
    assert "data/plain.yaml:1:15: error: db::password" in out


def test_it_overrules_no_list_of_the_tree(tree: Path, tool: Tool, home: Callable[[str], Path]) -> None:
    (tree / "data/hiera-eyaml-gpg.recipients").write_text(f"{known('alice').fingerprint}\n")
    ran = tool("check", *by_config(tree), home=home("alice"), cwd=tree)
    assert "data/common.eyaml:1:4: error: k: can be read by" in ran.out.decode()
