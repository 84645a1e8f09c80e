"""Whom a GnuPG home is made for."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Owner:
    """A user of this machine with one of its groups."""

    user: str
    group: str
    uid: int
    gid: int
    home: Path
    """The user's own folder."""

    @property
    def words(self) -> str:
        """As it is written on the command line: `puppet:puppet`."""
        return f"{self.user}:{self.group}"
