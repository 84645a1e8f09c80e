"""Who must and who must not be among the readers of which paths: the tier rules of a repository."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

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
    _expression: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Translate once."""
        object.__setattr__(self, "_expression", re.compile(_translated(self.text)))

    def matches(self, path: str) -> bool:
        """Whether a path from the root is meant."""
        return self._expression.fullmatch(path) is not None


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


@dataclass(frozen=True, slots=True)
class Policy:
    """`.eyamlgpg/policy.yaml`."""

    source: str
    """The file as it is shown."""
    puppetmasters: Mapping[str, Fingerprint] = field(default_factory=lambda: MappingProxyType({}))
    """The fingerprint of each one's primary key, by name."""
    rules: tuple[TierRule, ...] = ()
    clear_text: ClearText = ClearText()


_PARTS = re.compile(r"\*\*/|/\*\*\Z|\*\*|\*|\?|[^*?]")


def _translated(pattern: str) -> str:
    """The pattern as a regular expression over the whole path."""
    if pattern.endswith("/"):
        pattern += "**"
    return "".join(map(_translated_part, _PARTS.findall(pattern)))


def _translated_part(part: str) -> str:
    match part:
        case "**/":
            return "(?:[^/]+/)*"
        case "/**":
            return "/.+"
        case "**":
            return ".*"
        case "*":
            return "[^/]*"
        case "?":
            return "[^/]"
        case _:
            return re.escape(part)
