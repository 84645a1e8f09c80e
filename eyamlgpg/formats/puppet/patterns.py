"""The files that a location of a level may name: `%{…}` is known on a node alone, and may be anything until then."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from eyamlgpg.model.hiera import Location, LocationKind
from eyamlgpg.model.policy import PathPattern

_INTERPOLATION = re.compile(r"%\{([^{}]*)\}")
_LITERAL = re.compile(r"literal\(['\"](.)['\"]\)")
_ALTERNATIVES = re.compile(r"\{([^{},]*(?:,[^{},]*)+)\}")
_SET = re.compile(r"\[[^\[\]/]+\]")
_ANY = "\0"
"""Stands for an interpolation while a path is made plain, where `*` would do the same and say less."""
_MOST = 64
"""Paths that the braces of one glob may mean."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The absolute paths that a location may name."""

    location: Location
    near: tuple[PathPattern, ...]
    """With an interpolation as a part of one name."""
    far: tuple[PathPattern, ...]
    """The same where it may hold a slash."""

    def matches(self, path: str) -> bool:
        """Whether the location names this file, or may."""
        return any(pattern.matches(path) for pattern in self.near)

    def might_match(self, path: str) -> bool:
        """Whether it names it only if a value of a node holds a slash."""
        return any(pattern.matches(path) for pattern in self.far)

    @property
    def is_known(self) -> bool:
        """Whether the location names one file, whatever the node."""
        return self.location.kind is LocationKind.PATH and not interpolations(self.location.text)


def interpolations(text: str) -> tuple[str, ...]:
    """What stands in `%{…}`, in its order, without the literals."""
    return tuple(found[1] for found in _INTERPOLATION.finditer(text) if not _LITERAL.fullmatch(found[1].strip()))


def without_interpolations(text: str, *, by: str = _ANY) -> str:
    """The text with something in the place of each `%{…}`; `%{literal('%')}` is what it says."""

    def replaced(found: re.Match[str]) -> str:
        literal = _LITERAL.fullmatch(found[1].strip())
        return literal[1] if literal else by

    return _INTERPOLATION.sub(replaced, text)


def candidates(base: str, location: Location) -> Candidates:
    """The paths of a location below a folder, whose own interpolations are written as they stand."""
    whole = posixpath.join(without_interpolations(base), without_interpolations(location.text))
    texts = list(_globs(whole)) if location.kind is LocationKind.GLOB else [whole]
    plain = [posixpath.normpath(text) for text in texts]
    return Candidates(
        location,
        tuple(PathPattern(text.replace(_ANY, "*"), location.line) for text in plain),
        tuple(PathPattern(text.replace(_ANY, "**"), location.line) for text in plain if _ANY in text),
    )


def _globs(text: str) -> Iterator[str]:
    """One pattern for each choice of the braces; `[…]` is any letter, which may be one file too many."""
    waiting, made = [text], 0
    while waiting and made < _MOST:
        one = waiting.pop()
        found = _ALTERNATIVES.search(one)
        if found is None:
            made += 1
            yield _SET.sub("?", one)
        else:
            waiting += [f"{one[: found.start()]}{choice}{one[found.end() :]}" for choice in found[1].split(",")]
