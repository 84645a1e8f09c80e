"""A revocation of a key alone in a file, as gpg keeps one beside each key that it makes (`FINGERPRINT.rev`)."""

from dataclasses import replace

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.openpgp.armor import dearmored
from eyamlgpg.formats.openpgp.certificate import SIGNATURE, Certificate, packets_of
from eyamlgpg.formats.openpgp.signature import REVOKED_KEY, Signature

_GUARDED = b"\n:-----BEGIN PGP "
"""gpg puts a colon before the armor, so that nobody uses the file by accident."""


def revocation_in(content: bytes) -> Signature | None:
    """The signature that revokes a key, unverified, where a file holds it and nothing else; None for any other file."""
    try:
        found = list(packets_of(dearmored(content.replace(_GUARDED, _GUARDED.replace(b":", b"")))))
        if [tag for tag, _ in found] != [SIGNATURE]:
            return None
        signature = Signature.read(found[0][1])
    except FormatError:
        return None
    return signature if signature.kind == REVOKED_KEY else None


def revoked(certificate: Certificate, signature: Signature) -> Certificate:
    """The same key with its revocation."""
    primary = certificate.primary
    return replace(certificate, primary=replace(primary, signatures=(*primary.signatures, signature)))
