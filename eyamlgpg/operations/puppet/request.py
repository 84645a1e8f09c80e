"""What `hiera check` is asked."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from eyamlgpg.model.hiera_check import HieraFinding, Master


@dataclass(frozen=True, slots=True)
class HieraRequest:
    """One run."""

    configs: tuple[str, ...]
    """The hiera.yaml files, from the root of the tree."""
    within: tuple[str, ...]
    """The folders, from the root, whose files some level is to read; `.` is the whole tree."""
    masters: tuple[Master, ...]
    unknown_masters: tuple[HieraFinding, ...] = ()
    """Masters whose key is not known."""
    user: str = "puppet"
    homedir: Path | None = None
    """The home to look into, whatever hiera.yaml names."""
    on_master: bool = False
    """Whether this machine is a master, so that a home that is not here is missing."""


_ASIDE = frozenset({"fixtures", "spec"})


def is_aside(place: str) -> bool:
    """Whether a file of the tree belongs to the tests of Puppet code, and no server reads it."""
    return not _ASIDE.isdisjoint(PurePosixPath(place).parts[:-1])
