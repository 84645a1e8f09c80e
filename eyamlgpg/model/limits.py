"""How much a message may unfold to: a compressed one of a few kilobytes can hold gigabytes of nothing."""

from eyamlgpg.errors import FileProblem

MEBIBYTE = 1 << 20

PLAINTEXT = 256 * MEBIBYTE
"""Bytes in one plaintext; a longer one is refused."""

TOGETHER = 1024 * MEBIBYTE
"""Bytes of values that are held at a time: all plaintexts of one file, all new messages of the files under way."""

AT_ONCE = 8 * MEBIBYTE
"""Bytes in one plaintext while others are being opened beside it; a longer one is opened again, alone."""


FILE = 512 * MEBIBYTE
"""Bytes in one file of a tree: the longest plaintext as base64 is some 350 MiB, and a sparse file costs nobody room."""

BASELINE = 8 * MEBIBYTE
"""Bytes; an entry has some 150, and is read in a quarter of a millisecond."""


def refuse_large(name: str, size: int, most: int = FILE) -> None:
    """Raise FileProblem for a file of more than `most` bytes, before it is read."""
    if size > most:
        raise FileProblem(f"{name}: is larger than {in_words(most)}, which is more than any file of this kind needs")


def in_words(size: int) -> str:
    """A limit for a sentence: `256 MiB`."""
    return f"{size // MEBIBYTE} MiB"
