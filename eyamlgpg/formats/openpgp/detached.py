"""Detached signatures in a file: taken apart into their packets, and put together again."""

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.openpgp import armor, packets
from eyamlgpg.formats.openpgp.signature import Signature
from eyamlgpg.model.approval import MOST_SIGNATURES

_SIGNATURE = 2
"""The tag of a signature packet."""

_DAMAGED = "the signature is damaged or cut short"


def parted(content: bytes) -> tuple[bytes, ...]:
    """Each signature of a file, armored or not, as one binary packet; FormatError for anything else in it."""
    binary = armor.dearmored(content, armor.SIGNATURE, "signature")
    found: list[bytes] = []
    place = 0
    try:
        while place < len(binary):
            tag, body, length, is_partial = packets.header(binary, place)
            end = body + length
            if tag != _SIGNATURE or is_partial or end > len(binary):
                raise FormatError(_DAMAGED)
            found.append(binary[place:end])
            place = end
    except IndexError:
        raise FormatError(_DAMAGED) from None
    if len(found) > MOST_SIGNATURES:
        raise FormatError(f"holds {len(found):,} signatures, which is more than {MOST_SIGNATURES}")
    return tuple(found)


def joined(signatures: tuple[bytes, ...]) -> bytes:
    """One armored file of these."""
    return armor.armored(b"".join(signatures), armor.SIGNATURE)


def newest(content: bytes) -> float:
    """When the youngest of these signatures says that it was made, in seconds since 1970; unverified, 0 for none."""
    dates = []
    for packet in parted(content):
        _, body, _, _ = packets.header(packet, 0)
        dates.append(Signature.read(packet[body:]).created.timestamp())
    return max(dates, default=0.0)
