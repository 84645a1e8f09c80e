"""The recorded files in a folder of the worker's own."""

import shutil
from pathlib import Path

import pytest

from tests.support import corpus


@pytest.fixture(scope="session")
def recorded_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the recorded tree and the encrypt folder, with the symlink that git would not keep everywhere."""
    folder = tmp_path_factory.mktemp("corpus")
    for name in ("tree", "encrypt"):
        shutil.copytree(corpus.FOLDER / name, folder / name)
    (folder / "encrypt/rdir/emptyrec/link.eyaml").symlink_to("../near/e.eyaml")
    return folder
