"""`encrypt -i FILE --key`: encrypt what stands in clear text at Hiera keys, all else in the file byte-identical."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError, KeyPathError, raise_all
from eyamlgpg.formats.eyaml.markers import OPENER
from eyamlgpg.formats.eyaml.tokens import find, find_wider
from eyamlgpg.formats.text import decode, encode
from eyamlgpg.formats.yaml.assign_several import Put, put_several
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.lookup import scalar_at, structure_of, whole_token
from eyamlgpg.formats.yaml.own_value import followers_of, own_scalar, repeated_key
from eyamlgpg.formats.yaml.placement import place
from eyamlgpg.formats.yaml.plain_type import type_beside_string
from eyamlgpg.formats.yaml.structure import Structure
from eyamlgpg.model.governed import Governed
from eyamlgpg.operations.ports import Encrypters, Files
from eyamlgpg.operations.values.opened_text import standing
from eyamlgpg.operations.values.proof import Rewritten, prove
from eyamlgpg.rules.reading.clear import is_encrypted


@dataclass(frozen=True, slots=True)
class ClearValue:
    """A value in clear text that can be encrypted where it stands."""

    key: KeyPath
    line: int
    value: str = field(repr=False)
    """As YAML reads it: folded, unescaped; a number as it is written."""
    was: str | None = None
    """What Puppet sees there now, where that is not a string: a number, a boolean."""
    followers: int = 0
    """Aliases that lead to it, and hold the encrypted value as well from then on."""


@dataclass(frozen=True, slots=True)
class InPlaceRequest:
    """Which keys of which file."""

    path: Path
    name: str
    """As the user wrote it."""
    keys: Sequence[KeyPath]


@dataclass(frozen=True, slots=True)
class EncryptedInPlace:
    """What came of it."""

    values: tuple[ClearValue, ...] = ()
    """Those that are encrypted now."""
    before: tuple[KeyPath, ...] = ()
    """Keys whose values were encrypted already."""
    shortened: tuple[KeyPath, ...] = ()
    """Keys whose last line break Puppet takes off, since no block can stand there."""
    wanted: Governed | None = None
    """Who can read the new values; None where there are none."""


def clear_value(text: str, structure: Structure, key: KeyPath) -> ClearValue | None:
    """The value in clear text at a key; None for one that is encrypted. KeyPathError where it cannot be encrypted.

    A key that stands twice is refused: the value that Puppet does not read would stay in clear text.
    """
    if (again := repeated_key(structure, key)) is not None:
        raise KeyPathError(
            f"{again.path}: stands twice, again on line {again.line}, and Puppet reads the last one alone",
            "take the others out by hand",
        )
    scalar = own_scalar(structure, key)
    whole = whole_token(text, scalar)
    if whole is not None and is_encrypted(whole[0]):
        return None
    if any(is_encrypted(token) for token in (*find(scalar.value), *find_wider(scalar.value))):
        raise KeyPathError(
            f"{key}: holds an encrypted value inside a longer text",
            "encrypt the rest of it in the editor, as DEC::GPG[…]!: eyamlgpg edit",
        )
    if OPENER.search(scalar.value):
        raise KeyPathError(f"{key}: holds a marker", "markers are encrypted by: eyamlgpg encrypt -i -e FILE")
    place(text, structure, key, b"")
    followers = list(followers_of(structure, scalar))
    for follower in followers:
        if follower.is_key:
            raise KeyPathError(
                f"{key}: is a key as well, by the alias on line {follower.alias.line}, and Puppet decrypts no keys",
                "write the key in place of the alias by hand",
            )
    return ClearValue(scalar.path or key, scalar.line, scalar.value, type_beside_string(scalar), len(followers))


def require_encryptable(request: InPlaceRequest, files: Files) -> Sequence[ClearValue]:
    """The values that a run would encrypt now; raises everything that stands in the way of any key."""
    return _planned(decode(files.read(request.path)), request)[0]


def encrypt_in_place(
    request: InPlaceRequest, files: Files, encrypters: Encrypters, wanted: Callable[[], Governed]
) -> EncryptedInPlace:
    """Encrypt what stands in clear text at each of the keys: all of them, or none.

    What is encrypted already stays as it is. The file is replaced once, after the new text was proved.
    """
    with files.turn(request.path):
        content = files.read(request.path)
        text = decode(content)
        values, before = _planned(text, request)
        if not values:
            return EncryptedInPlace(before=before)
        governed = wanted()
        try:
            subkeys = [reader.subkey for reader in governed.readers]
            encrypter = encrypters.for_file(request.path, lambda: standing(text))
            messages = [encrypter.encrypt(encode(one.value), subkeys) for one in values]
            puts = [
                Put(one.key, message, prefers_block="\n" in one.value)
                for one, message in zip(values, messages, strict=True)
            ]
            replaced = put_several(text, puts)
        except EyamlgpgError as error:
            raise error.located(request.name) from None
        prove(Rewritten(request.name, text, replaced.text, replaced.edits), messages)
        files.replace(request.path, encode(replaced.text), expected=content)
    shortened = [
        one.key
        for one in values
        if one.value.endswith("\n") and not scalar_at(replaced.structure, one.key).value.endswith("\n")
    ]
    return EncryptedInPlace(tuple(values), before, tuple(shortened), governed)


def _planned(text: str, request: InPlaceRequest) -> tuple[list[ClearValue], tuple[KeyPath, ...]]:
    """The values to encrypt, each once, and the keys whose values are encrypted; raises all problems together."""
    try:
        structure = structure_of(text)
    except EyamlgpgError as error:
        raise error.located(request.name) from None
    values: dict[KeyPath, ClearValue] = {}
    before: list[KeyPath] = []
    problems: list[EyamlgpgError] = []
    for key in dict.fromkeys(request.keys):
        try:
            found = clear_value(text, structure, key)
        except KeyPathError as error:
            problems.append(error.located(request.name))
            continue
        if found is None:
            before.append(key)
        else:
            values[found.key] = found
    raise_all(problems)
    return list(values.values()), tuple(before)
