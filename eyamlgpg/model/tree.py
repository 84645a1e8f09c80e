"""What stands below a folder: as it was listed, and with its links resolved."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Listing:
    """Files below a folder, and what was not looked into; every path is absolute, or as the folder was given."""

    files: tuple[Path, ...]
    """Plain files, and links whatever they lead to, sorted."""
    repositories: tuple[Path, ...] = ()
    """Submodules and other repositories inside, which were passed over."""
    unreadable: tuple[tuple[Path, str], ...] = ()
    """Folders that may not be looked into, each with the system's reason."""


@dataclass(frozen=True, slots=True)
class Below:
    """The files below a folder, sorted; each path is relative to the folder."""

    files: tuple[tuple[Path, Path], ...]
    """Each plain file: where it stands, and its absolute path, links resolved."""
    leaving: tuple[Path, ...] = ()
    """Links that lead out of the tree or nowhere."""
    repositories: tuple[Path, ...] = ()
    """Submodules and other repositories, which are passed over."""
    unreadable: tuple[tuple[Path, str], ...] = ()
    """Folders that may not be looked into, each with the reason."""
