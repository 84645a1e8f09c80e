"""Which keys may be shown: those that look like names. Whatever else stands as a key may be a secret, or hold one.

A command in a list becomes a key as soon as a colon with a blank stands in it (`- curl -u me:x -H "Type: y"`), a
private key may be one, a password in braces is one (`{Kirschkuchen9}`), and so may be lines of a plaintext that an
editor left.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from eyamlgpg.detectors import assignments, commands
from eyamlgpg.detectors.likeness import looks_like_password
from eyamlgpg.detectors.names import sounds_secret
from eyamlgpg.detectors.token_forms import has_credentials, provider
from eyamlgpg.formats.eyaml import near_markers
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.structure import MERGE_KEY, Scalar, Structure
from eyamlgpg.model.showable_names import HIDDEN

LONGEST = 100
"""Characters of a name."""

_LOOKUP = r"%\{[\w:. ]{1,60}\}"
_WORD = rf"(?:[\w:./@*~]|{_LOOKUP})(?:[\w:./@*~+-]|{_LOOKUP}|(?<=[@.])%|(?<=[^\W\d_])'(?=[^\W\d_]))*"
_NAME = re.compile(rf"{_WORD}(?: (?:-|{_WORD})(?=\Z| ))*|--?[\w-]++")
_ACCOUNT = re.compile(r"[a-z]\w[\w.-]*+@[\w.%/*-]++")
"""As databases have them: `monitor@localhost`, `app@%`."""
_DN = re.compile(r"(?i:dc|ou|o|cn|uid|c|l|st)=[\w. -]+(?:,[ ]?(?i:dc|ou|o|cn|uid|c|l|st)=[\w. -]+)*")
"""A distinguished name, as LDAP has it (RFC 4514): `dc=example,dc=com`."""
_PATTERN = re.compile(r"[\w./:*?-]*\[[\w-]+\][\w./:*?\[\]-]*|[\w.*-]+(?:\|[\w.*-]+)+")
"""Of names of hosts: `db[12]*`, `web|app`."""
_PLAIN = re.compile(r"[a-z][a-z0-9_]{0,14}(?:::[a-z][a-z0-9_]{0,14})*")
"""Words of Puppet, as most keys are: too short for a token, and without any sign that a password would have."""
_COLON = re.compile(r"(?<!:):(?!:)")
_RANDOM = re.compile(r"(?=[^\W_]*?[a-z])(?=[^\W_]*?[A-Z])(?=[^\W_]*?[0-9])[^\W_]{20,}+")
"""A piece of a name without any sign that has small letters, capitals and digits, as what is drawn by lot."""


def looks_like_name(key: str) -> bool:
    """Whether a mapping's key is no secret and holds none, as far as its form tells."""
    return (_PLAIN.fullmatch(key) is not None and len(key) <= LONGEST) or _looks_like_name(key)


@lru_cache(maxsize=4096)
def _looks_like_name(key: str) -> bool:
    if key == MERGE_KEY:
        return True
    if len(key) > LONGEST or not key.isprintable():
        return False
    if _DN.fullmatch(key) is not None or _PATTERN.fullmatch(key) is not None:
        words = re.split(r"[=,|\[\]\s]", key)
        return not any(looks_like_password(word) or _RANDOM.search(word) or _has_a_form(word) for word in words)
    if _NAME.fullmatch(key.strip()) is None:
        return key == ""
    return not (_is_password(key.strip()) or _RANDOM.search(key) or _has_a_form(key) or _sets_a_secret(key))


def _is_password(key: str) -> bool:
    """Whether a password stands among words, behind a user's name, or before a sign that few names have."""
    words = key.split(" ")
    if len(words) > 1:
        return any(looks_like_password(word) or ":" in word.replace("::", "") for word in words)
    if re.match(r"-|.*[@*~+]", key) and looks_like_password(key.removeprefix("*.")):
        return _ACCOUNT.fullmatch(key) is None
    return any(map(looks_like_password, _COLON.split(key)[1:]))


def _has_a_form(key: str) -> bool:
    return has_credentials(key) or any(provider(part) is not None for part in key.split("::"))


def _sets_a_secret(key: str) -> bool:
    """Whether a setting stands in a key, or a command: `requirepass Kirschkuchen`."""
    if " " not in key:
        return False
    found = (*assignments.find(key), *commands.find(key))
    return commands.has_authorization(key) or any(
        sounds_secret(setting.name) and (not setting.is_weak or looks_like_password(setting.text)) for setting in found
    )


def showable_path(path: KeyPath) -> KeyPath:
    """A path as it may be printed where nothing is known of its file."""
    return NOTHING_HIDDEN.shown(path)


@dataclass(frozen=True, slots=True)
class ShownKeys:
    """What may be shown of the keys of one file: what stands around a key may tell of it, too."""

    hidden: frozenset[str] = frozenset()
    """Keys that look like names, and are none."""
    marked: tuple[tuple[int, int], ...] = ()
    """From where to where edit markers stand: what is in them is plaintext."""

    @classmethod
    def of(cls, text: str, structure: Structure | None) -> "ShownKeys":
        """Look at a text, and at its keys where it is YAML."""
        marked = tuple(near_markers.spans(text))
        hidden = () if structure is None else (*keys_in_braces(text, structure), *_in_markers(structure, marked))
        return cls(frozenset(key.value for key in hidden), marked)

    def shows(self, key: str) -> bool:
        """Whether a key may be shown."""
        return key not in self.hidden and looks_like_name(key)

    def shown(self, path: KeyPath) -> KeyPath:
        """A path as it may be printed: each key that must not be as `HIDDEN`."""
        if all(isinstance(segment, int) or self.shows(segment) for segment in path.segments):
            return path
        return KeyPath(tuple(HIDDEN if not self.shows(str(segment)) else segment for segment in path.segments))

    def is_marked(self, offset: int) -> bool:
        """Whether a character of the text is a part of an edit marker."""
        return any(start <= offset < end for start, end in self.marked)


NOTHING_HIDDEN = ShownKeys()


def keys_in_braces(text: str, structure: Structure) -> Iterator[Scalar]:
    """Keys in braces without colon and value, `{Kirschkuchen9}`: whoever wrote that may have meant a value."""
    for key, value in pairwise(structure.scalars):
        is_pair = key.is_key and key.in_flow and not value.is_key and value.path == key.path
        if is_pair and key.value and value.start == value.end and ":" not in text[key.end : value.start]:
            yield key


def _in_markers(structure: Structure, marked: tuple[tuple[int, int], ...]) -> Iterator[Scalar]:
    place = 0
    for scalar in structure.scalars if marked else ():
        while place < len(marked) and marked[place][1] <= scalar.start:
            place += 1
        if place < len(marked) and scalar.is_key and marked[place][0] < scalar.start:
            yield scalar
