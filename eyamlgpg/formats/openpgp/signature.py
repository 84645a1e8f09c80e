"""What a signature packet says of itself: what it is for, who made it, when, with which hash (RFC 9580, 5.2)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from eyamlgpg.errors import FormatError
from eyamlgpg.model.keys import KeyId

GENERIC, POSITIVE, REVOKED_CERTIFICATION = 0x10, 0x13, 0x30
REVOKED_KEY, REVOKED_SUBKEY = 0x20, 0x28

MD5, SHA1, RIPEMD160 = 1, 2, 3

HASHES = {MD5: "MD5", SHA1: "SHA-1", RIPEMD160: "RIPEMD-160"}
"""The hash algorithms that are no longer good for signatures (RFC 9580, 9.5)."""

_CREATED, _EXPORTABLE, _ISSUER, _ISSUER_FINGERPRINT = 2, 4, 16, 33
_DAMAGED = "the OpenPGP key has a damaged signature"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature packet, unverified."""

    body: bytes = field(repr=False)
    kind: int = field(compare=False)
    """0x10 to 0x13 certify a user ID, 0x18 binds a subkey, 0x20, 0x28 and 0x30 revoke."""
    hash_algorithm: int = field(compare=False)
    created: datetime = field(compare=False)
    issuer: KeyId | None = field(compare=False)
    """The key that says to have made it; None where it does not say."""
    is_exportable: bool = field(compare=False)
    """False for a local one, which is meant for one keyring."""

    @classmethod
    def read(cls, body: bytes) -> "Signature":
        """A signature packet's body; FormatError where it is damaged or of an unknown version."""
        try:
            return _version_3(body) if body[0] == 3 else _version_4(body)
        except (IndexError, OverflowError, OSError, ValueError):
            raise FormatError(_DAMAGED) from None

    @property
    def is_certification(self) -> bool:
        """Whether it certifies a user ID, or takes such a certification back."""
        return GENERIC <= self.kind <= POSITIVE or self.kind == REVOKED_CERTIFICATION

    @property
    def is_revocation(self) -> bool:
        """Whether it revokes a key, a subkey or a certification."""
        return self.kind in (REVOKED_KEY, REVOKED_SUBKEY, REVOKED_CERTIFICATION)

    @property
    def age(self) -> tuple[datetime, bytes]:
        """What signatures are sorted by: the younger is greater, and no two differ without an order."""
        return self.created, self.body


def _version_3(body: bytes) -> Signature:
    created = datetime.fromtimestamp(int.from_bytes(body[3:7]), UTC)
    return Signature(body, body[2], body[16], created, _key_id(body[7:15]), is_exportable=True)


def _version_4(body: bytes) -> Signature:
    """Versions 4 and 5 count their subpackets in two octets, version 6 in four."""
    if body[0] not in (4, 5, 6):
        raise FormatError(f"the OpenPGP key has a signature of the unknown version {body[0]}")
    width = 4 if body[0] == 6 else 2
    hashed_end = 4 + width + int.from_bytes(body[4 : 4 + width])
    unhashed_end = hashed_end + width + int.from_bytes(body[hashed_end : hashed_end + width])
    if unhashed_end >= len(body):
        raise FormatError(_DAMAGED)
    created, issuer, is_exportable = datetime.fromtimestamp(0, UTC), None, True
    hashed = list(_subpackets(body[4 + width : hashed_end]))
    for kind, content in [*hashed, *_subpackets(body[hashed_end + width : unhashed_end])]:
        if kind == _ISSUER_FINGERPRINT:
            issuer = _key_id(content[-8:] if content[0] == 4 else content[1:9])
        elif kind == _ISSUER and issuer is None:
            issuer = _key_id(content)
    for kind, content in hashed:
        if kind == _CREATED:
            created = datetime.fromtimestamp(int.from_bytes(content), UTC)
        elif kind == _EXPORTABLE:
            is_exportable = content != b"\0"
    return Signature(body, body[1], body[3], created, issuer, is_exportable)


def _subpackets(area: bytes) -> Iterator[tuple[int, bytes]]:
    """The type and content of each subpacket (RFC 9580, 5.2.3.7)."""
    place = 0
    while place < len(area):
        length, start = area[place], place + 1
        if 192 <= length < 255:
            length, start = (length - 192 << 8) + area[place + 1] + 192, place + 2
        elif length == 255:
            length, start = int.from_bytes(area[place + 1 : place + 5]), place + 5
        place = start + length
        if not length or place > len(area):
            raise FormatError(_DAMAGED)
        yield area[start] & 0x7F, area[start + 1 : place]


def _key_id(octets: bytes) -> KeyId:
    if len(octets) != 8:
        raise FormatError(_DAMAGED)
    return KeyId(octets.hex().upper())
