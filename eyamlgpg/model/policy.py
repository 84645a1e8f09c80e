"""Who must and who must not be among the readers of which paths: the tier rules of a repository."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from eyamlgpg.model.findings import Severity
from eyamlgpg.model.keys import Fingerprint


@dataclass(frozen=True, slots=True)
class PathPattern:
    """Paths from the root of the tree, with `/`.

    `*` is any part of one name, `?` one letter of it, `**` any number of folders; a pattern that ends with `/` means
    all that is below it.
    """

    text: str
    line: int
    """In the policy file, from 1."""
    _parts: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Take it apart once."""
        whole = f"{self.text}**" if self.text.endswith("/") else self.text
        object.__setattr__(self, "_parts", tuple(_PARTS.findall(whole)))

    def matches(self, path: str) -> bool:
        """Whether a path from the root is meant.

        Each part is tried from all places that those before it can end at, so that no pattern, which anybody who may
        push can write, takes longer than its length times the path's.
        """
        places = {0}
        for part in self._parts:
            places = _after(part, path, places)
            if not places:
                return False
        return len(path) in places


@dataclass(frozen=True, slots=True)
class TierRule:
    """One rule: names of puppetmasters, as the policy file declares them."""

    line: int
    """From 1."""
    paths: tuple[PathPattern, ...]
    needs: tuple[str, ...]
    never: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClearText:
    """What `check` is told about the names of Hiera keys; in patterns `*` is anything and `?` one letter."""

    secret: tuple[str, ...] = ()
    """Patterns of keys that hold secrets though their names do not tell."""
    harmless: tuple[str, ...] = ()
    """Patterns of keys that hold none though their names sound like it."""
    report_password_hashes: bool = False
    """Whether a password's hash is to be encrypted like a password."""


class SessionKeys(StrEnum):
    """What the values of a file have a session key of their own for."""

    PER_VALUE = "per-value"
    """Each value its own."""
    PER_FILE = "per-file"
    """The values that are for the same readers share one, so that the private key is used once for all of them."""


@dataclass(frozen=True, slots=True)
class Policy:
    """`.eyamlgpg/policy.yaml`."""

    source: str
    """The file as it is shown."""
    puppetmasters: Mapping[str, Fingerprint] = field(default_factory=lambda: MappingProxyType({}))
    """The fingerprint of each one's primary key, by name."""
    rules: tuple[TierRule, ...] = ()
    clear_text: ClearText = ClearText()
    fail_on: Severity = Severity.ERROR
    """The mildest finding that makes `check` fail."""
    reports_pkcs7: bool = False
    """True if `check` reports values of PKCS7."""
    session_keys: SessionKeys = SessionKeys.PER_VALUE
    master_roles: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """The roles of those puppetmasters that have any, by name."""
    signed_by: tuple[Fingerprint, ...] = ()
    """Approvers, by their primary keys: one of them must have signed each recipients file. None: no signature counts.
    """

    def fails(self, severity: Severity) -> bool:
        """Whether a finding of this severity makes `check` fail."""
        return severity is Severity.ERROR or self.fail_on is Severity.WARNING


_PARTS = re.compile(r"\*\*/|/\*\*\Z|\*\*|\*|\?|[^*?/]+|/")


def _after(part: str, path: str, places: AbstractSet[int]) -> set[int]:
    """Where a part of a pattern can end in a path that begins at one of these places."""
    match part:
        case "**/":
            return _folders_after(path, places)
        case "/**":
            below = [place + 2 for place in places if path.startswith("/", place)]
            return set(range(min(below), len(path) + 1)) if below else set()
        case "**":
            return set(range(min(places), len(path) + 1))
        case "*":
            return _in_the_name(path, places)
        case "?":
            return {place + 1 for place in places if place < len(path) and path[place] != "/"}
        case _:
            return {place + len(part) for place in places if path.startswith(part, place)}


def _folders_after(path: str, places: AbstractSet[int]) -> set[int]:
    """The places, and the beginning of each name below a folder that begins at one of them."""
    found = set(places)
    begun = False
    for place, letter in enumerate(path):
        if letter != "/":
            begun = begun or place in found
        else:
            if begun:
                found.add(place + 1)
            begun = False
    return found


def _in_the_name(path: str, places: AbstractSet[int]) -> set[int]:
    """The places, and all behind them up to the end of the name that each stands in."""
    found = set(places)
    for place, letter in enumerate(path):
        if letter != "/" and place in found:
            found.add(place + 1)
    return found
