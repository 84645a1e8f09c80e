"""What stands in clear text in a file: scalars without what is encrypted in them, lines of a text that is not YAML."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from eyamlgpg.detectors.likeness import looks_like_password
from eyamlgpg.detectors.names import is_container, sounds_secret
from eyamlgpg.detectors.showable_keys import keys_in_braces, looks_like_name
from eyamlgpg.formats.eyaml.methods import Method, looks_like_pkcs7, method_of
from eyamlgpg.formats.eyaml.tokens import TOKEN, Token
from eyamlgpg.formats.eyaml.values import BINARY_TAGS, unpacked
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.formats.yaml.complex_keys import ROOT, pathless
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.structure import Scalar, Structure
from eyamlgpg.rules.reading.aliases import handed_on, without_merges
from eyamlgpg.rules.reading.beside import Beside, names_beside
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import Place

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
"""What YAML reads as no value at all, where it is not quoted."""

STAND_IN = "%{ENC}"
"""Stands for an encrypted value in what is left of a text; it looks like an interpolation, which is no secret."""

MOST_OF_ALIAS = 4096
"""Characters that are judged by the name of an alias: no longer text is a password."""


class Spot(NamedTuple):
    """A character of a file, and the path of what begins there."""

    subject: Subject
    offset: int
    path: KeyPath | None


@dataclass(frozen=True, slots=True)
class Clear:
    """What stands in clear text: a scalar without its tokens, a line of a text that is no YAML, or an alias."""

    at: "Place | Spot" = field(repr=False)
    path: KeyPath
    """Empty in a text that is not YAML, where each line is taken by itself."""
    text: str = field(repr=False)
    """With `STAND_IN` for each encrypted value."""
    is_quoted: bool = False
    is_literal: bool = False
    """Whether its lines are lines of the file, the first of them below `place`: a block of `|`."""
    beside: tuple[str, ...] = ()
    """What stands beside a `value` as its name: `DB_PASSWORD` of `{name: DB_PASSWORD, value: …}`; none as a rule.

    Below a key that is a list or mapping, the other words of that key."""
    arguments: tuple[str, ...] = field(default=(), repr=False)
    """What stands before an item of a list that is a command: its first words, and the item right before."""

    origin: Place | None = None
    """Where an alias takes it from: what it holds is looked at there, and its name where the alias stands."""

    @property
    def place(self) -> Place:
        """Where it stands, worked out when it is asked for: of most values nobody asks."""
        return self.at if isinstance(self.at, Place) else self.at.subject.place(self.at.offset, self.at.path)

    @property
    def is_partial(self) -> bool:
        """Whether a part of it is encrypted, so that its key says little about the rest."""
        return STAND_IN in self.text

    @property
    def name(self) -> str:
        """The nearest name above, without the namespace of a Puppet class: `password` of `a::b.password.0`."""
        nearest = next((one for one in reversed(self.path.segments) if isinstance(one, str)), "")
        return nearest.rpartition("::")[2]

    @property
    def parent(self) -> str:
        """The name above `name`, likewise; empty where there is none."""
        names = [segment for segment in self.path.segments if isinstance(segment, str)]
        above = "::".join(names[-2:]).split("::")  # `profile::passwords::root` stands below `passwords`, too
        return above[-2] if len(above) > 1 else ""

    @property
    def setting(self) -> str:
        """The command that encrypts a value in its place, but for where the value comes from."""
        return self.place.setting


def clear_values(subject: Subject) -> Iterator[Clear]:
    """All values in clear text, in order. Skips empty values, and skips keys unless the key itself may be a secret."""
    if subject.structure is None:
        yield from _lines(subject)
        return
    beside = names_beside(subject.structure)
    without_path = pathless(subject.structure)
    for scalar in subject.structure.scalars:
        if scalar.is_key:
            # What does not look like a name may be a secret, which has no name then.
            if not looks_like_name(scalar.value):
                yield from _clear(Spot(subject, scalar.start, scalar.path), KeyPath(), scalar, ())
        elif not _is_null(scalar):
            known = without_path.get(scalar.start)
            path = without_merges(scalar.path or KeyPath(known.segments if known else (ROOT,)))
            words = known.words if known else beside.of(scalar)
            yield from _clear(Spot(subject, scalar.start, scalar.path), path, scalar, words)
    for key in keys_in_braces(subject.text, subject.structure):
        yield from _in_braces(subject, key)
    if subject.structure.anchored:
        yield from _aliases(subject, subject.structure, beside)


def _in_braces(subject: Subject, key: Scalar) -> Iterator[Clear]:
    """`password: {Kirschkuchen9}` was meant to be a value, `passwords: {alice, bob}` hardly."""
    above = KeyPath(() if key.path is None else key.path.segments[:-1])
    clear = Clear(Spot(subject, key.start, above), above, key.value)
    if sounds_secret(clear.name) and (looks_like_password(key.value) or not is_container(clear.name)):
        yield clear


def _lines(subject: Subject) -> Iterator[Clear]:
    for number, line in enumerate(_left(subject.text).split("\n"), 1):
        if line.strip() not in ("", STAND_IN):
            yield Clear(Place(subject.path, number, about=line.strip()), KeyPath(), line)


def _aliases(subject: Subject, structure: Structure, beside: Beside) -> Iterator[Clear]:
    """A secret under an innocent key may be handed to `password: *it`."""
    of: dict[int, tuple[Clear, ...]] = {}
    for alias, path, scalar in handed_on(structure):
        if scalar.start not in of:
            found = () if _is_null(scalar) else _clear(Spot(subject, scalar.start, None), path, scalar, ())
            of[scalar.start] = tuple(replace(one, text=one.text[:MOST_OF_ALIAS]) for one in found)
        names = beside.of(alias) if isinstance(structure.target(alias), Scalar) else ()
        for one in of[scalar.start]:
            yield replace(one, at=Spot(subject, alias.start, path), path=path, beside=names, origin=one.place)


def _is_null(scalar: Scalar) -> bool:
    return not scalar.style and scalar.value in NULLS and not _property(scalar)


def _property(scalar: Scalar) -> str:
    """The tag or anchor of a value with nothing behind it: `!Kirschkuchen9` was meant to be a password."""
    if scalar.value or scalar.style:
        return ""
    return scalar.tag.lstrip("!") if scalar.tag and scalar.tag.startswith("!") else scalar.anchor or ""


def _clear(at: Spot, path: KeyPath, scalar: Scalar, beside: tuple[str, ...]) -> Iterator[Clear]:
    value = unpacked(scalar.value) if scalar.tag in BINARY_TAGS else scalar.value
    text = _left(value or _property(scalar))
    if text.strip() != STAND_IN:
        is_literal = scalar.style == "|" and value is scalar.value
        yield Clear(at, path, text, is_quoted=bool(scalar.style), is_literal=is_literal, beside=beside)


_LITERAL = re.compile(r"%\{ *literal\( *(?:'([^'\n]*)'|\"([^\"\n]*)\") *\) *\}")
"""What Puppet puts in as it stands: `%{literal('Kirschkuchen9')}`."""


def _left(text: str) -> str:
    """What is left of a text without what is encrypted in it; its lines keep their numbers."""
    if "literal(" in text:
        text = _LITERAL.sub(lambda found: found[1] or found[2] or "", text)
    if "ENC[" not in text:
        return text
    return TOKEN.sub(_stand_in, text)


def _stand_in(match: re.Match[str]) -> str:
    token = Token(match.start(), match.end(), *match.groups())
    return STAND_IN + "\n" * match[0].count("\n") if is_encrypted(token) else match[0]


def is_encrypted(token: Token) -> bool:
    """Whether anything is encrypted in a token: `ENC[Kirschkuchen9]` is a word in brackets.

    What names a method that is not PKCS7, and holds no message of it, is told by the rules on the format.
    """
    if token.scheme is not None and token.scheme.upper() != "PKCS7":
        return True
    message = token.message()
    return looks_like_pkcs7(message) or packets.looks_like_openpgp(message)


def conceals(token: Token) -> bool:
    """Whether a token keeps what it holds from its readers: not PLAINTEXT, nor a text under a method nobody knows."""
    if not is_encrypted(token) or (token.scheme or "").upper() == "PLAINTEXT":
        return False
    return method_of(token) is not Method.UNKNOWN or not _is_text(token.message())


def _is_text(content: bytes) -> bool:
    try:
        return content.decode().replace("\n", " ").isprintable()
    except UnicodeDecodeError:
        return False
