"""Words for people: errors and hints as lines, counts as phrases, strangers' text without terminal escapes."""

from collections.abc import Iterator

from eyamlgpg.errors import EyamlgpgError, flattened

MOST = 100
"""Errors, or warnings of one kind, that are told one by one."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def escaped(text: str) -> str:
    """Text of a stranger (a file name, a user ID) with control characters and lone surrogates written out."""
    return "".join(char if char.isprintable() or char == " " else _escape(char) for char in text)


def at_line_start(path: str) -> str:
    """A path to begin a line with: what a build server would take for a command (`::`, `##`) gets `./` in front."""
    return f"./{path}" if path.lstrip().startswith(("::", "##")) else path


def cell(text: str) -> str:
    """Text of a stranger for a cell of CSV, with `'` before what a spreadsheet would take for a formula."""
    shown = escaped(text)
    return f"'{shown}" if text.startswith(_FORMULA) else shown


def _escape(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was no UTF-8, see PEP 383
        return f"\\x{code - 0xDC00:02x}"
    return char.encode("unicode_escape", "backslashreplace").decode("ascii")


def percent(part: int, whole: int) -> str:
    """`42 %`; 0 only for nothing, and 100 only for all."""
    if part and part < whole:
        return "< 1 %" if 100 * part < whole else f"{min(99, round(100 * part / whole))} %"
    return "100 %" if part else "0 %"


def error_lines(error: EyamlgpgError) -> Iterator[str]:
    """One line an error, then one a hint; of very many errors the first MOST."""
    seen: set[tuple[str, ...]] = set()
    every = tuple(flattened([error]))
    for single in every[:MOST]:
        yield escaped(single.sentence)
        if single.hints and single.hints not in seen:
            seen.add(single.hints)
            yield from (f"  {escaped(hint)}" for hint in single.hints)
    if len(every) > MOST:
        yield f"and {counted(len(every) - MOST, 'more error')}"


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """`1 value`, `2 values`, `0 values`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
