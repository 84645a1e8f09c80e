"""Who can read what at a glance, for a terminal: values with the same readers are one row."""

import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from eyamlgpg.model.access import HiddenReader, Reader, UnknownReader
from eyamlgpg.model.keys import KeyId
from eyamlgpg.model.short_names import short_names
from eyamlgpg.operations.readers.access import AccessReport, Readers, ValueAccess
from eyamlgpg.render.tables import Paper
from eyamlgpg.render.who import access_in_short
from eyamlgpg.render.words import counted, escaped

NARROW = 60
"""Columns; on less a row is a paragraph."""

_MOST = 3
"""Files, or folders, that are named for each row."""

_HIDDEN = "a hidden recipient"
_PASSPHRASE = "a passphrase"  # noqa: S105 - the word for it


@dataclass(slots=True)
class _Row:
    """The values that one set of people can read."""

    files: Counter[str] = field(default_factory=Counter)
    off: int = 0
    """How many of them are not in line."""

    @property
    def values(self) -> int:
        return self.files.total()


def access_by_readers(report: AccessReport, paper: Paper, names: Mapping[KeyId, str]) -> str:
    """The sets of readers, those of most values first, and the summary; `names` are those of unknown keys."""
    shown = _shown(report, names)
    rows: dict[tuple[str, ...], _Row] = {}
    for file in report.files:
        for value in file.values:
            row = rows.setdefault(tuple(_readers(value, shown)), _Row())
            row.files[file.name] += 1
            row.off += value.drift is not None and not value.is_in_line
    ordered = sorted(rows.items(), key=lambda one: -one[1].values)
    draw = _paragraphs if paper.width is not None and paper.width < NARROW else _table
    return f"{draw(ordered, paper)}{access_in_short(report)}\n"


def _table(rows: Sequence[tuple[tuple[str, ...], _Row]], paper: Paper) -> str:
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, pad_edge=False, header_style=None, padding=(0, 2, 0, 0), expand=False)
    made.add_column("values", justify="right", no_wrap=True)
    made.add_column("readers", ratio=3, overflow="fold")
    made.add_column("where", ratio=2, overflow="fold")
    for readers, row in rows:
        where = Text(", ".join(_where(row)))
        if row.off:
            where.append(f"\n{row.off:,} not in line", style="red")
        made.add_row(f"{row.values:,}", Text(_listed(readers)), where)
    return _printed(made, paper) if rows else ""


def _paragraphs(rows: Sequence[tuple[tuple[str, ...], _Row]], paper: Paper) -> str:
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    parts: list[Text | Padding] = []
    for readers, row in rows:
        parts.append(Text(f"{counted(row.values, 'value')}: {_listed(readers)}"))
        parts.append(Padding(Text(", ".join(_where(row))), (0, 0, 0, 2)))
        if row.off:
            parts.append(Padding(Text(f"{row.off:,} not in line", style="red"), (0, 0, 0, 2)))
    return _printed(Group(*parts), paper) if rows else ""


def _printed(made: object, paper: Paper) -> str:
    from rich.console import Console

    out = io.StringIO()
    colours = {"force_terminal": True, "color_system": "standard"} if paper.coloured else {"color_system": None}
    Console(file=out, width=paper.width, highlight=False, markup=False, no_color=False, **colours).print(made)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def _listed(readers: Sequence[str]) -> str:
    return ", ".join(readers) or "nobody"


def _where(row: _Row) -> Iterator[str]:
    """The files; of many their folders, those of most files first."""
    if len(row.files) <= _MOST:
        yield from (
            escaped(name) if len(row.files) == 1 else f"{escaped(name)} ({count:,})"
            for name, count in row.files.items()
        )
        return
    folders = Counter(name.rpartition("/")[0] or "." for name in row.files)
    yield from (f"{counted(count, 'file')} in {escaped(name)}" for name, count in folders.most_common(_MOST))
    if len(folders) > _MOST:
        yield f"{counted(len(folders) - _MOST, 'more folder')}"


def _shown(report: AccessReport, names: Mapping[KeyId, str]) -> Mapping[str, str]:
    """How each key is called, by its fingerprint or key ID."""
    every: Iterator[Readers] = (value.readers for file in report.files for value in file.values)
    readers = (reader for one in set(every) for reader in one if isinstance(reader, Reader))
    people: dict[str, str] = {reader.key.fingerprint: reader.key.user_id for reader in readers}
    called = short_names(people)
    for key_id in report.unknown():
        called[key_id] = f"the unknown key {key_id}{_named(names.get(key_id))}"
    return {one: escaped(name) for one, name in called.items()}


def _named(name: str | None) -> str:
    return "" if name is None else f" ({name})"


def _readers(value: ValueAccess, shown: Mapping[str, str]) -> Iterator[str]:
    """Each reader once: people by name, then who is not known."""
    people = {shown[one.key.fingerprint] for one in value.readers if isinstance(one, Reader)}
    yield from sorted(people, key=str.casefold)
    unknown = {one.key_id for one in value.readers if isinstance(one, UnknownReader)}
    yield from (shown[key_id] for key_id in sorted(unknown))
    if any(isinstance(one, HiddenReader) for one in value.readers):
        yield _HIDDEN
    if value.passphrase:
        yield _PASSPHRASE
