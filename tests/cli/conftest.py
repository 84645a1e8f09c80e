from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.team import Team
from tests.support.tool import Tool


@pytest.fixture
def team(tool: Tool, home: Callable[[str], Path], tmp_path: Path) -> Team:
    """A folder whose values are for alice and bob."""
    (tmp_path / "folder").mkdir()
    made = Team(tmp_path / "folder", home("alice"), tool)
    made.wanted("alice", "bob")
    return made
