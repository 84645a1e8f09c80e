"""Colours by meaning in a text that is laid out: red for what must be mended, yellow for what should be seen."""

from collections.abc import Sequence
from enum import Enum

from eyamlgpg.render.tables import Paper


class Shades(tuple[str, ...], Enum):
    """What stands out in each kind of text: expressions whose groups are named by their colours."""

    FINDINGS = (
        r"(?m)^\S.*?: (?:(?P<red>error)|(?P<yellow>warning)): ",
        r"(?m)(?P<dim>\[[a-z0-9-]+\])$",
        r"(?m)^  \| +(?P<red>\^)$",
    )
    READERS = (
        r"(?m)^    (?:(?P<red>should not|unknown|hidden)|(?P<yellow>missing|stale)): ",
        r"(?m)^    (?P<red>cannot be used): ",
        r"(?m)^    validity (?:(?P<green>full|ultimate)|(?P<yellow>unknown|undefined|marginal|never))(?=,)",
        r"(?m), (?P<red>[\d,]+ not in line)\b",
    )
    DUE = (
        r"(?m)^  (?P<red>[\d,]+ (?:readable by|with|that a passphrase) .*)$",
        r"(?m)^  (?P<yellow>[\d,]+ (?:missing|to an old subkey of) .*)$",
    )
    DIFFERENCE = (r"(?m)^(?P<green>\+.*)$", r"(?m)^(?P<red>-.*)$")
    WORKLIST = (r"(?m)^  (?:(?P<red>due)|(?P<yellow>unknown)|(?P<green>changed|gone)) ",)


def shaded(text: str, paper: Paper, *shades: Shades) -> str:
    """The same text with colours where somebody wants them; the text itself where nobody does."""
    if not paper.coloured or not text:
        return text
    return _coloured(text, [pattern for one in shades for pattern in one.value])


def _coloured(text: str, patterns: Sequence[str]) -> str:
    import io

    from rich.console import Console
    from rich.text import Text

    out = io.StringIO()
    console = Console(file=out, force_terminal=True, color_system="standard", legacy_windows=False, _environ={})
    made = Text(text)
    for pattern in patterns:
        made.highlight_regex(pattern)
    console.print(made, end="", soft_wrap=True)
    return out.getvalue()
