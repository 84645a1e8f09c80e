"""`keys import`: public keys from files or from the repository, onto the keyring.

To have a key is not to believe it: nothing is certified here, and nobody's certifications are trusted more than before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.formats.openpgp.certificate import serialised
from eyamlgpg.model.keys import Fingerprint, Key
from eyamlgpg.operations.ports import BoundedFiles, Certificates, Keyring, Tree
from eyamlgpg.operations.tree.stored_keys import StoredKey, read_all, read_key


class ImportOutcome(StrEnum):
    """What an import did to the keyring."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Taken:
    """A key that is on the keyring now."""

    path: Path
    key: Key
    outcome: ImportOutcome


@dataclass(frozen=True, slots=True)
class Import:
    """What came of the files: the keys taken, and why the others were not."""

    taken: tuple[Taken, ...]
    errors: tuple[EyamlgpgError, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportPorts:
    """The world of an import."""

    bounded: BoundedFiles
    keyring: Keyring
    certificates: Certificates


def import_files(paths: Sequence[Path], ports: ImportPorts) -> Import:
    """One public key from each file; a file that is refused does not stop the others."""
    stored: list[StoredKey] = []
    errors: list[EyamlgpgError] = []
    for path in paths:
        try:
            stored.append(read_key(path, ports.bounded, follow_link=True))
        except EyamlgpgError as error:
            errors.append(error)
    return _import(stored, errors, (), ports)


def import_repository(tree: Tree, ports: ImportPorts) -> Import:
    """Every key of the repository: those that are missing here, and what is new about the others."""
    stored = read_all(tree)
    return _import(tuple(stored.by_fingerprint.values()), list(stored.errors), stored.warnings, ports)


def _import(
    stored: Sequence[StoredKey], errors: list[EyamlgpgError], warnings: tuple[str, ...], ports: ImportPorts
) -> Import:
    changes: list[tuple[StoredKey, ImportOutcome]] = []
    for one in stored:
        try:
            # What was judged is what is imported: the packets as they were read, not the file once more.
            flags = ports.certificates.take(serialised(one.certificate))
        except EyamlgpgError as error:
            errors.append(error.located(str(one.path)))
            continue
        change = (
            ImportOutcome.NEW
            if flags.is_new
            else ImportOutcome.UPDATED
            if flags.is_changed
            else ImportOutcome.UNCHANGED
        )
        changes.append((one, change))
    present = ports.keyring.keys()
    keys: dict[Fingerprint, Key] = {key.fingerprint: key for key in present}
    taken = tuple(
        Taken(one.path, keys[one.certificate.fingerprint], change)
        for one, change in changes
        if one.certificate.fingerprint in keys
    )
    return Import(taken, tuple(errors), warnings)
