"""Public keys as packets: which keys a file holds, who signed what, and one stable form to write them in.

    primary key, signatures on it
    user ID, signatures on it               …
    subkey, its binding signature           …

Nothing here verifies a signature: gpg does when it imports, and what it refuses never reaches the keyring. What is read
here is what decides before an import (how many keys, whose, secret or not) and what to write after an export.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha1, sha256

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.openpgp.armor import dearmored
from eyamlgpg.formats.openpgp.packets import MARKER, PADDING, header
from eyamlgpg.formats.openpgp.signature import Signature
from eyamlgpg.model.keys import Fingerprint, KeyId

# The types of packet that a key may consist of (RFC 9580, 5).
SIGNATURE, SECRET_KEY, PUBLIC_KEY, SECRET_SUBKEY, TRUST = 2, 5, 6, 7, 12
USER_ID, PUBLIC_SUBKEY, USER_ATTRIBUTE = 13, 14, 17

NO_KEY = "is no OpenPGP public key"

_SECRET = (SECRET_KEY, SECRET_SUBKEY)
_PASSED_OVER = (MARKER, PADDING, TRUST)


@dataclass(frozen=True, slots=True)
class Component:
    """A primary key, user ID or subkey, with the signatures behind it."""

    tag: int
    body: bytes
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True, slots=True)
class Certificate:
    """One public key, whole."""

    primary: Component
    user_ids: tuple[Component, ...]
    """User attributes (photographs) included."""
    subkeys: tuple[Component, ...]

    @property
    def fingerprint(self) -> Fingerprint:
        """The fingerprint of the primary key (RFC 9580, 5.5.4; version 5: the LibrePGP draft)."""
        body = self.primary.body
        match body[0]:
            case 4:
                return _hexadecimal(sha1(b"\x99" + len(body).to_bytes(2) + body, usedforsecurity=False).digest())
            case 5:
                return _hexadecimal(sha256(b"\x9a" + len(body).to_bytes(4) + body).digest())
            case 6:
                return _hexadecimal(sha256(b"\x9b" + len(body).to_bytes(4) + body).digest())
            case version:
                raise FormatError(f"holds a key of version {version}, which nobody can use safely today")

    @property
    def key_id(self) -> KeyId:
        """The end of a version 4 fingerprint, the beginning of a later one."""
        fingerprint = self.fingerprint
        return KeyId(fingerprint[-16:] if self.primary.body[0] == 4 else fingerprint[:16])

    @property
    def names(self) -> tuple[str, ...]:
        """The user IDs as text; bytes that are not UTF-8 become U+FFFD."""
        return tuple(part.body.decode("utf-8", "replace") for part in self.user_ids if part.tag == USER_ID)

    @property
    def components(self) -> tuple[Component, ...]:
        """Every part, the primary key first."""
        return (self.primary, *self.user_ids, *self.subkeys)

    def is_own(self, signature: Signature) -> bool:
        """Whether the primary key made a signature, by what the signature says of itself."""
        return signature.issuer == self.key_id


def parse(content: bytes) -> tuple[Certificate, ...]:
    """Every public key of a file, armored or not; FormatError for a secret key and for anything that is no key."""
    certificates: list[Certificate] = []
    for tag, body in packets_of(dearmored(content)):
        if tag in _SECRET:
            raise FormatError("holds a secret key, not a public key")
        if tag == PUBLIC_KEY:
            certificates.append(Certificate(Component(tag, body), (), ()))
        elif not certificates:
            raise FormatError(NO_KEY)
        else:
            certificates[-1] = _with(certificates[-1], tag, body)
    if not certificates:
        raise FormatError(NO_KEY)
    for certificate in certificates:
        _ = certificate.fingerprint  # raises for a version that is not known
    return tuple(certificates)


def parse_one(content: bytes) -> Certificate:
    """The one public key of a file; FormatError for more than one, and as `parse`."""
    certificates = parse(content)
    if len(certificates) > 1:
        listed = ", ".join(certificate.fingerprint for certificate in certificates)
        raise FormatError(f"holds {len(certificates)} keys ({listed}), and one key a file is taken")
    return certificates[0]


def serialised(certificate: Certificate) -> bytes:
    """The packets of a key, every header in the new format with the shortest length (RFC 9580, 4.2.1)."""
    return b"".join(
        _packet(component.tag, component.body)
        + b"".join(_packet(SIGNATURE, signature.body) for signature in component.signatures)
        for component in certificate.components
    )


def canonical(certificate: Certificate) -> Certificate:
    """The same key in the one order that does not depend on which keyring it comes from.

    User IDs by their bytes, subkeys by age, signatures by age; gpg chooses the primary user ID and the newest subkey
    by their self-signatures, so no meaning is lost.
    """
    return Certificate(
        _sorted(certificate.primary),
        tuple(sorted(map(_sorted, certificate.user_ids), key=lambda part: (part.tag, part.body))),
        # Made in the same second they keep their order: the first of them is the one that gpg takes.
        tuple(sorted(map(_sorted, certificate.subkeys), key=lambda part: part.body[1:5])),
    )


def with_certifications(certificate: Certificate, sources: Iterable[Certificate]) -> Certificate:
    """The key with others' certifications of its user IDs from other copies of it: of each person the newest.

    Local ones never count.
    """
    found: dict[tuple[int, bytes], list[Signature]] = {}
    for source in sources:
        for user_id in source.user_ids:
            others = [signature for signature in user_id.signatures if not source.is_own(signature)]
            found.setdefault((user_id.tag, user_id.body), []).extend(others)
    return replace(
        certificate,
        user_ids=tuple(
            replace(user_id, signatures=_newest_each(user_id.signatures, found.get((user_id.tag, user_id.body), ())))
            for user_id in certificate.user_ids
        ),
    )


def certified_only_by(certificate: Certificate, issuers: Collection[KeyId]) -> Certificate:
    """The key without anybody's certifications of its user IDs but these people's."""
    return replace(
        certificate,
        user_ids=tuple(
            replace(user_id, signatures=tuple(one for one in user_id.signatures if one.issuer in issuers))
            for user_id in certificate.user_ids
        ),
    )


def _newest_each(present: Sequence[Signature], more: Iterable[Signature]) -> tuple[Signature, ...]:
    newest: dict[KeyId, Signature] = {}
    for signature in more:
        if signature.is_certification and signature.is_exportable and signature.issuer is not None:
            known = newest.get(signature.issuer)
            if known is None or signature.age > known.age:
                newest[signature.issuer] = signature
    return (*present, *newest.values())


def self_signatures(certificate: Certificate) -> Iterator[Signature]:
    """The newest self-signature of each part: those that gpg and others judge the key by."""
    for component in certificate.components:
        own = [signature for signature in component.signatures if certificate.is_own(signature)]
        standing = [signature for signature in own if not signature.is_revocation]
        if standing:
            yield max(standing, key=lambda signature: signature.age)


def is_newer(candidate: Certificate, known: Certificate) -> bool:
    """Whether a copy of a key says something of its owner's that another copy does not know yet.

    That is a user ID or subkey, a revocation, or a later self-signature (an expiry moved). Others' certifications
    do not count.
    """
    parts = {(part.tag, part.body): part for part in known.components}
    for part in candidate.components:
        here = parts.get((part.tag, part.body))
        if here is None:
            return True
        ours = [signature for signature in here.signatures if known.is_own(signature)]
        latest = max((signature.created for signature in ours), default=datetime.fromtimestamp(0, UTC))
        for signature in part.signatures:
            if not candidate.is_own(signature) or signature in ours:
                continue
            if signature.is_revocation or signature.created > latest:
                return True
    return False


def _with(certificate: Certificate, tag: int, body: bytes) -> Certificate:
    """The key with one packet more behind it."""
    if tag in (USER_ID, USER_ATTRIBUTE):
        return replace(certificate, user_ids=(*certificate.user_ids, Component(tag, body)))
    if tag == PUBLIC_SUBKEY:
        return replace(certificate, subkeys=(*certificate.subkeys, Component(tag, body)))
    if tag != SIGNATURE:
        raise FormatError(f"holds a packet of type {tag}, which is no part of a public key")
    signature = Signature.read(body)
    if certificate.subkeys:
        return replace(certificate, subkeys=(*certificate.subkeys[:-1], _signed(certificate.subkeys[-1], signature)))
    if certificate.user_ids:
        return replace(certificate, user_ids=(*certificate.user_ids[:-1], _signed(certificate.user_ids[-1], signature)))
    return replace(certificate, primary=_signed(certificate.primary, signature))


def _signed(component: Component, signature: Signature) -> Component:
    return replace(component, signatures=(*component.signatures, signature))


def _sorted(component: Component) -> Component:
    return replace(component, signatures=tuple(sorted(set(component.signatures), key=lambda one: one.age)))


def packets_of(binary: bytes) -> Iterator[tuple[int, bytes]]:
    """The tag and body of each packet of a key's file, without armor; FormatError where it is cut short."""
    place = 0
    while place < len(binary):
        try:
            tag, body, length, is_partial = header(binary, place)
        except (FormatError, IndexError):
            raise _unreadable(place) from None
        if is_partial or not length or body + length > len(binary):
            raise _unreadable(place)
        place = body + length
        if tag not in _PASSED_OVER:
            yield tag, binary[body:place]


def _unreadable(place: int) -> FormatError:
    return FormatError("the OpenPGP key is damaged or cut short" if place else NO_KEY)


def _packet(tag: int, body: bytes) -> bytes:
    length = len(body)
    if length < 192:
        octets = bytes([length])
    elif length < 8384:
        octets = bytes([(length - 192 >> 8) + 192, (length - 192) & 0xFF])
    else:
        octets = b"\xff" + length.to_bytes(4)
    return bytes([0xC0 | tag]) + octets + body


def _hexadecimal(digest: bytes) -> Fingerprint:
    return Fingerprint(digest.hex().upper())
