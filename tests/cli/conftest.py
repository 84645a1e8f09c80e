from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.control_repository import BOTH, Control
from tests.support.team import Team
from tests.support.tool import Tool


@pytest.fixture
def team(tool: Tool, home: Callable[[str], Path], tmp_path: Path) -> Team:
    """A folder whose values are for alice and bob."""
    (tmp_path / "folder").mkdir()
    made = Team(tmp_path / "folder", home("alice"), tool)
    made.wanted("alice", "bob")
    return made


@pytest.fixture
def control(tmp_path: Path, home: Callable[[str], Path]) -> Control:
    """A control repository with one value for both puppetmasters, and without a hiera.yaml."""
    made = Control(tmp_path / "tree", home("alice"))
    (made.root / ".eyamlgpg").mkdir(parents=True)
    made.write(environment_conf="", data__common_yaml=f"a::b: {BOTH}\n")
    return made
