"""Which files each level reads, or may read on some node, and which files no level reads."""

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eyamlgpg.formats.puppet.patterns import Candidates, candidates, interpolations
from eyamlgpg.model.hiera import HieraFile, Level, LocationKind
from eyamlgpg.operations.puppet.data_files import DataFiles, DataFolder


@dataclass(frozen=True, slots=True)
class Reach:
    """One level with its files."""

    config: str
    """The hiera.yaml, as it is shown."""
    level: Level
    folder: DataFolder
    candidates: tuple[Candidates, ...]
    files: tuple[str, ...]
    """Absolute paths."""
    absent: tuple[Candidates, ...]
    """Paths without an interpolation that name no file."""

    @property
    def unknown(self) -> tuple[str, ...]:
        """What a node alone knows of the level's places, each once."""
        texts = (self.level.datadir, *(one.text for one in self.level.locations))
        found = [name.strip() for text in texts for name in interpolations(text)]
        return tuple(dict.fromkeys(name for name in found if name))


def reaches(file: HieraFile, files: DataFiles) -> tuple[Reach, ...]:
    """Each level of a hiera.yaml with the files that it may read."""
    folder = posixpath.dirname(file.source)
    return tuple(_reach(file.source, level, files.folder(level.datadir, folder), files) for level in file.levels)


def _reach(config: str, level: Level, folder: DataFolder, files: DataFiles) -> Reach:
    if not folder.is_here:
        return Reach(config, level, folder, (), (), ())
    named = [one for one in level.locations if one.kind is not LocationKind.URI]
    every = tuple(candidates(folder.path, one) for one in named)
    matched = {one: tuple(path for path in files.paths() if one.matches(path)) for one in every}
    found = tuple(dict.fromkeys(path for paths in matched.values() for path in paths))
    absent = tuple(one for one in every if one.is_known and not matched[one])
    return Reach(config, level, folder, every, found, absent)


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that no level reads for sure."""

    path: str
    level: Reach | None
    """One that reads it if a value of a node holds a slash."""


def unread(every: Sequence[Reach], paths: Sequence[str]) -> Iterator[Unread]:
    """Those of the paths that no level names."""
    read = {path for reach in every for path in reach.files}
    for path in paths:
        if path not in read:
            near = (reach for reach in every if any(one.might_match(path) for one in reach.candidates))
            yield Unread(path, next(near, None))
