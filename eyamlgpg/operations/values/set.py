"""`set`: encrypt one value into a Hiera key, all else in the file byte-identical."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.formats.eyaml.methods import Method, method_of
from eyamlgpg.formats.text import decode, encode
from eyamlgpg.formats.yaml.assign import assign, read, verify_assignment
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.lookup import whole_token
from eyamlgpg.model.governed import Governed
from eyamlgpg.operations.ports import Encrypter, Encrypters, Files, Pkcs7
from eyamlgpg.operations.values.encrypt import seal
from eyamlgpg.operations.values.opened_text import standing
from eyamlgpg.operations.values.proof import Rewritten, prove


class Before(Enum):
    """What was there before a value was set."""

    NO_FILE = auto()
    NO_KEY = auto()
    A_VALUE = auto()


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
    method: Method = Method.GPG


@dataclass(frozen=True, slots=True)
class ValueSet:
    """What came of it."""

    wanted: Governed | None
    """Who can read the value; None for one of PKCS7."""
    was: Before


def method_at(path: Path, key: KeyPath, files: Files, default: Method | None) -> Method | None:
    """The method of the value that stands at a key; None where none of GPG or PKCS7 stands there alone."""
    if not files.exists(path):
        return None
    text = decode(files.read(path))
    try:
        token = whole_token(text, read(text, key))
    except EyamlgpgError:
        # What is wrong with the file or the key is told when the value is placed.
        return None
    method = None if token is None else method_of(token[1], default)
    return method if method in (Method.GPG, Method.PKCS7) else None


def require_settable(request: SetRequest, files: Files) -> None:
    """Try the change with a stand-in, so that nobody types a secret for a key that cannot be set; raises as below."""
    _assigned(_content(request, files), request, b"")


def set_value(request: SetRequest, files: Files, encrypters: Encrypters, wanted: Callable[[], Governed]) -> ValueSet:
    """Put the encrypted value in place; a missing file, key or parent is made.

    Raises KeyPathError for an alias, or a key that holds a mapping or sequence. The file is replaced once, after the
    new text was verified: it parses, and nothing but the key differs.

    Several at once on one file wait their turn, and each sets its key in what the one before has left. So the file is
    read again when it is our turn, and the readers are asked for again: somebody may have been removed meanwhile.
    """
    before = wanted()
    secret = request.secret()
    encrypter = encrypters.for_file(request.path, lambda: standing(decode(_content(request, files) or b"")))
    message = _sealed(secret, before, request, encrypter)
    with files.turn(request.path):
        now = wanted()
        if now.readers != before.readers:
            message = _sealed(secret, now, request, encrypter)
        content = _content(request, files)
        files.replace(request.path, _assigned(content, request, message), expected=content)
    return ValueSet(now, _before(content, request.key))


def set_pkcs7_value(request: SetRequest, files: Files, pkcs7: Pkcs7) -> ValueSet:
    """The same for a value of PKCS7, which whoever has the private key can read."""
    try:
        message = pkcs7.encrypt(request.secret())
    except EyamlgpgError as error:
        raise error.located(request.name) from None
    with files.turn(request.path):
        content = _content(request, files)
        files.replace(request.path, _assigned(content, request, message), expected=content)
    return ValueSet(None, _before(content, request.key))


def _before(content: bytes | None, key: KeyPath) -> Before:
    if content is None:
        return Before.NO_FILE
    try:
        read(decode(content), key)
    except EyamlgpgError:
        return Before.NO_KEY
    return Before.A_VALUE


def _content(request: SetRequest, files: Files) -> bytes | None:
    return files.read(request.path) if files.exists(request.path) else None


def _sealed(secret: bytes, wanted: Governed, request: SetRequest, encrypter: Encrypter) -> bytes:
    try:
        return seal(secret, wanted.readers, encrypter)
    except EyamlgpgError as error:
        raise error.located(request.name) from None


def _assigned(content: bytes | None, request: SetRequest, message: bytes) -> bytes:
    """The new content; verified, unless the message is the stand-in."""
    text = decode(content or b"")
    try:
        assignment = assign(text, request.key, message, request.method)
        if message:
            verify_assignment(text, assignment)
    except EyamlgpgError as error:
        raise error.located(request.name) from None
    if message:
        prove(Rewritten(request.name, text, assignment.text, assignment.edits), [message])
    return encode(assignment.text)
