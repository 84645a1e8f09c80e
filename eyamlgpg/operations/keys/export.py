"""`keys export`: public keys as files that change only when the key does, or as resources for Puppet.

A file holds the newest self-signature of each part of the key, and the certifications that stand in it already. So it
is the same from everybody's keyring; nobody's export drops what a colleague certified, publishes what somebody
certified for themselves, or takes back a renewal that has not reached this keyring yet.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.openpgp.armor import armored
from eyamlgpg.formats.openpgp.certificate import Certificate, parse_one, serialised
from eyamlgpg.formats.openpgp.copies import canonical, certified_only_by, with_certifications
from eyamlgpg.model.keys import Fingerprint, Key, KeyId
from eyamlgpg.operations.ports import BoundedFiles, Certificates, Files
from eyamlgpg.operations.tree.stored_keys import StoredKey, names_in, read_key


class ExportOutcome(StrEnum):
    """What became of a file."""

    MADE = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Exported:
    """A key and the file it is in now."""

    key: Key
    path: Path
    outcome: ExportOutcome


@dataclass(frozen=True, slots=True)
class ExportPorts:
    """The world of an export."""

    files: Files
    bounded: BoundedFiles
    certificates: Certificates


def public_key(fingerprint: Fingerprint, certificates: Certificates) -> bytes:
    """The armored minimal key, with nobody's certification; raises GnupgError where it is not on the keyring."""
    return _armored(_own(fingerprint, certificates, [certificates.whole([fingerprint])]))


def export(key: Key, folder: Path, ports: ExportPorts, *, certified_by: Collection[KeyId] = ()) -> Exported:
    """Bring `FINGERPRINT.asc` in a folder up to date.

    `certified_by`: whose exportable certifications on this keyring go in beside those that the file has. Raises for a
    file that stands there and is not this key.
    """
    path = folder / f"{key.fingerprint}.asc"
    with ports.files.turn(path):
        return _bring_up_to_date(key, path, ports, certified_by)


def _bring_up_to_date(key: Key, path: Path, ports: ExportPorts, certified_by: Collection[KeyId]) -> Exported:
    whole = ports.certificates.whole([key.fingerprint])
    old = _old(path, key.fingerprint, ports)
    copies = [whole] if old is None else [whole, serialised(old.certificate)]
    certified = [certified_only_by(parse_one(whole), certified_by)]
    if old is not None:
        certified.append(old.certificate)
    content = _armored(with_certifications(_own(key.fingerprint, ports.certificates, copies), certified))
    if old is not None and content == old.content:
        return Exported(key, path, ExportOutcome.UNCHANGED)
    ports.bounded.make(path.parent)
    ports.files.replace(path, content, expected=None if old is None else old.content)
    return Exported(key, path, ExportOutcome.MADE if old is None else ExportOutcome.CHANGED)


def _old(path: Path, fingerprint: Fingerprint, ports: ExportPorts) -> StoredKey | None:
    if path.name not in names_in(path.parent, ports.bounded):
        return None
    old = read_key(path, ports.bounded, follow_link=False)
    if old.certificate.fingerprint != fingerprint:
        raise FormatError(
            f"{path}: holds the key {old.certificate.fingerprint}, which its name does not say",
            "ask who put it there, and remove it",
        )
    return old


def _own(fingerprint: Fingerprint, certificates: Certificates, copies: Sequence[bytes]) -> Certificate:
    return parse_one(certificates.minimal(fingerprint, copies))


def _armored(certificate: Certificate) -> bytes:
    return armored(serialised(canonical(certificate)))
