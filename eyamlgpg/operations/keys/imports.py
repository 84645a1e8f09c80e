"""`keys import`: public keys from files or from the repository, onto the keyring.

To have a key is not to believe it: nothing is certified here, and nobody's certifications are trusted more than before.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError, FormatError
from eyamlgpg.formats.openpgp.certificate import parse_one, serialised
from eyamlgpg.formats.openpgp.revocation import revocation_in, revoked
from eyamlgpg.formats.openpgp.signature import Signature
from eyamlgpg.model.keys import Fingerprint, Key, Validity
from eyamlgpg.operations.ports import BoundedFiles, Certificates, Keyring
from eyamlgpg.operations.tree.stored_keys import LARGEST, StoredKey, read_all, read_key
from eyamlgpg.operations.tree_ports import Tree


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
            stored.append(_read(path, ports))
        except EyamlgpgError as error:
            errors.append(error)
    result = _import(stored, errors, (), ports)
    kept = [one for one in result.taken if _revocation(one.path, ports) and not _is_revoked(one.key)]
    refused = [FormatError(f"{one.path}: gpg does not accept it as a revocation of {one.key.user_id}") for one in kept]
    return replace(result, errors=(*result.errors, *refused))


def revocations(paths: Sequence[Path], ports: ImportPorts) -> tuple[tuple[Path, Key], ...]:
    """Of these files those that revoke a key of the keyring, with that key: to be asked about before."""
    found: list[tuple[Path, Key]] = []
    for path in paths:
        with suppress(EyamlgpgError):
            signature = _revocation(path, ports)
            key = _maker(signature, ports.keyring) if signature else None
            found += [(path, key)] if key else []
    return tuple(found)


def _read(path: Path, ports: ImportPorts) -> StoredKey:
    """A public key; for a revocation the key of the keyring with it."""
    signature = _revocation(path, ports)
    if signature is None:
        return read_key(path, ports.bounded, follow_link=True)
    key = _maker(signature, ports.keyring)
    if key is None:
        raise FormatError(
            f"{path}: revokes the key {signature.issuer}, which is not on this keyring", "import that key first"
        )
    whole = parse_one(ports.certificates.whole([key.fingerprint]))
    return StoredKey(path, b"", revoked(whole, signature))


def _maker(signature: Signature, keyring: Keyring) -> Key | None:
    present = keyring.keys()
    return next((key for key in present if key.primary.key_id == signature.issuer), None)


def _revocation(path: Path, ports: ImportPorts) -> Signature | None:
    return revocation_in(ports.bounded.read_bounded(path, LARGEST, follow_link=True))


def _is_revoked(key: Key) -> bool:
    return key.primary.validity is Validity.REVOKED


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
