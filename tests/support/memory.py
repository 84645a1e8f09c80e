"""A keyring and files in memory, for operations."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from eyamlgpg.errors import FileProblem
from eyamlgpg.model.keys import Key


@dataclass(frozen=True, slots=True)
class Ring:
    """A keyring that holds these keys."""

    listing: Sequence[Key]

    def keys(self) -> Sequence[Key]:
        return self.listing


@dataclass(slots=True)
class Memory:
    """Files by their absolute paths."""

    content: dict[Path, bytes] = field(default_factory=dict)
    links_out: frozenset[Path] = frozenset()

    def read(self, path: Path, *, limit: int | None = None) -> bytes:
        if limit is not None and len(self.content.get(path, b"")) > limit:
            raise FileProblem(f"{path}: is larger than {limit:,} bytes")
        if path not in self.content:
            raise FileProblem(f"{path}: there is no such file")
        return self.content[path]

    def leads_out(self, path: Path) -> bool:
        return path in self.links_out

    def exists(self, path: Path) -> bool:
        return path in self.content

    def turn(self, path: Path) -> AbstractContextManager[None]:
        return nullcontext()

    def replace(self, path: Path, content: bytes, *, expected: bytes | None) -> None:
        if self.content.get(path) != expected:
            raise FileProblem(f"{path}: was changed by somebody else meanwhile")
        self.content[path] = content

    def nearest_upwards(self, folder: Path, name: str) -> Path | None:
        return next((place / name for place in (folder, *folder.parents) if place / name in self.content), None)

    def below(self, folder: Path, name: str) -> tuple[Path, ...]:
        return tuple(path for path in self.content if path.name == name and folder in path.parents)
