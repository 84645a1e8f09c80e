"""What `hiera check` needs of the world, as Protocols."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from eyamlgpg.model.hiera_check import HomeLook
from eyamlgpg.model.keys import Fingerprint


class MasterHomes(Protocol):
    """The GnuPG homes that hiera.yaml names, looked at where this machine has them, and left as they are."""

    def look(self, home: Path) -> HomeLook:
        """What is there."""
        ...

    def is_missing(self, path: Path) -> bool:
        """Whether nothing stands at the path of a file; False where we cannot look."""
        ...


class Elsewhere(Protocol):
    """Folders of Hiera data outside of the tree."""

    def below(self, folder: Path) -> Sequence[Path]:
        """Every file below a folder by its absolute path; none where there is no such folder."""
        ...

    def read(self, path: Path) -> bytes:
        """All of a file; raises FileProblem."""
        ...


class ListedReaders(Protocol):
    """Who should read what stands in a folder."""

    def names(self, folder: Path, fingerprint: Fingerprint) -> bool:
        """Whether the list that governs the folder names this key."""
        ...
