"""The key of somebody who joins: found, put on the keyring, certified, and stored for everybody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from eyamlgpg.errors import RecipientError
from eyamlgpg.formats.openpgp.certificate import Certificate, parse_one, serialised
from eyamlgpg.formats.openpgp.copies import is_newer
from eyamlgpg.model.claimed_names import without_claims
from eyamlgpg.model.keys import Fingerprint, Key
from eyamlgpg.model.matching import KeyNames
from eyamlgpg.operations.keys.export import ExportOutcome, export
from eyamlgpg.operations.keys.select import select_each
from eyamlgpg.operations.keys.sign import SigningPorts, SigningRequest, certify, choose_signer, good
from eyamlgpg.operations.people.former import FORMER, KeyFiles, holds
from eyamlgpg.operations.readers.person import find_person
from eyamlgpg.operations.tree.stored_keys import KEYS, path_of, read_key


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A key, and which of its steps are done."""

    key: Key
    """As the keyring has it, or would have it."""
    certificate: bytes | None
    """To be imported; None where the keyring knows all of it."""
    is_certified: bool
    is_stored: bool

    @property
    def steps(self) -> tuple[tuple[str, bool], ...]:
        """What is to be done with the key, and whether it is done."""
        return (
            ("imported", self.certificate is None),
            ("certified", self.is_certified),
            (f"stored in {KEYS.as_posix()}", self.is_stored),
        )


@dataclass(frozen=True, slots=True)
class NewcomerPorts:
    """The world of a newcomer's key."""

    signing: SigningPorts
    bounded: KeyFiles
    root: Path
    now: datetime
    listed: Callable[[bytes], Key]
    """How a keyring would list a public key that is not on it."""
    stored: Sequence[bytes]
    """The keys of the repository, those of people who left included."""


def find(word: str, file: Path | None, ports: NewcomerPorts, *, exportable: bool) -> Newcomer:
    """Whose key a file holds, or a name means on the keyring or among the keys of the repository."""
    content = None if file is None else serialised(read_key(file, ports.bounded, follow_link=True).certificate)
    ring = ports.signing.keyring.keys()
    keys = {key.fingerprint: key for key in ring}
    if content is None:
        content = _of_name(word, keys, ports)
    if content is not None:
        fingerprint = parse_one(content).fingerprint
        if fingerprint in keys and not is_newer(parse_one(content), _whole(fingerprint, ports)):
            content = None
    else:
        [key] = select_each(ports.signing.keyring, [word])
        fingerprint = key.fingerprint
    key = keys[fingerprint] if content is None else ports.listed(content)
    known = keys.get(fingerprint)
    is_certified = known is not None and known.validity.is_certified
    if exportable and known is not None and is_certified and not known.primary.has_secret:
        is_certified = _is_exportable(known, ports)
    is_own = known is not None and known.primary.has_secret
    if not is_certified and not is_own:
        # Before anything is done: without a key of one's own nothing can be certified.
        choose_signer(SigningRequest(fingerprint, ports.now), ports.signing.keyring)
    path = path_of(ports.root, fingerprint)
    return Newcomer(key, content, is_certified, path.name in ports.bounded.names(path.parent))


def take(newcomer: Newcomer, ports: NewcomerPorts, *, exportable: bool) -> tuple[str, ...]:
    """Import, certify after a yes, and store; what was done. Raises where the fingerprint is not confirmed."""
    done: list[str] = []
    key, signing = newcomer.key, ports.signing
    if newcomer.certificate is not None:
        signing.export.certificates.take(newcomer.certificate)
        done.append(f"{key.user_id}: imported, {key.fingerprint}")
    path, former = path_of(ports.root, key.fingerprint), ports.root / FORMER / f"{key.fingerprint}.asc"
    if not newcomer.is_stored and former.name in ports.bounded.names(former.parent):
        ports.bounded.move(former, path)
        done.append(f"{(KEYS / path.name).as_posix()}: moved back from {FORMER.as_posix()}")
    if not newcomer.is_certified:
        certify(SigningRequest(key.fingerprint, ports.now, exportable=exportable), signing)
        done.append(f"{key.user_id}: certified, {'for everybody' if exportable else 'on this keyring alone'}")
    exported = export(key, signing.stored, signing.export)
    if exported.outcome is not ExportOutcome.UNCHANGED or (exportable and not newcomer.is_certified):
        done.append(f"{(KEYS / exported.path.name).as_posix()}: stored")
    return tuple(done)


def _of_name(word: str, keys: dict[Fingerprint, Key], ports: NewcomerPorts) -> bytes | None:
    """The key of the repository that a name means which no key of the keyring has; None where the keyring has it."""
    if without_claims(KeyNames(keys.values()).find(word).matches):
        return None
    found = find_person(word, (), ports.stored)
    if len(found.fingerprints) != 1:
        select_each(ports.signing.keyring, [word])  # which says that there is none, with the nearest names
        raise RecipientError(f"{word}: means {len(found.fingerprints)} keys of the repository", "write the fingerprint")
    content = next(content for content in ports.stored if holds(content, found.fingerprints[0]))
    return serialised(parse_one(content))


def _whole(fingerprint: Fingerprint, ports: NewcomerPorts) -> Certificate:
    return parse_one(ports.signing.export.certificates.whole([fingerprint]))


def _is_exportable(key: Key, ports: NewcomerPorts) -> bool:
    """True if one of the user's own keys certified it for everybody."""
    ring = ports.signing.keyring.keys()
    own = {one.primary.key_id for one in ring if one.primary.has_secret}
    seen = good(ports.signing.certifier.certifications_of(key))
    return any(one.is_exportable and one.issuer in own for one in seen)
