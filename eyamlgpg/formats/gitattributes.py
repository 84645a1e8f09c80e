"""`.gitattributes` as text: our lines come and go, and every other byte stays.

Ours stand together behind a comment, at the top: git lets the last line that fits a path decide (gitattributes(5)), so
each line of the user's own has its way over ours.
"""

from collections.abc import Iterable, Iterator, Sequence

HEAD = "# eyamlgpg: `eyamlgpg git uninstall` takes these lines away"
BOM = "\ufeff"

_SPECIAL = "*?[\\"
_C_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def pattern_of(path: str, *, folder_of: str | None = None) -> str:
    """The pattern for one file, by its path from the root; with `folder_of` for all files of a folder with this end.

    Quoted as C where there is white space or a quote in it.
    """
    literal = "".join(f"\\{char}" if char in _SPECIAL else char for char in path)
    pattern = f"/{literal}" if folder_of is None else f"/{literal}/*{folder_of}".replace("//", "/")
    if not any(char in _C_ESCAPES or char.isspace() for char in pattern.replace("\\", "")):
        return pattern
    return f'"{"".join(_C_ESCAPES.get(char, char) for char in pattern)}"'


def own_lines(text: str, ours: Sequence[str]) -> tuple[str, ...]:
    """The lines that stand behind our comment. `ours`: how such a line ends."""
    return tuple(line.rstrip("\r\n") for line in _lines(text)[_span(text, ours)][1:])


def with_lines(text: str, wanted: Iterable[str], ours: Sequence[str]) -> str:
    """The text with these lines, each of which is added only where it does not stand yet."""
    lines = _lines(text)
    present = {line.strip() for line in lines}
    end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    added = [f"{line}{end}" for line in wanted if line not in present]
    if not added:
        return text
    span = _span(text, ours)
    if span.start == span.stop:
        added.insert(0, f"{HEAD}{end}")
        if lines:
            added.append(end)
    elif not lines[span.stop - 1].endswith("\n"):
        lines[span.stop - 1] += end
    lines[span.stop : span.stop] = added
    return (BOM if text.startswith(BOM) else "") + "".join(lines)


def without_lines(text: str, ours: Sequence[str]) -> str:
    """The text without our comment, the lines of ours behind it, and the empty line that parted them from the rest."""
    lines = _lines(text)
    span = _span(text, ours)
    stop = span.stop
    if span.start == 0 < stop < len(lines) and not lines[stop].strip():
        stop += 1
    rest = "".join([*lines[: span.start], *lines[stop:]])
    return (BOM if text.startswith(BOM) and rest else "") + rest


def _lines(text: str) -> list[str]:
    return list(_split(text.removeprefix(BOM)))


def _split(text: str) -> Iterator[str]:
    """Lines with their ends; only LF ends one, as for git."""
    *whole, last = text.split("\n")
    yield from (f"{line}\n" for line in whole)
    if last:
        yield last


def _span(text: str, ours: Sequence[str]) -> slice:
    """Where our comment and the lines behind it stand; nothing at the top where they do not."""
    lines = _lines(text)
    start = next((number for number, line in enumerate(lines) if line.strip() == HEAD), None)
    if start is None:
        return slice(0, 0)
    stop = start + 1
    while stop < len(lines) and lines[stop].rstrip().endswith(tuple(f" {end}" for end in ours)):
        stop += 1
    return slice(start, stop)
