"""Armor (RFC 9580, 6.2): taken off keys and messages as a stranger wrote it, put on keys always in the same way.

The same bytes get the same armor from every version of gpg, so that git shows a change only where a key changed.
"""

import re
from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from textwrap import wrap

from eyamlgpg.errors import FormatError

PUBLIC_KEY = b"PGP PUBLIC KEY BLOCK"
MESSAGE = b"PGP MESSAGE"
SIGNATURE = b"PGP SIGNATURE"
_MESSAGE_STARTS = b"-----BEGIN " + MESSAGE + b"-----"

_BLOCK = re.compile(
    rb"-----BEGIN (PGP [A-Z ]++)-----[ \t]*+\r?\n"
    rb"(?:[^\r\n:]++:[^\r\n]*+\r?\n){0,50}[ \t]*+\r?\n"
    rb"([A-Za-z0-9+/=\s]*+)-----END \1-----"
)
_BEGIN = re.compile(rb"-----BEGIN PGP ")
_WIDTH = 64


def armored(binary: bytes, name: bytes = PUBLIC_KEY) -> bytes:
    """A block, of a public key unless named otherwise: 64 characters a line, the checksum, and no header line."""
    lines = "\n".join(wrap(b2a_base64(binary, newline=False).decode("ascii"), _WIDTH))
    checksum = b2a_base64(_crc24(binary).to_bytes(3), newline=False).decode("ascii")
    mark = name.decode("ascii")
    return f"-----BEGIN {mark}-----\n\n{lines}\n={checksum}\n-----END {mark}-----\n".encode("ascii")


def dearmored(content: bytes, wanted: bytes = PUBLIC_KEY, what: str = "key") -> bytes:
    """What the armored blocks of a file hold, one behind the other; a file without armor as it is.

    FormatError for armor that is damaged, and for blocks of anything but what is wanted: public keys, if not told
    otherwise.
    """
    begun = len(_BEGIN.findall(content))
    if not begun:
        return content
    blocks = _BLOCK.findall(content)
    for name, _ in blocks:
        if name != wanted:
            raise FormatError(f"holds a {_called(name)}, not a {'public key' if what == 'key' else what}")
    if len(blocks) != begun:
        raise FormatError(f"the armor of the {what} is damaged or cut short")
    return b"".join(_decoded(body, what) for _, body in blocks)


def is_armored_message(content: bytes) -> bool:
    """Whether this starts as an armored message: some have put the base64 of one into `ENC[…]`, and gpg reads it."""
    return content.startswith(_MESSAGE_STARTS)


def message_of(content: bytes) -> bytes | None:
    """The binary form of one armored message; None where the block is cut short, or something follows it.

    FormatError for armor that is damaged.
    """
    block = _BLOCK.match(content)
    if block is None or block[1] != MESSAGE or content[block.end() :].strip():
        return None
    return _decoded(block[2], "OpenPGP message")


def _called(name: bytes) -> str:
    return "secret key" if b"PRIVATE" in name or b"SECRET" in name else name.decode("ascii")


def _decoded(body: bytes, what: str) -> bytes:
    """The bytes of a block; the checksum, if any, tells nothing (RFC 9580, 6.1) and is passed over."""
    lines = body.split()
    if lines and lines[-1].startswith(b"=") and len(lines[-1]) == 5:
        del lines[-1]
    try:
        return a2b_base64(b"".join(lines), strict_mode=True)
    except Base64Error:
        raise FormatError(f"the armor of the {what} is damaged") from None


def _crc24(binary: bytes) -> int:
    """RFC 9580, 6.1.1."""
    checksum = 0xB704CE
    for octet in binary:
        checksum ^= octet << 16
        for _ in range(8):
            checksum <<= 1
            if checksum & 0x1000000:
                checksum ^= 0x1864CFB
    return checksum
