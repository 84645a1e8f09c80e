"""Which keys of a ring a name means: exactly, or not at all.

gpg itself takes an address as a part of a user ID and the first hit in keyring order, so `alice@example.com` may find
malice@example.com. Here a whole address is a whole address.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from eyamlgpg.model.keys import Key, Subkey, UserId

_IDENTIFIER = re.compile(r"(?:0x)?([0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{16}|[0-9a-f]{8})(!?)", re.IGNORECASE | re.ASCII)
_FINGERPRINT_LENGTHS = (40, 64)


class Form(StrEnum):
    """What a recipient was named by."""

    EMPTY = "neither letter nor digit"
    FINGERPRINT = "a fingerprint"
    KEY_ID = "a key ID"
    SHORT_KEY_ID = "a short key ID"
    WHOLE = "a whole address or user ID"
    PART = "a part of a user ID"


_FORMS = {64: Form.FINGERPRINT, 40: Form.FINGERPRINT, 16: Form.KEY_ID, 8: Form.SHORT_KEY_ID}


@dataclass(frozen=True, slots=True)
class Match:
    """One key that a name means."""

    key: Key
    user_id: UserId | None = None
    """The user ID that was matched; None where a fingerprint or key ID was given."""
    forced: Subkey | None = None
    """The primary key or subkey that a `!` asks for, and no other."""


@dataclass(frozen=True, slots=True)
class Found:
    """Every key that a name means, in keyring order, each once."""

    form: Form
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Identifier:
    """A fingerprint or key ID as hexadecimal digits in upper case, and whether a `!` stood behind it."""

    digits: str
    exact: bool

    @classmethod
    def read(cls, name: str) -> "Identifier | None":
        """The fingerprint or key ID that a name is, or None; gpg's way of printing, in groups, counts."""
        compact = "".join(name.split())
        found = _IDENTIFIER.fullmatch(compact)
        if found is None or (compact != name.strip() and len(found[1]) not in _FINGERPRINT_LENGTHS):
            return None
        return cls(found[1].upper(), exact=bool(found[2]))

    @property
    def form(self) -> Form:
        """A fingerprint, a key ID or a short key ID."""
        return _FORMS[len(self.digits)]


def folded(text: str) -> str:
    """A text for comparison without regard to case.

    A letter beyond ASCII never becomes an ASCII one (`str.casefold` makes `k` of U+212A and `s` of U+017F), or a
    foreign address could pass for another.
    """
    return text.lower() if text.isascii() else "".join(map(_folded_letter, text))


def _folded_letter(letter: str) -> str:
    lower = letter.lower()
    return letter if lower.isascii() and not letter.isascii() else lower


class KeyNames:
    """An index over one listing of the keyring: from any name to the keys that it means."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self.keys = tuple({key.fingerprint: key for key in keys}.values())
        self._parts: dict[str, list[Match]] = {}
        self._wholes: dict[str, list[tuple[Key, UserId]]] = {}
        for key in self.keys:
            for part in key.parts:
                for digits in (part.fingerprint, part.key_id, part.key_id[-8:]):
                    self._parts.setdefault(digits, []).append(Match(key, forced=part))
            for user_id in key.user_ids:
                for text in {_text(user_id), _address(user_id)}:
                    self._wholes.setdefault(text, []).append((key, user_id))

    def find(self, name: str) -> Found:
        """The keys that a name means.

        Forms: a fingerprint, key ID or short key ID of a primary key or subkey, with or without `0x`, with a `!`
        behind it for exactly that one; `<address>`; `=user ID`; anything with an `@`: a whole address or a whole user
        ID; any other name: a part of a user ID, whole words before parts of words. Case never counts.
        """
        text = name.strip()
        if not any(map(str.isalnum, text)):
            return Found(Form.EMPTY, ())
        if identifier := Identifier.read(text):
            return Found(identifier.form, self._by_identifier(identifier))
        if text.startswith("="):
            return Found(Form.WHOLE, self._by_whole(text[1:].strip(), _text))
        if text.startswith("<") and text.endswith(">"):
            return Found(Form.WHOLE, self._by_whole(text[1:-1].strip(), _address))
        whole = self._by_whole(text, _text, _address)
        if "@" in text:
            return Found(Form.WHOLE, whole)
        parts = self._by_part(text)
        return Found(Form.WHOLE if len(parts) == 1 and whole else Form.PART, parts)

    def find_user_id(self, text: str) -> Found:
        """The keys with a user ID of exactly this text."""
        return Found(Form.WHOLE, self._by_whole(text.strip(), _text))

    def _by_identifier(self, identifier: Identifier) -> tuple[Match, ...]:
        hits = self._parts.get(identifier.digits, [])
        if identifier.exact:
            return tuple(hits)
        return _each_key_once([Match(hit.key) for hit in hits])

    def _by_whole(self, text: str, *sides: Callable[[UserId], str]) -> tuple[Match, ...]:
        wanted = folded(text)
        hits = self._wholes.get(wanted, [])
        return _each_key_once(
            [Match(key, user_id) for key, user_id in hits if any(side(user_id) == wanted for side in sides)]
        )

    def _by_part(self, text: str) -> tuple[Match, ...]:
        """Keys that have the text as whole words, else those that have it inside a word: `alice` is not in Malice."""
        wanted = folded(text)
        as_words = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
        hits = [(key, user_id) for key in self.keys for user_id in key.user_ids if wanted in _text(user_id)]
        words = [(key, user_id) for key, user_id in hits if as_words.search(_text(user_id))]
        return _each_key_once([Match(key, user_id) for key, user_id in words or hits])


def _text(user_id: UserId) -> str:
    return folded(user_id.text)


def _address(user_id: UserId) -> str:
    return folded(user_id.email or "")


def _each_key_once(matches: Sequence[Match]) -> tuple[Match, ...]:
    """Of the matching user IDs of one key the one that says most for it."""
    best: dict[str, Match] = {}
    for match in matches:
        known = best.get(match.key.fingerprint)
        if known is None or _standing(match.user_id) > _standing(known.user_id):
            best[match.key.fingerprint] = match
    return tuple(best.values())


def _standing(user_id: UserId | None) -> tuple[bool, bool]:
    return (True, True) if user_id is None else (user_id.validity.is_certified, user_id.is_usable)
