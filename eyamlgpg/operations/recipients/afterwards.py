"""The user's files as they will be once changed lists are written."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from eyamlgpg.operations.ports import Files
from eyamlgpg.operations.tree_ports import Trees


@dataclass(frozen=True, slots=True)
class FilesAfterwards:
    """`operations.ports.Files` of which some hold what is not written yet."""

    files: Files
    trees: Trees
    content: Mapping[Path, bytes] = field(repr=False)
    """By absolute path, links resolved."""

    def read(self, path: Path, *, limit: int | None = None) -> bytes:
        """What the file will hold."""
        content = self.content.get(self.trees.real(path))
        return self.files.read(path, limit=limit) if content is None else content

    def nearest_upwards(self, folder: Path, name: str) -> Path | None:
        """The nearest of the files that are there and those that will be."""
        real = self.trees.real(folder)
        standing = self.files.nearest_upwards(folder, name)
        coming = [path for path in self.content if path.name == name and real.is_relative_to(path.parent)]
        every = coming if standing is None else [*coming, standing]
        return max(every, key=lambda path: len(path.parts), default=None)

    def below(self, folder: Path, name: str) -> Sequence[Path]:
        """As it is now."""
        return self.files.below(folder, name)

    def leads_out(self, path: Path) -> bool:
        """As it is now."""
        return self.files.leads_out(path)

    def exists(self, path: Path) -> bool:
        """True for what will be there, too."""
        return self.trees.real(path) in self.content or self.files.exists(path)

    def turn(self, path: Path) -> AbstractContextManager[None]:
        """As it is now."""
        return self.files.turn(path)

    def replace(self, path: Path, content: bytes, *, expected: bytes | None) -> None:
        """As it is now."""
        self.files.replace(path, content, expected=expected)
