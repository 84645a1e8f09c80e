"""How much a message may unfold to: a compressed one of a few kilobytes can hold gigabytes of nothing."""

from eyamlgpg.errors import OversizedPlaintext
from eyamlgpg.model.messages import Decrypted

MEBIBYTE = 1 << 20

PLAINTEXT = 256 * MEBIBYTE
"""Bytes in one plaintext; a longer one is refused."""

TOGETHER = 1024 * MEBIBYTE
"""Bytes of values that are held at a time: all plaintexts of one file, all new messages of the files under way."""

AT_ONCE = 8 * MEBIBYTE
"""Bytes in one plaintext while others are being opened beside it; a longer one is opened again, alone."""


def oversized(what: str, limit: int) -> Decrypted:
    """The result for what unfolds beyond a limit; `what` is the sentence's beginning: `it unfolds`."""
    return Decrypted(None, OversizedPlaintext(f"{what} to more than {in_words(limit)}, which is refused"))


def in_words(size: int) -> str:
    """A limit for a sentence: `256 MiB`."""
    return f"{size // MEBIBYTE} MiB"
