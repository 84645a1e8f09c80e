"""Which keys an OpenPGP message is encrypted to, read from its packet headers without any key.

Only headers are walked, and of each session key packet the key ID is read (RFC 9580, sections 4.2 and 5.1; for tag 20,
which gpg 2.4 writes to keys that allow it, the LibrePGP draft). The encrypted data is never copied and nothing is
decompressed. A general parser (Sequoia's) would copy the one, and it unpacks a compressed packet of 300 kB
into as many megabytes; the tests hold the two against each other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.openpgp import armor
from eyamlgpg.formats.openpgp.leading_key_ids import PKESK, leading_key_ids
from eyamlgpg.model.key_ids import HIDDEN_KEY_ID, KeyId

# The types of packet that an encrypted message may consist of, beside PKESK (RFC 9580, 5; OCB: LibrePGP).
SKESK, SED, MARKER, SEIPD, OCB, PADDING = 3, 9, 10, 18, 20, 21

PASSED_OVER = frozenset({MARKER, PADDING})
"""Packets that every reader ignores (RFC 9580, 5.8 and 5.14)."""

SAYS = b"PGP"
"""All that a marker holds (RFC 9580, 5.8)."""

SESSION_KEYS = frozenset({PKESK, SKESK})
ENCRYPTED_DATA = frozenset({SED, SEIPD, OCB})

VERSIONS = {PKESK: b"\2\3\6", SKESK: b"\4\5\6", SEIPD: b"\1\2", OCB: b"\1"}
"""The versions of these packets that are known; the version is the first octet of the body."""

NAMES = {PKESK: "PKESK", SKESK: "SKESK", SEIPD: "SEIPD", OCB: "OCB"}

OTHER_CONTENT = {
    2: "a signature",
    4: "a signed message",
    5: "a secret key",
    6: "a public key",
    8: "compressed data",
    11: "literal data",
}
"""What else may be found in `ENC[…]`, by the tag of its first packet."""


@dataclass(frozen=True, slots=True)
class Message:
    """What an encrypted message tells without being decrypted."""

    key_ids: tuple[KeyId, ...]
    """Of the (sub)keys that it is encrypted to, in its order; HIDDEN_KEY_ID for each hidden recipient."""
    integrity_protected: bool
    """False for the old kind (tag 9), which anybody can change unnoticed."""
    symmetric: bool
    """Whether a passphrase opens it too."""
    behind_first: int = field(default=0, compare=False, repr=False)
    """Where the session keys end that it begins with, or most of them; 0 for an armored message."""


def looks_like_openpgp(message: bytes) -> bool:
    """Whether the bytes start like an encrypted OpenPGP message: the first header, and the version behind it.

    PKCS7 (DER, 0x30) does not, and prose that happens to be base64 hardly ever does. A message that starts with the
    old tag 9 is not known, as that has no version: there is always a session key before it, but in those of PGP 2.
    """
    if armor.is_armored_message(message):
        return True
    try:
        tag, body, length, _ = header(message, 0)
        if tag == MARKER:
            return message[body : body + length] == SAYS
        return message[body] in VERSIONS.get(tag, b"")
    except (FormatError, IndexError):
        return False


def read(message: bytes) -> Message:
    """What a message, binary or armored, tells; FormatError for anything but one whole encrypted OpenPGP message."""
    if not message:
        raise FormatError("not an OpenPGP message, but nothing at all")
    is_armored = armor.is_armored_message(message)
    if is_armored:
        message = _unarmored(message)
    symmetric, encrypted_data, behind_first = False, None, 0
    try:
        key_ids, behind_first = leading_key_ids(message)
        for tag, body, end in _packets(message, behind_first):
            if encrypted_data is not None:
                raise FormatError("something follows the end of the OpenPGP message")
            if tag == PKESK:
                key_ids.append(_key_id(message[body:end]))
            elif tag == SKESK:
                symmetric = True
            else:
                encrypted_data = tag
    except IndexError:
        raise _cut_short() from None
    if encrypted_data is None:
        raise _cut_short()
    return Message(tuple(key_ids), encrypted_data != SED, symmetric, 0 if is_armored else behind_first)


def _unarmored(message: bytes) -> bytes:
    binary = armor.message_of(message)
    if binary is None:
        raise _cut_short()
    return binary


def _packets(message: bytes, place: int) -> Iterator[tuple[int, int, int]]:
    """The tag of each packet at the top of an encrypted message, where its body starts and where it ends."""
    while place < len(message):
        tag, body, length, is_partial = header(message, place)
        place = _end(message, body + length) if is_partial else body + length
        if tag == MARKER and message[body:place] != SAYS:
            raise FormatError("the OpenPGP message has a marker that does not say PGP, and gpg refuses it")
        if tag in PASSED_OVER:
            continue
        if tag not in SESSION_KEYS and tag not in ENCRYPTED_DATA:
            what = OTHER_CONTENT.get(tag, f"a packet of type {tag}")
            raise FormatError(f"not an encrypted OpenPGP message, but {what}")
        if tag in SESSION_KEYS and is_partial:
            raise FormatError("a session key of the OpenPGP message comes in parts, which the standard forbids")
        if place > len(message):
            raise _cut_short()
        if not length:
            raise FormatError("the OpenPGP message has an empty packet")
        if tag in VERSIONS and message[body] not in VERSIONS[tag]:
            raise FormatError(f"the OpenPGP message has a {NAMES[tag]} of the unknown version {message[body]}")
        yield tag, body, place
    if place > len(message):
        raise _cut_short()


def header(message: bytes, place: int) -> tuple[int, int, int, bool]:
    """Of the packet at a place: its tag, where its body starts, the length of it or of its first part, and which.

    RFC 9580, section 4.2. IndexError where the message ends within the header.
    """
    first = message[place]
    if not first & 0x80:
        raise FormatError(f"the OpenPGP message is damaged at byte {place}" if place else "not an OpenPGP message")
    if first & 0x40:
        return first & 0x3F, *_length(message, place + 1)
    tag, octets = first >> 2 & 0x0F, 1 << (first & 3)
    is_partial = False
    if octets == 8:  # the old format's indeterminate length: to the end of the file
        return tag, place + 1, len(message) - place - 1, is_partial
    body = place + 1 + octets
    return tag, body, int.from_bytes(message[place + 1 : body]), is_partial


def _length(message: bytes, place: int) -> tuple[int, int, bool]:
    """Where the body starts after a length of the new format, the length, and whether it is but a part's (4.2.1)."""
    first = message[place]
    if first < 192:
        return place + 1, first, False
    if first < 224:
        return place + 2, (first - 192 << 8) + message[place + 1] + 192, False
    if first < 255:
        return place + 1, 1 << (first & 0x1F), True
    return place + 5, int.from_bytes(message[place + 1 : place + 5]), False


def _end(message: bytes, place: int) -> int:
    """Where a packet ends whose first part ends at a place; beyond the message's end if that is cut short."""
    is_partial = True
    while is_partial:
        body, length, is_partial = _length(message, place)
        place = body + length
    return place


def _key_id(body: bytes) -> KeyId:
    """The key that a public-key encrypted session key packet is for (RFC 9580, 5.1).

    Version 6 names a fingerprint: of a version 4 key the key ID is its end, of a later one its beginning (5.5.4).
    """
    if body[0] < 6:
        key_id = body[1:9]
    else:
        size = body[1]
        if not size:
            return HIDDEN_KEY_ID
        fingerprint = body[3 : 2 + size]
        key_id = fingerprint[-8:] if body[2] == 4 else fingerprint[:8]
    if len(key_id) < 8:
        raise FormatError("the OpenPGP message has a damaged session key packet")
    return KeyId(key_id.hex().upper())


def _cut_short() -> FormatError:
    return FormatError("the OpenPGP message is cut short", "take the value from an older version of the file")
