"""A text with its values opened: the plaintext of each that a key is at hand for, all others left alone and counted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from eyamlgpg.errors import DecryptionError, EyamlgpgError, raise_all
from eyamlgpg.formats.eyaml.methods import Method, method_of, unknown_method
from eyamlgpg.formats.eyaml.tokens import Token
from eyamlgpg.formats.eyaml.values import Value, find_values
from eyamlgpg.operations.shown import where
from eyamlgpg.operations.values.spans import Spans

if TYPE_CHECKING:
    from eyamlgpg.operations.ports import Decrypter, Pkcs7


@dataclass(frozen=True, slots=True)
class OpenedValue:
    """A value and its exact plaintext; None for one that is left alone."""

    value: Value
    plaintext: bytes | None = field(repr=False)
    method: Method = Method.GPG


@dataclass(frozen=True, slots=True)
class OpenedText:
    """All values of a text, in order."""

    text: str = field(repr=False)
    values: tuple[OpenedValue, ...]
    spaced: int = 0
    """Values with white space inside that were not opened, since the text is not to be read as YAML."""
    kept_closed: int = 0
    """Values that nobody asked for, which stay encrypted."""

    @property
    def left_alone(self) -> tuple[Token, ...]:
        """The values of a method that was not opened, which stay as they are."""
        return tuple(opened.value.token for opened in self.values if opened.plaintext is None)


def open_text(
    text: str,
    name: str,
    decrypter: "Decrypter",
    default: Method | None = None,
    *,
    pkcs7: "Pkcs7 | None" = None,
    as_yaml: bool = True,
    only: Spans | None = None,
) -> OpenedText:
    """Decrypt every GPG value of a text, and every PKCS7 value where there is a private key for these.

    With `only`, those that stand there alone.

    `name` stands for the text in errors. Where it is not to be read as YAML, values with white space inside are counted
    and not opened. Raises everything that could not be decrypted, each with its line and key.
    """
    every = find_values(text, with_paths=False).values
    values = every if only is None else tuple(value for value in every if only.hold(value.token.start))
    closed = len(every) - len(values)
    spaced = [value for value in values if not as_yaml and is_spaced(value.token)]
    values = tuple(value for value in values if value not in spaced)
    failed: dict[int, DecryptionError] = {}
    methods = {value.token.start: method_of(value.token, default) for value in values}
    of: dict[Method, list[Value]] = {method: [] for method in Method}
    for value in values:
        of[methods[value.token.start]].append(value)
    failed |= {value.token.start: unknown_method(value.token) for value in of[Method.UNKNOWN]}
    plaintexts = _decrypted(of[Method.GPG], decrypter, failed)
    if pkcs7 is not None and of[Method.PKCS7] and pkcs7.opens:
        plaintexts |= _decrypted(of[Method.PKCS7], pkcs7, failed)
    raise_all(_located(failed, text, name))
    opened = (OpenedValue(one, plaintexts.get(one.token.start), methods[one.token.start]) for one in values)
    return OpenedText(text, tuple(opened), len(spaced), closed)


def standing(text: str, default: Method | None = None) -> Iterator[bytes]:
    """The message of each GPG value of a text."""
    for value in find_values(text, with_paths=False).values:
        if method_of(value.token, default) is Method.GPG:
            yield value.token.message()


def is_spaced(token: Token) -> bool:
    """Whether only the wider grammar, Puppet's, takes this for a token: white space inside, and no `>` block."""
    return token.folded is None and token.payload != token.base64


def _decrypted(values: Sequence[Value], decrypter: "Decrypter", failed: dict[int, DecryptionError]) -> dict[int, bytes]:
    plaintexts = {}
    results = decrypter.decrypt_many(value.token.message() for value in values)
    for value, result in zip(values, results, strict=True):
        if result.error is not None:
            failed[value.token.start] = result.error
        else:
            plaintexts[value.token.start] = result.value()
    return plaintexts


def _located(failed: Mapping[int, DecryptionError], text: str, name: str) -> list[EyamlgpgError]:
    """The errors with line and key path in front, which only now are worth finding."""
    if not failed:
        return []
    values = find_values(text).values
    return [failed[start].located(where(name, value)) for value in values if (start := value.token.start) in failed]
