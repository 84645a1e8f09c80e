"""`recrypt`: bring the values of files in line with their recipients files, touching only what must change."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError, FormatError
from eyamlgpg.formats import packets, tokens
from eyamlgpg.formats.splice import Edit, differs_only_inside, splice
from eyamlgpg.formats.text import decode, encode
from eyamlgpg.formats.values import Value, find_values, where
from eyamlgpg.model.access import Audience, KeyIndex
from eyamlgpg.operations.encrypt import seal
from eyamlgpg.operations.methods import Method, method_of
from eyamlgpg.operations.opened import unknown_method
from eyamlgpg.operations.ports import Decrypter, Encrypter, Files, Keyring
from eyamlgpg.operations.recipients import RecipientsRequest, Wanted, find_wanted


@dataclass(frozen=True, slots=True)
class RecryptRequest:
    """What is to be brought in line."""

    recipients: RecipientsRequest
    every: bool = False
    """Rewrite values that are in line, too (`--all`)."""
    default: Method | None = None


@dataclass(frozen=True, slots=True)
class RecryptPorts:
    """The world of one run."""

    files: Files
    keyring: Keyring
    decrypter: Decrypter
    encrypter: Encrypter


@dataclass(frozen=True, slots=True)
class FileRecrypted:
    """What became of one file."""

    name: str
    rewritten: int
    in_line: int
    left_alone: int
    """Values of another method, kept byte for byte."""
    errors: tuple[EyamlgpgError, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Due:
    """The values of a file that must be rewritten, and the others, counted."""

    values: tuple[Value, ...]
    in_line: int
    left_alone: int
    errors: tuple[EyamlgpgError, ...] = field(default=())


def recrypt_file(path: Path, name: str, request: RecryptRequest, ports: RecryptPorts) -> FileRecrypted:
    """Re-encrypt what is due in one file and replace it once.

    A value that cannot be decrypted here stays as it is and is among the errors; the others are done. Raises where
    nothing can be done at all: the file, its recipients.
    """
    content = ports.files.read(path)
    text = decode(content)
    scan = find_values(text)
    if not scan.values and not scan.disguised:
        return FileRecrypted(name, 0, 0, 0)
    wanted = find_wanted(request.recipients, path.resolve().parent, ports.files, ports.keyring)
    due = _due(scan.values, name, wanted, request, ports)
    disguised = [
        FormatError(
            f"{where(name, scalar)}: is a token for Puppet only after YAML took its escapes away",
            "write it without escapes, then run recrypt again",
        )
        for scalar in scan.disguised
    ]
    edits, errors = _sealed(due.values, name, wanted, ports)
    if edits:
        new = splice(text, edits)
        _verify(text, new, edits, name)
        ports.files.replace(path, encode(new), expected=content)
    return FileRecrypted(
        name, len(edits), due.in_line, due.left_alone, (*due.errors, *disguised, *errors), wanted.warnings
    )


def _due(values: Sequence[Value], name: str, wanted: Wanted, request: RecryptRequest, ports: RecryptPorts) -> _Due:
    audience = Audience(wanted.readers, KeyIndex(ports.keyring.keys()))
    due, in_line, left_alone, errors = [], 0, 0, []
    for value in values:
        match method_of(value.token, request.default):
            case Method.PKCS7:
                left_alone += 1
            case Method.UNKNOWN:
                errors.append(unknown_method(value).located(where(name, value)))
            case Method.GPG:
                if request.every or not _is_in_line(value, audience):
                    due.append(value)
                else:
                    in_line += 1
    return _Due(tuple(due), in_line, left_alone, tuple(errors))


def _is_in_line(value: Value, audience: Audience) -> bool:
    try:
        message = packets.read(value.token.message())
    except FormatError:
        return False  # it cannot be decrypted either, and is reported then
    return audience.drift(message.key_ids).is_clean and not message.symmetric


def _sealed(
    values: Sequence[Value], name: str, wanted: Wanted, ports: RecryptPorts
) -> tuple[list[Edit], list[EyamlgpgError]]:
    edits: list[Edit] = []
    errors: list[EyamlgpgError] = []
    results = ports.decrypter.decrypt_many(value.token.message() for value in values)
    for value, result in zip(values, results, strict=True):
        if result.error is not None:
            errors.append(result.error.located(where(name, value)))
            continue
        message = seal(result.value(), wanted.readers, ports.encrypter)
        text = tokens.render(message, layout=value.token.layout)
        edits.append(Edit(value.token.start, value.token.end, text))
    return edits, errors


def _verify(old: str, new: str, edits: Sequence[Edit], name: str) -> None:
    """Prove the new text before it is written: all else is untouched, and it is as good YAML as it was."""
    if not differs_only_inside(old, new, edits):
        raise FormatError(f"{name}: the new text would differ outside of its values")
    problem = find_values(new).yaml_error
    if problem is not None and find_values(old).yaml_error is None:
        raise FormatError(
            f"{name}: re-encrypted, it would no longer be valid YAML: line {problem.line}: {problem.reason}"
        )
