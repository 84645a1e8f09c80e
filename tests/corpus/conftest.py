"""The recorded files in a folder of the worker's own, and our tool in this process."""

import shutil
from pathlib import Path

import pytest

from tests.support import corpus
from tests.support.tool import Tool


@pytest.fixture(scope="session")
def recorded_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the recorded tree and the encrypt folder, with the symlink that git would not keep everywhere."""
    folder = tmp_path_factory.mktemp("corpus")
    for name in ("tree", "encrypt"):
        shutil.copytree(corpus.FOLDER / name, folder / name)
    (folder / "encrypt/rdir/emptyrec/link.eyaml").symlink_to("../near/e.eyaml")
    return folder


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch, capsysbinary: "pytest.CaptureFixture[bytes]") -> Tool:
    return Tool(monkeypatch, capsysbinary)
