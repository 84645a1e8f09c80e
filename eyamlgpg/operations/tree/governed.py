"""Which recipients file governs which files of a tree, and how many values each one decides about."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.formats.eyaml import recipients_file
from eyamlgpg.formats.eyaml.methods import Method, method_of
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.formats.eyaml.values import find_values
from eyamlgpg.formats.text import decode
from eyamlgpg.model.recipients import Recipient
from eyamlgpg.operations.paths import shown
from eyamlgpg.operations.ports import Files
from eyamlgpg.operations.tree.list_text import read_text


@dataclass(frozen=True, slots=True)
class Domain:
    """A recipients file with what it governs."""

    path: Path
    name: str
    """As the user would write it."""
    place: str
    """From the root of the tree, with `/`; the whole path of a file that stands above it."""
    recipients: tuple[Recipient, ...]
    values: int
    """How many GPG values stand in the files."""
    files: tuple[str, ...]
    """Those that hold such values, from the root of the tree, with `/`."""


def domains(root: Path, working: Path, paths: Iterable[Path], files: Files) -> tuple[Domain, ...]:
    """Every recipients file among the paths, and those above that govern one of them, in the order of their paths.

    Paths and root have their links resolved; names are shown from the working directory.
    """
    counts: dict[Path, dict[str, int]] = {}
    for path in paths:
        if path.name == RECIPIENTS_FILE:
            counts.setdefault(path, {})
            continue
        number = _values(path, files)
        governing = files.nearest_upwards(path.parent, RECIPIENTS_FILE) if number else None
        if governing is not None:
            counts.setdefault(governing, {})[_place(root, path)] = number
    return tuple(_domain(root, working, path, counts[path], files) for path in sorted(counts))


def _values(path: Path, files: Files) -> int:
    content = files.read(path)
    if b"ENC[" not in content:
        return 0
    scan = find_values(decode(content), with_paths=False)
    return sum(method_of(value.token, None) is Method.GPG for value in scan.values)


def _domain(root: Path, working: Path, path: Path, counts: dict[str, int], files: Files) -> Domain:
    name = shown(path, working)
    recipients = recipients_file.parse(read_text(path, name, files), name).recipients
    return Domain(path, name, _place(root, path), recipients, sum(counts.values()), tuple(sorted(counts)))


def _place(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
