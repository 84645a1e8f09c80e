"""The keys that a repository keeps: `.eyamlgpg/keys/FINGERPRINT.asc`, one public key a file.

Anybody who may push can put files there, so each is taken for what it is, not for what its name says.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from eyamlgpg.errors import EyamlgpgError, FileProblem, FormatError
from eyamlgpg.formats.openpgp.certificate import Certificate, parse_one
from eyamlgpg.model.keys import Fingerprint
from eyamlgpg.operations.ports import BoundedFiles
from eyamlgpg.operations.tree_ports import Tree

KEYS = Path(".eyamlgpg", "keys")
"""Below the root of the tree."""

LARGEST = 1024 * 1024
"""Bytes; a key with a hundred certifications has some 30,000."""

_NAME = re.compile(r"([0-9A-F]{64}|[0-9A-F]{40})\.asc")


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key of the repository, read and found to be what its name says."""

    path: Path
    content: bytes
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class Stored:
    """All of them, and what could not be taken for a key."""

    by_fingerprint: Mapping[Fingerprint, StoredKey]
    errors: tuple[EyamlgpgError, ...] = ()
    warnings: tuple[str, ...] = ()


def path_of(root: Path, fingerprint: Fingerprint) -> Path:
    """Where the repository keeps a key."""
    return root / KEYS / f"{fingerprint}.asc"


def names_in(folder: Path, bounded: BoundedFiles) -> Sequence[str]:
    """The names in a folder of keys; FileProblem for a link, in a repository also for one in the place of `.eyamlgpg`.

    Anybody who may push could lead out of the tree by it.
    """
    if folder.parts[-2:] == KEYS.parts:
        bounded.names(folder.parent)
    return bounded.names(folder)


def read_all(tree: Tree) -> Stored:
    """Every key of the repository; a file that must not be taken is an error among the others, and raises nothing."""
    found: dict[Fingerprint, StoredKey] = {}
    errors: list[EyamlgpgError] = []
    warnings: list[str] = []
    try:
        names = _names(tree)
    except FileProblem as error:
        return Stored({}, (error,))
    for name in names:
        if name.startswith("."):
            continue
        if not name.endswith(".asc"):
            warnings.append(f"{KEYS / name}: is no FINGERPRINT.asc, and was passed over")
            continue
        try:
            stored = _read(KEYS / name, tree)
        except EyamlgpgError as error:
            errors.append(error)
        else:
            found[stored.certificate.fingerprint] = stored
    return Stored(found, tuple(errors), tuple(warnings))


def read_stored(fingerprint: Fingerprint, tree: Tree) -> StoredKey | None:
    """The key as the repository keeps it; None where it does not."""
    _refuse_no_folder(tree)
    path = path_of(Path(), fingerprint)
    return _taken(path, tree.read(path.as_posix(), limit=LARGEST)) if tree.has(path.as_posix()) else None


def _names(tree: Tree) -> Sequence[str]:
    _refuse_no_folder(tree)
    paths = map(PurePosixPath, (*tree.files(), *tree.links()))
    return sorted(path.name for path in paths if path.parent == PurePosixPath(KEYS))


def _refuse_no_folder(tree: Tree) -> None:
    """FileProblem for a link or a file in the place of a folder: anybody who may push could lead out of the tree."""
    for folder in (KEYS.parent.as_posix(), KEYS.as_posix()):
        if tree.has(folder):
            tree.read(folder)  # which says what is wrong with a link
            raise FileProblem(f"{folder}: is not a folder")


def read_key(path: Path, bounded: BoundedFiles, *, follow_link: bool) -> StoredKey:
    """The one public key of a file; FileProblem for no plain file of a key's size, FormatError for its content."""
    return _taken(path, bounded.read_bounded(path, LARGEST, follow_link=follow_link))


def _taken(path: Path, content: bytes) -> StoredKey:
    try:
        return StoredKey(path, content, parse_one(content))
    except FormatError as error:
        raise error.located(str(path)) from None


def _read(path: Path, tree: Tree) -> StoredKey:
    stored = _taken(path, tree.read(path.as_posix(), limit=LARGEST))
    named = _NAME.fullmatch(path.name)
    fingerprint = stored.certificate.fingerprint
    if named is None or named[1] != fingerprint:
        raise FormatError(
            f"{path}: holds the key {fingerprint}, which its name does not say",
            "ask who put it there; a renamed key is either a mistake or a trick",
        )
    return stored
