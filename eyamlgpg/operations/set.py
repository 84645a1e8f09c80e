"""`set`: encrypt one value into a Hiera key, all else in the file byte-identical."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.formats.assign import assign, verify_assignment
from eyamlgpg.formats.key_path import KeyPath
from eyamlgpg.formats.text import decode, encode
from eyamlgpg.operations.encrypt import seal
from eyamlgpg.operations.ports import Encrypter, Files
from eyamlgpg.operations.recipients import Wanted


@dataclass(frozen=True, slots=True)
class SetRequest:
    """Which key of which file is to be set."""

    path: Path
    """Where the file stands, or will stand."""
    name: str
    """As the user wrote it."""
    key: KeyPath
    secret: Callable[[], bytes] = field(repr=False)
    """Gives the exact bytes of the value; asked only when everything else is fine."""


def set_value(request: SetRequest, files: Files, encrypter: Encrypter, wanted: Wanted) -> None:
    """Put the encrypted value in place; a missing file, key or parent is made.

    Raises KeyPathError for an alias, or a key that holds a mapping or sequence. The file is replaced once, after the
    new text was verified: it parses, and nothing but the key differs.
    """
    content = files.read(request.path) if files.exists(request.path) else None
    text = decode(content or b"")
    try:
        # A trial with a stand-in, so that nobody types a secret for a key that cannot be set.
        assign(text, request.key, b"")
        assignment = assign(text, request.key, seal(request.secret(), wanted.readers, encrypter))
        verify_assignment(text, assignment)
    except EyamlgpgError as error:
        raise error.located(request.name) from None
    files.replace(request.path, encode(assignment.text), expected=content)
