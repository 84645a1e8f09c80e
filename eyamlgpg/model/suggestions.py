"""What somebody may have meant who mistyped a name or an address."""

from collections.abc import Iterable
from difflib import SequenceMatcher

from eyamlgpg.model.matching import folded

ALIKE = 0.6
"""Of 1: a letter too many, too few or swapped is more, another name is less."""

MOST = 3


def nearest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known names that are much like this one, the likest first; case never counts.

    Addresses are compared by their halves: in a team that shares a domain, all of them are alike otherwise.
    """
    typed = folded(name.strip("<>= \t"))
    scores = {one: _likeness(typed, folded(one)) for one in known}
    alike = sorted((one for one, score in scores.items() if score >= ALIKE), key=lambda one: -scores[one])
    return tuple(alike[:MOST])


def _likeness(one: str, other: str) -> float:
    local, at, domain = one.rpartition("@")
    other_local, other_at, other_domain = other.rpartition("@")
    if at and other_at:
        return min(_ratio(local, other_local), _ratio(domain, other_domain))
    return max(_ratio(one, other), _ratio(one, other_local) if other_at else 0)


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()
