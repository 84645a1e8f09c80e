"""How the readers of a tree differ between two moments. A value is the same one where its file and key are."""

from collections.abc import Iterator

from eyamlgpg.model.audit import AccessChange, Audit, AuditDifference, AuditedValue, Change

PASSPHRASE = "passphrase"  # noqa: S105 - the word for it
"""Stands among the readers of a change where a passphrase opens the value."""


def difference(before: Audit, after: Audit) -> AuditDifference:
    """Every value that is new, gone, or has other readers, and the people who came and went with them."""
    old, new = _readers(before), _readers(after)
    parties = {party.id: party for party in (*before.parties, *after.parties)}
    changes = sorted(_changes(before, after), key=lambda change: (change.path, change.key or ""))
    return AuditDifference(
        before,
        after,
        tuple(parties.values()),
        tuple(changes),
        joined=tuple(party for party in after.parties if party.id in new - old),
        left=tuple(party for party in before.parties if party.id in old - new),
    )


def _readers(one: Audit) -> set[str]:
    return {reader for value in one.values for reader in value.readers}


def _changes(before: Audit, after: Audit) -> Iterator[AccessChange]:
    was = {value.place: value for value in before.values}
    now = {value.place: value for value in after.values}
    for place in was.keys() | now.keys():
        old, new = was.get(place), now.get(place)
        could, can = _of(old), _of(new)
        if old is not None and new is not None and could == can:
            continue
        kind = Change.ADDED if old is None else Change.REMOVED if new is None else Change.READERS
        added = tuple(reader for reader in can if reader not in could)
        removed = tuple(reader for reader in could if reader not in can)
        yield AccessChange(place[0], place[1], kind, added, removed)


def _of(value: AuditedValue | None) -> tuple[str, ...]:
    """The readers, a passphrase among them."""
    if value is None:
        return ()
    return (*value.readers, PASSPHRASE) if value.passphrase else value.readers
