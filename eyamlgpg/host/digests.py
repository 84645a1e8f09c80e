"""The size and the digest of a file of any size, read in pieces."""

import hashlib
import os
from pathlib import Path

from eyamlgpg.errors import FileProblem


def size_and_digest(path: Path) -> tuple[int, str]:
    """Bytes, and SHA-256 in hexadecimal; FileProblem where the file cannot be read."""
    try:
        with path.open("rb") as file:
            return os.fstat(file.fileno()).st_size, hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileProblem(f"{path}: cannot be read: {error.strerror}") from None


def size_of(path: Path) -> int:
    """Bytes, links not followed; 0 for what is not there, which whoever reads it will say."""
    try:
        return path.lstat().st_size
    except OSError:
        return 0
