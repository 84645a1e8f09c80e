"""Keys out of the files that a repository keeps of them, as a listing would give them but for any validity.

Anybody who may push can put files there: what is not a public key is passed over, and no signature is verified.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.openpgp.certificate import Certificate, Component, parse
from eyamlgpg.model.keys import Fingerprint, Key, OwnerTrust, Subkey, UserId, Validity


def keys_in(content: bytes) -> Iterator[Key]:
    """Every key of a file, armored or not; none for a file that is not of public keys."""
    try:
        certificates = parse(content)
    except FormatError:
        return
    yield from map(_key, certificates)


def _key(certificate: Certificate) -> Key:
    return Key(
        primary=_part(certificate.primary),
        ownertrust=OwnerTrust.UNKNOWN,
        user_ids=tuple(UserId(name, Validity.UNKNOWN) for name in certificate.names),
        subkeys=tuple(part for one in certificate.subkeys for part in _known(one)),
    )


def _known(component: Component) -> Iterator[Subkey]:
    try:
        yield _part(component)
    except (FormatError, IndexError):
        return  # of a version that no message can name


def _part(component: Component) -> Subkey:
    # A subkey's fingerprint is made as a primary key's (RFC 9580, 5.5.4).
    alone = Certificate(component, (), ())
    return Subkey(
        fingerprint=Fingerprint(alone.fingerprint),
        key_id=alone.key_id,
        algorithm="",
        created=datetime.fromtimestamp(int.from_bytes(component.body[1:5]), UTC),
        expires=None,
        validity=Validity.UNKNOWN,
        capabilities=frozenset(),
    )
