"""Which `ENC[…]` of a file are its values, on which line and at which Hiera key path each one stands.

What the gems' command line reads counts anywhere, in a comment too. What only the wider grammar reads (white space
inside: `|`, `>-`, CRLF, quotes over several lines) counts inside a YAML scalar, and only if its base64 starts a
message of OpenPGP or PKCS7; where the text is not YAML it counts anywhere, since passing it over would leave it
readable to those who could read it before.

A scalar can also hold a token for Puppet without any of it in the text: escapes in double quotes, `!!binary`, line
breaks that only YAML knows. Such a scalar is no value, since nothing can be put in its place, and it must not be
passed over either: it is `disguised`.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from eyamlgpg.formats.eyaml.messages import looks_encrypted, looks_like_pkcs7
from eyamlgpg.formats.eyaml.tokens import Token, find, find_wider
from eyamlgpg.formats.openpgp.packets import looks_like_openpgp
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.parse import locate
from eyamlgpg.formats.yaml.structure import NotYaml, Scalar, Structure

BINARY_TAGS = ("tag:yaml.org,2002:binary", "!binary")
"""Ruby's YAML decodes the base64 of both (psych, ToRuby)."""

_CAN_DISGUISE = ("\\", "\x85", "\u2028", "\u2029", "binary")
_OTHER_THAN_BASE64 = re.compile(r"[^A-Za-z0-9+/=]")
_NO_WHITE_SPACE_TO_PUPPET = frozenset("\t\v\f\r")


@dataclass(frozen=True, slots=True)
class Value:
    """An encrypted value of a file."""

    token: Token
    path: KeyPath | None
    """None in a comment, where the text is not YAML, and where nobody asked for paths."""
    line: int
    """That of the token's `ENC[`, from 1."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The values of one text, in order and never overlapping, and what stood in the way of finding all."""

    values: tuple[Value, ...]
    disguised: tuple[Scalar, ...]
    """Scalars that Puppet would decrypt although no token stands in their text."""
    yaml_error: NotYaml | None
    """None where the text is YAML, and where that did not need to be known."""
    structure: Structure | None = field(default=None, repr=False, compare=False)
    """Of the text, where it is YAML and that was asked."""
    disguised_pkcs7: tuple[Scalar, ...] = ()
    """The same as `disguised` for values of PKCS7, which matter to those alone who move them."""


def find_values(text: str, *, with_paths: bool = True) -> Scan:
    """The values of a file's text; total, whatever the text.

    Without `with_paths` the text is read as YAML only if something in it cannot be judged otherwise.
    """
    tokens = find(text)
    wider = [token for token in find_wider(text) if looks_encrypted(token.message())]
    if not (with_paths or wider or _can_disguise(text)):
        return Scan(_values(text, tokens, None), (), None)
    structure = locate(text)
    if isinstance(structure, NotYaml):
        return Scan(_values(text, sorted([*tokens, *wider], key=_start), None), (), structure)
    inside = [token for token in wider if structure.scalar_around(token.start, token.end)]
    values = _values(text, sorted([*tokens, *inside], key=_start), structure)
    disguised = tuple(_disguised(text, structure, values, looks_like_openpgp))
    return Scan(values, disguised, None, structure, tuple(_disguised(text, structure, values, looks_like_pkcs7)))


def _start(token: Token) -> int:
    return token.start


def _values(text: str, tokens: Sequence[Token], structure: Structure | None) -> tuple[Value, ...]:
    values, line, place = [], 1, 0
    for token in tokens:
        line += text.count("\n", place, token.start)
        place = token.start
        values.append(Value(token, _path(token, structure), line))
    return tuple(values)


def _path(token: Token, structure: Structure | None) -> KeyPath | None:
    scalar = structure.scalar_around(token.start, token.end) if structure else None
    return scalar.path if scalar else None


def _disguised(
    text: str, structure: Structure, values: Sequence[Value], is_theirs: Callable[[bytes], bool]
) -> Iterator[Scalar]:
    if not _can_disguise(text):
        return
    for scalar in structure.scalars:
        if scalar.tag in BINARY_TAGS or _can_disguise(text[scalar.start : scalar.end]):
            first, last = (bisect_left(values, place, key=_place) for place in (scalar.start, scalar.end))
            seen = Counter(value.token.payload for value in values[first:last])
            if Counter(token.payload for token in _tokens_to_puppet(scalar, is_theirs)) - seen:
                yield scalar


def _can_disguise(text: str) -> bool:
    return any(sign in text for sign in _CAN_DISGUISE)


def _place(value: Value) -> int:
    return value.token.start


def _tokens_to_puppet(scalar: Scalar, is_theirs: Callable[[bytes], bool]) -> Iterator[Token]:
    r"""Puppet's grammar, `ENC\[(\w+,)?([a-zA-Z0-9+/ =\n]+?)\]`, over the value as Ruby has it."""
    text = unpacked(scalar.value) if scalar.tag in BINARY_TAGS else scalar.value
    for token in (*find(text), *find_wider(text)):
        if not _NO_WHITE_SPACE_TO_PUPPET & set(token.base64) and is_theirs(token.message()):
            yield token


def unpacked(value: str) -> str:
    """What the base64 of a `!!binary` stands for, as text; bytes beyond ASCII as U+FFFD."""
    base64 = _OTHER_THAN_BASE64.sub("", value)
    return Token(0, len(base64), None, base64).message().decode("ascii", "replace")
