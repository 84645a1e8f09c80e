"""What somebody may have meant who mistyped a name or an address."""

from collections.abc import Iterable

from eyamlgpg.model.matching import Form, KeyNames, folded

ALIKE = 0.6
"""Of 1: a letter too many, too few or swapped is more, another name is less."""

MOST = 3


def nearest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known names that are much like this one and not the same, the likest first; case never counts.

    Addresses are compared by their halves: in a team that shares a domain, all of them are alike otherwise.
    """
    typed = folded(name.strip("<>= \t"))
    scores = {one: _likeness(typed, folded(one)) for one in known if one != name}
    alike = sorted((one for one, score in scores.items() if score >= ALIKE), key=lambda one: -scores[one])
    return tuple(alike[:MOST])


def did_you_mean(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """A hint with the nearest names, if there are any."""
    close = nearest(name, known)
    return (f"did you mean {' or '.join(close)}?",) if close else ()


def did_you_mean_key(name: str, names: KeyNames) -> tuple[str, ...]:
    """A hint with the addresses of keys that are much like a name; fingerprints and key IDs are like none."""
    if names.find(name).form not in (Form.WHOLE, Form.PART):
        return ()
    return did_you_mean(name, (user_id.email or user_id.text for key in names.keys for user_id in key.user_ids))


def _likeness(one: str, other: str) -> float:
    local, at, domain = one.rpartition("@")
    other_local, other_at, other_domain = other.rpartition("@")
    if at and other_at:
        return min(_ratio(local, other_local), _ratio(domain, other_domain))
    return max(_ratio(one, other), _ratio(one, other_local) if other_at else 0)


def _ratio(one: str, other: str) -> float:
    from difflib import SequenceMatcher  # which a run without a typo has no use for

    matcher = SequenceMatcher(None, one, other)
    # The bounds from above are cheap, and nearly all names of a large tree fall to them.
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0
    return matcher.ratio()
