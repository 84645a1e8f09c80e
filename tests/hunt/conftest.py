from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.controlled import control_repository
from tests.support.repository import Repository


@pytest.fixture(scope="session")
def committed(tmp_path_factory: pytest.TempPathFactory, home: Callable[[str], Path]) -> Repository:
    """A small control repository; do not change it, `tests.hunt.ways.look` makes copies."""
    return control_repository(tmp_path_factory.mktemp("evasion") / "control", home("alice"))
