import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from eyamlgpg.api import Repository
from tests.support.keyrings import known
from tests.support.tool import Ran, Tool


@dataclass(frozen=True, slots=True)
class Place:
    """A repository of alice's and bob's, and alice's GnuPG home."""

    folder: Path
    home: Path

    def repository(self) -> Repository:
        return Repository(self.folder, gnupghome=self.home, environ={"PATH": os.environ["PATH"]})

    def tool(self, *words: str) -> Ran:
        return Tool()(*words, home=self.home, cwd=self.folder)

    def wanted(self, *names: str) -> None:
        lines = [f"{known(name).fingerprint}\n" for name in names]
        (self.folder / "hiera-eyaml-gpg.recipients").write_text("".join(lines))


@pytest.fixture
def place(home: Callable[[str], Path], tmp_path: Path) -> Place:
    """In git, with a value in clear text that is a finding."""
    made = Place(tmp_path / "tree", home("alice"))
    made.folder.mkdir()
    subprocess.run(["git", "init", "-q", str(made.folder)], check=True)
    made.wanted("alice", "bob")
    (made.folder / "a.eyaml").write_text("---\ndb::host: db1\n")
    return made
