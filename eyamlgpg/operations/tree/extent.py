"""How far each list reaches: which files of a tree it governs, and how many values it decides about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.formats.eyaml.methods import Method, method_of
from eyamlgpg.formats.eyaml.values import find_values
from eyamlgpg.formats.text import decode
from eyamlgpg.model.governed import Governed
from eyamlgpg.model.recipients import Recipient
from eyamlgpg.operations.ports import Files
from eyamlgpg.operations.tree.governance import Governance


@dataclass(frozen=True, slots=True)
class Extent:
    """A list with what it governs."""

    path: Path
    place: str
    """From the root of the tree, with `/`; the whole path of a list that stands above it."""
    governed: Governed
    recipients: tuple[Recipient, ...]
    """As written."""
    counts: Mapping[str, int]
    """The files that hold GPG values, from the root of the tree, with `/`, each with the number of these."""

    @property
    def values(self) -> int:
        """How many GPG values it decides about."""
        return sum(self.counts.values())

    @property
    def files(self) -> tuple[str, ...]:
        """Those that hold such values, in order."""
        return tuple(sorted(self.counts))


def extents(
    root: Path, lists: Iterable[Path], data: Iterable[Path], governance: Governance, files: Files
) -> tuple[Extent, ...]:
    """Every list of a tree, and those above it that govern a file of it, in the order of their paths.

    `data` are the files that may hold values. Paths and root have their links resolved, but for those of the lists.
    """
    counts: dict[Path, dict[str, int]] = {path: {} for path in lists}
    for path in data:
        number = _values(path, files)
        governing = governance.nearest(path.parent) if number else None
        if governing is not None:
            counts.setdefault(Path(governing), {})[_place(root, path)] = number
    return tuple(
        Extent(
            path,
            _place(root, path),
            governance.of_list(str(path)),
            governance.source(str(path)).recipients,
            counts[path],
        )
        for path in sorted(counts)
    )


def _values(path: Path, files: Files) -> int:
    content = files.read(path)
    if b"ENC[" not in content:
        return 0
    scan = find_values(decode(content), with_paths=False)
    return sum(method_of(value.token, None) is Method.GPG for value in scan.values)


def _place(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
