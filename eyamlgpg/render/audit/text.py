"""Who can read what, as a summary for people: risks, people, and the sets of readers, at 80 columns."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from eyamlgpg.model.audit import AccessChange, At, Audit, AuditDifference, AuditedValue, Change, Kind, Party
from eyamlgpg.model.short_names import short_names
from eyamlgpg.render.tables import Paper, Table, written
from eyamlgpg.render.words import counted, escaped, percent

WIDTH = 80
_MOST_PLACES = 3
"""Files that are named for each risk."""
_MOST_NAMES = 5
_MOST_VALUES = 12
"""Values that are named one by one for a change."""
_FULL_LIST = "--format json, csv or html tells every value"


def single_as_text(audit: Audit) -> str:
    """One moment."""
    lines = [f"Access at {_moment(audit.at)}", _heading(audit), ""]
    lines += _risks(audit)
    lines += _people(audit)
    lines += ["Readers"]
    lines += _sets(audit)
    lines += ["", *_share(audit), _FULL_LIST]
    return _text(lines)


def difference_as_text(made: AuditDifference) -> str:
    """What differs between two moments; values that changed alike stand together."""
    names = {party.id: party.user_id for party in made.parties}
    lines = [f"From {_moment(made.before.at)} to {_moment(made.after.at)}", ""]
    for title, parties in (("Joined", made.joined), ("Left", made.left)):
        if parties:
            lines += [title, *(f"  {party.user_id}{_kind(party)}" for party in parties), ""]
    for alike in made.alike:
        lines += _change(alike, names)
    lines += [_counted(made)]
    return _text(lines)


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{escaped(line)}\n" for line in lines)


def _heading(audit: Audit) -> str:
    masters = sum(party.kind is Kind.MASTER for party in audit.parties)
    people = sum(party.kind is Kind.PERSON for party in audit.parties)
    what = f"{counted(len(audit.values), 'value')} in {counted(audit.files, 'file')}"
    who = f"{counted(people, 'person', 'people')}, {counted(masters, 'puppetmaster')}"
    return f"{what}; {who}"


def _moment(at: At) -> str:
    if at.commit is None:
        return f"the working tree ({at.date[:10]})"
    return f"commit {at.commit[:9]} ({at.date[:10]})"


def _risks(audit: Audit) -> Iterator[str]:
    yield "Risks"
    if not audit.risks:
        yield "  none found"
    for risk in audit.risks:
        yield from _wrapped(f"{counted(len(risk.values), 'value')} {risk.message} [{risk.rule}]", 2, 4)
        if risk.parties:
            yield from _wrapped(_named(risk.parties), 6, 6)
        yield from (f"      {place}" for place in _places(risk.values))
    yield ""


def _named(parties: Sequence[Party]) -> str:
    names = [f"{party.user_id}{_last_day(party)}" for party in parties[:_MOST_NAMES]]
    more = len(parties) - _MOST_NAMES
    return ", ".join([*names, *([f"and {more:,} more"] if more > 0 else [])])


def _last_day(party: Party) -> str:
    return "" if party.until is None else f" (until {party.until})"


def _places(values: Iterable[AuditedValue | AccessChange]) -> Iterator[str]:
    files = Counter(value.path for value in values)
    for path, count in sorted(files.items())[:_MOST_PLACES]:
        yield f"{path} ({count:,})"
    if len(files) > _MOST_PLACES:
        yield f"and {counted(len(files) - _MOST_PLACES, 'more file')}"


def _people(audit: Audit) -> Iterator[str]:
    """Everybody on a line; a column that says nothing is left out."""
    yield "People"
    names = short_names({party.id: party.user_id for party in audit.parties})
    names |= {party.id: party.id for party in audit.parties if party.kind is Kind.UNKNOWN}
    readable = Counter(reader for value in audit.values for reader in value.readers)
    columns = {
        "who": [f"{names[party.id]} *" if party.claim else names[party.id] for party in audit.parties],
        "kind": [party.kind.value for party in audit.parties],
        "roles": [" ".join(party.roles) for party in audit.parties],
        "until": ["" if party.until is None else party.until.isoformat() for party in audit.parties],
        "values": [f"{readable[party.id]:,}" for party in audit.parties],
        "share": [percent(readable[party.id], len(audit.values)) for party in audit.parties],
    }
    told = {header: cells for header, cells in columns.items() if any(cells)}
    table = Table(tuple(told), [[cell or "-" for cell in row] for row in zip(*told.values(), strict=True)])
    yield from (f"  {line}" for line in written(table, Paper(WIDTH - 2)).splitlines())
    if any(party.claim for party in audit.parties):
        yield "  * named by .eyamlgpg/keys or its history, not by the keyring"
    yield ""


def _sets(audit: Audit) -> Iterator[str]:
    """Each set of readers with the folders where it reads, the largest first."""
    names = short_names({party.id: party.user_id for party in audit.parties})
    sets: dict[tuple[tuple[str, ...], bool], list[AuditedValue]] = {}
    for value in audit.values:
        sets.setdefault((value.readers, value.passphrase), []).append(value)
    for (readers, passphrase), values in sorted(sets.items(), key=lambda one: -len(one[1])):
        who = [*(names[reader] for reader in readers), *(["a passphrase"] if passphrase else [])]
        yield from _wrapped(f"{counted(len(values), 'value')}: {', '.join(who) or 'nobody'}", 2, 4)
        folders = Counter(value.folder for value in values)
        told = [f"{folder} ({count:,})" for folder, count in sorted(folders.items())]
        more = [f"and {counted(len(told) - _MOST_PLACES, 'more folder')}"] if len(told) > _MOST_PLACES else []
        yield from _wrapped(", ".join([*told[:_MOST_PLACES], *more]), 6, 6)


def _share(audit: Audit) -> Iterator[str]:
    if audit.share.parties:
        part = percent(audit.share.values, len(audit.values))
        yield f"You can read {counted(audit.share.values, 'value')} of {len(audit.values):,} ({part})."
    if audit.left_alone:
        yield f"{counted(audit.left_alone, 'value')} of another method: who can read these cannot be told."


def _kind(party: Party) -> str:
    return "" if party.kind is Kind.PERSON else f" ({party.kind.value})"


def _change(alike: Sequence[AccessChange], names: dict[str, str]) -> Iterator[str]:
    """Values that changed alike: where they stand, and what is other about their readers."""
    first = alike[0]
    what = {Change.ADDED: "added", Change.REMOVED: "removed", Change.READERS: "with other readers"}[first.kind]
    yield f"{counted(len(alike), 'value')} {what}"
    for sign, readers in (("+", first.added), ("-", first.removed)):
        if readers:
            yield from _wrapped(f"{sign} {', '.join(names.get(one, f'a {one}') for one in readers)}", 2, 4)
    if len(alike) <= _MOST_VALUES:
        yield from (f"    {change.path} {change.key or '(no key)'}" for change in alike)
    else:
        yield from (f"    {place}" for place in _places(alike))
    yield ""


def _counted(made: AuditDifference) -> str:
    counts = Counter(change.kind for change in made.changes)
    if not counts:
        return "The same people can read the same values."
    parts = (
        f"{counted(counts[Change.ADDED], 'value')} added",
        f"{counts[Change.REMOVED]:,} removed",
        f"{counts[Change.READERS]:,} with other readers",
    )
    return ", ".join(parts)


def _wrapped(text: str, first: int, then: int) -> list[str]:
    return wrap(
        text,
        WIDTH,
        initial_indent=" " * first,
        subsequent_indent=" " * then,
        break_long_words=False,
        break_on_hyphens=False,
    )
