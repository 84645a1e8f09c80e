"""One control repository for this room, copied for each run."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support import keyrings
from tests.support.roles import repository
from tests.support.tool import Tool
from tests.surroundings.stage import Stage


@pytest.fixture(scope="session")
def stage(
    home: Callable[[str], Path], nobodys_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """Scenes of `tests.faults.scenes` made ready, with alice's home; those that change it have one of their own."""
    folder = tmp_path_factory.mktemp("stage")
    (folder / "master").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(nobodys_folder))
        repository(folder / "master", Tool(), home)
    homes = keyrings.Homes()
    yield Stage(folder, folder / "master", home("alice"), homes)
    homes.close()
