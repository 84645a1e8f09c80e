"""What a change means for secrets, as a comment on a pull request. Names of strangers stand in it as text only."""

from collections.abc import Iterator, Sequence

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

MARK = "<!-- eyamlgpg diff -->"
"""By which a job finds its own comment again."""
LONGEST_COMMENT = 60_000
"""Characters; GitHub takes 65,536, GitLab more."""
MOST = 30
"""Rows of a file."""
MOST_FILES = 40
_LONGEST = 300


def diff_as_markdown(made: Diff) -> str:
    """A heading, recipients, values by file, other text; it stays below the length that code hosts take."""
    lines = [MARK, "### Secrets in this change", "", f"{headline(made) or 'No recipient and no value differs'}."]
    if any(change.kind is Kind.DECRYPTED for change in made.changes):
        lines += ["", f"**A value is {LOUD}: do not merge, and change the secret, since it stands in the history.**"]
    lines += _recipients(made)
    if made.settings:
        lines += ["", "#### Settings", ""]
        lines += (f"* {code(one.path)}: {code(one.what)}" for one in made.settings[:MOST])
        lines += _more(len(made.settings), MOST, "setting")
    names = names_of(made)
    for group in alike(made)[:MOST]:
        lines += ["", f"#### {counted(len(group), 'value')}: {group[0].kind.value}", ""]
        lines += ["Readers: " + (" ".join(_changed_readers(group[0], names)) or "the same"), ""]
        lines += (f"* {code(path)} ({count:,})" for path, count in places(group))
        lines += _more(len({change.path for change in group}), MOST_PLACES, "file")
    files = by_file(made)
    for path in list(files)[:MOST_FILES]:
        lines += ["", f"#### {code(path)}", "", "| what | key | line | readers |", "| --- | --- | --- | --- |"]
        lines += (_row(change, names) for change in files[path][:MOST])
        lines += ["", *_more(len(files[path]), MOST, "value")] if len(files[path]) > MOST else []
    lines += _more(len(files), MOST_FILES, "file")
    if made.texts:
        lines += ["", "#### Other text", ""]
        lines += (f"* {code(one.path)}: +{one.added} -{one.removed} lines" for one in made.texts[:MOST])
        lines += _more(len(made.texts), MOST, "file")
    if has_claims(made):
        lines += ["", CLAIMED.replace("*", r"\*")]
    return "".join(_bounded(lines))


def _bounded(lines: Sequence[str]) -> Iterator[str]:
    left = LONGEST_COMMENT
    for line in lines:
        left -= len(line) + 1
        if left < 0:
            yield "\nThe rest is left out; `eyamlgpg diff` tells it.\n"
            return
        yield f"{line}\n"


def code(text: str) -> str:
    """Text of a stranger as code: no mention, link, HTML or cell of a table can come of it.

    A backtick would end it, and a `|` ends a cell of a table even there, so both are written as their look-alikes.
    """
    shown = escaped(text).strip().replace("`", "\u02cb").replace("|", "\u00a6")
    return f"`{shown[:_LONGEST]}{'…' if len(shown) > _LONGEST else ''}`" if shown else "(none)"


def _recipients(made: Diff) -> Iterator[str]:
    if made.lists:
        yield from ("", "#### Recipients", "")
    for change in made.lists[:MOST]:
        yield f"* {code(change.path)}" + ("" if change.state == "changed" else f" ({change.state})")
        for sign, readers in (("added", change.added), ("removed", change.removed)):
            for reader in readers[:MOST]:
                yield f"  * **{sign}** {code(reader.name)} {code(reader.id)}"
            yield from _more(len(readers), MOST, "reader")
        yield from (f"  * {line}" for line in following(made, change))
    yield from _more(len(made.lists), MOST, "recipients file")


def _row(change: ValueChange, names: dict[str, str]) -> str:
    kind = f"**{LOUD}**" if change.kind is Kind.DECRYPTED else change.kind.value
    notes = [remark(change), code(origin(change)) if origin(change) else ""]
    what = ", ".join([kind, *filter(None, notes)])
    readers = " ".join(_changed_readers(change, names))
    return f"| {what} | {code(change.key or '(no key)')} | {change.line} | {readers} |"


def _changed_readers(change: ValueChange, names: dict[str, str]) -> list[str]:
    return [*_signed("+", change.added_readers, names), *_signed("\u2212", change.removed_readers, names)]


def _signed(sign: str, readers: Sequence[str], names: dict[str, str]) -> Iterator[str]:
    yield from (code(f"{sign}{names.get(one, one)}") for one in readers[:MOST])
    yield from (f"{sign}{more} more" for more in [len(readers) - MOST] if more > 0)


def _more(number: int, most: int, what: str) -> Iterator[str]:
    if number > most:
        yield f"* and {counted(number - most, f'more {what}')}; `eyamlgpg diff` tells every one"
