"""What every report of a diff says alike: its sums, its names and its words."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from eyamlgpg.model.diff import FOLLOWING, Diff, Kind, ListChange, ValueChange
from eyamlgpg.model.short_names import short_names
from eyamlgpg.operations.audit.difference import PASSPHRASE
from eyamlgpg.render.words import counted

LOUD = "IN CLEAR TEXT"
MANY = 12
"""Values of which the same is to be said one by one."""
MOST_PLACES = 3
"""Files that are named for values that are told together."""


def headline(made: Diff) -> str:
    """What there is, the most urgent first; empty if nothing is."""
    counts = Counter(change.kind for change in made.changes)
    parts = []
    if made.lists:
        parts.append(f"{counted(len(made.lists), 'recipients file')} changed")
    if counts[Kind.DECRYPTED]:
        parts.append(f"{counted(counts[Kind.DECRYPTED], 'value')} now {LOUD}")
    for kind in Kind:
        if counts[kind] and kind is not Kind.DECRYPTED:
            words = "with other readers" if kind is Kind.READERS else kind.value
            parts.append(f"{counted(counts[kind], 'value')} {words}")
    if made.settings:
        parts.append(f"{counted(len(made.settings), 'setting')} of readers")
    if made.texts:
        parts.append(f"other text in {counted(len(made.texts), 'file')}")
    return ", ".join(parts)


def names_of(made: Diff) -> dict[str, str]:
    """Short names by id; who is named by the repository alone has a `*`."""
    names = short_names({party.id: party.user_id for party in made.parties})
    claimed = {party.id for party in made.parties if party.claim}
    return {id_: f"{name} *" if id_ in claimed else name for id_, name in names.items()} | {PASSPHRASE: "a passphrase"}


CLAIMED = "* named by .eyamlgpg/keys or its history, not by the keyring"


def has_claims(made: Diff) -> bool:
    """Whether a name needs the remark."""
    return any(party.claim for party in made.parties)


def following(made: Diff, change: ListChange) -> Iterator[str]:
    """What follows from a change of a recipients file, in a line or two."""
    kinds = Counter(one.kind for one in made.changes if one.because == change.path)
    known = kinds[Kind.READERS] + kinds[Kind.REENCRYPTED]
    if known:
        yield f"{counted(known, 'value')} re-encrypted for it"
    if kinds[Kind.UNKNOWN]:
        yield f"{counted(kinds[Kind.UNKNOWN], 'value')} changed or re-encrypted for it: no key here tells which"
    readers = (*change.added, *change.removed)
    # Values name subkeys, so nobody can tell which of them an unknown key explains.
    if not kinds and readers and all(reader.is_known for reader in readers):
        yield "no value re-encrypted for it"


def alike(made: Diff) -> tuple[Sequence[ValueChange], ...]:
    """Many values without a recipients file to follow from, of which the same is to be said, the most first."""
    groups: dict[tuple[Kind, tuple[str, ...], tuple[str, ...]], list[ValueChange]] = {}
    for change in made.changes:
        if change.because is None and change.kind in FOLLOWING:
            groups.setdefault((change.kind, change.added_readers, change.removed_readers), []).append(change)
    return tuple(sorted((group for group in groups.values() if len(group) > MANY), key=len, reverse=True))


def places(changes: Sequence[ValueChange]) -> Iterator[tuple[str, int]]:
    """The files of values that are told together, the first few."""
    files = Counter(change.path for change in changes)
    yield from sorted(files.items())[:MOST_PLACES]


def by_file(made: Diff) -> Mapping[str, Sequence[ValueChange]]:
    """What neither follows from a recipients file nor is told together; values in clear text first."""
    together = {id(change) for group in alike(made) for change in group}
    left = [change for change in made.changes if change.because is None and id(change) not in together]
    order = list(dict.fromkeys(change.path for change in left if change.kind is Kind.DECRYPTED))
    order += sorted({change.path for change in left} - set(order))
    files: dict[str, list[ValueChange]] = {path: [] for path in order}
    for change in left:
        files[change.path].append(change)
    return files


def origin(change: ValueChange) -> str:
    """Where a moved value stood; empty for any other."""
    if change.kind is not Kind.MOVED and change.from_key is None:
        return ""
    key = change.from_key or "(no key)"
    return f"from {key}" if change.from_path in (None, change.path) else f"from {change.from_path} {key}"


def remark(change: ValueChange) -> str:
    """What a reviewer should know of a kind; empty where the kind says it."""
    match change.kind:
        case Kind.DECRYPTED:
            return "clear text stands in place of an encrypted value"
        case Kind.ENCRYPTED:
            return "was in clear text, and stays readable in the history"
        case _:
            return ""
