"""Whether bytes start like an encrypted message: of OpenPGP, or of PKCS7."""

from eyamlgpg.formats.openpgp.packets import looks_like_openpgp

_SEQUENCE = 0x30
_ENVELOPED_DATA = bytes.fromhex("06092a864886f70d010703")
"""The object identifier that the outer sequence begins with (RFC 2315, 14), behind a header of at most six octets."""
_LONGEST_HEADER = 6


def looks_like_pkcs7(message: bytes) -> bool:
    """Whether the bytes start like PKCS7 enveloped data."""
    start = message[: _LONGEST_HEADER + len(_ENVELOPED_DATA)]
    return start[:1] == bytes([_SEQUENCE]) and _ENVELOPED_DATA in start


def looks_encrypted(message: bytes) -> bool:
    """Whether the bytes start like either."""
    return looks_like_openpgp(message) or looks_like_pkcs7(message)
