"""What a change means for secrets, for people, at 80 columns."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from eyamlgpg.model.diff import Diff, Kind, ValueChange
from eyamlgpg.render.diff.summary import (
    CLAIMED,
    LOUD,
    MOST_PLACES,
    alike,
    by_file,
    following,
    has_claims,
    headline,
    names_of,
    origin,
    places,
    remark,
)
from eyamlgpg.render.words import counted, escaped

WIDTH = 80
MOST = 50
"""Values of a file that are told one by one."""


def diff_as_text(made: Diff, before: str, after: str) -> str:
    """Recipients and what follows from them, then values by file, then other text."""
    lines = [*_wrapped(f"From {before} to {after}: {headline(made) or 'nothing of eyamlgpg differs'}", 0, 2)]
    lines += _recipients(made)
    if made.settings:
        lines += ["", "Settings"]
        for setting in made.settings:
            lines += [f"  {setting.path}", *_wrapped(setting.what, 4, 6)]
    names = names_of(made)
    lines += _alike(made, names)
    was = {new: old for old, new in made.renamed}
    for path, changes in by_file(made).items():
        old = was.get(path)
        lines += ["", path if old is None else f"{path} (was {old})"]
        lines += _values(changes, names, shows=made.has_plaintexts)
    if made.texts:
        lines += ["", "Other text (git diff shows it)"]
        lines += (f"  {one.path}: +{one.added} -{one.removed} lines" for one in made.texts)
    if has_claims(made):
        lines += ["", CLAIMED]
    return "".join(f"{escaped(line)}\n" for line in lines)


def _recipients(made: Diff) -> Iterator[str]:
    if made.lists:
        yield from ("", "Recipients")
    for change in made.lists:
        yield f"  {change.path}" + ("" if change.state == "changed" else f" ({change.state})")
        for sign, readers in (("+", change.added), ("-", change.removed)):
            for reader in readers:
                yield from _wrapped(f"{sign} {reader.name}", 4, 6)
                yield f"      {reader.id}"
        yield from (f"    {line}" for line in following(made, change))


def _alike(made: Diff, names: dict[str, str]) -> Iterator[str]:
    for group in alike(made):
        yield from ("", f"{counted(len(group), 'value')}: {group[0].kind.value}")
        yield from _readers(group[0], names, 2)
        yield from (f"    {path} ({count:,})" for path, count in places(group))
        more = len({change.path for change in group}) - MOST_PLACES
        if more > 0:
            yield f"    and {counted(more, 'more file')}; --format json tells every value"


def _readers(change: ValueChange, names: dict[str, str], indent: int) -> Iterator[str]:
    for sign, readers in (("+", change.added_readers), ("-", change.removed_readers)):
        if readers:
            yield from _wrapped(f"{sign} {', '.join(names.get(one, one) for one in readers)}", indent, indent + 2)


def _values(changes: Sequence[ValueChange], names: dict[str, str], *, shows: bool) -> Iterator[str]:
    for change in changes[:MOST]:
        kind = LOUD if change.kind is Kind.DECRYPTED else change.kind.value
        parts = [f"line {change.line}", origin(change), remark(change)]
        yield from _wrapped(f"{kind}: {change.key or '(no key)'} ({', '.join(filter(None, parts))})", 2, 6)
        yield from _readers(change, names, 6)
        if shows:
            for sign, text in (("-", change.old), ("+", change.new)):
                if text is not None:
                    yield f"      {sign} = {text.decode('utf-8', 'surrogateescape')}"
    if len(changes) > MOST:
        yield f"  and {counted(len(changes) - MOST, 'more value')}; --format json tells every one"


def _wrapped(text: str, first: int, then: int) -> list[str]:
    indents = {"initial_indent": " " * first, "subsequent_indent": " " * then}
    return wrap(escaped(text), WIDTH, **indents, break_long_words=False, break_on_hyphens=False)  # type: ignore[arg-type]
