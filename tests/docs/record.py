"""Draw docs/assets/ten-seconds.svg from a real run of the first page's session: `python -m tests.docs.record`.

rich lays out what the terminal showed; the lines then appear one after the other by CSS alone, commands as if typed.
Whoever asks for less motion sees the last picture at once. The picture needs no script, no font and no network.
"""

import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from tests.docs.page import ROOT
from tests.docs.play import play
from tests.docs.setups import Worlds

PAGE = ROOT / "docs" / "index.md"
PICTURE = ROOT / "docs" / "assets" / "ten-seconds.svg"
COLUMNS = 84
TYPED, READ, OUTPUT_LINE = 0.7, 0.7, 0.04
"""Seconds: for typing a command, before the next one, and for each line of output."""

THEME = TerminalTheme(
    (24, 28, 33),
    (203, 210, 217),
    [(24, 28, 33), (248, 113, 113), (77, 182, 172), (224, 178, 90)] + [(203, 210, 217)] * 4,
)
FORMAT = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">
<title>eyamlgpg in ten seconds</title>
<style>
.{unique_id}-matrix {{ font: {char_height}px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace }}
text {{ white-space: pre }}
{styles}
%s
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
MOVING = """@keyframes appear {{ from {{ visibility: hidden }} to {{ visibility: visible }} }}
@keyframes type {{ from {{ clip-path: inset(-9px 100% -9px 0) }} to {{ clip-path: inset(-9px -9px -9px 0) }} }}
@keyframes whole {{ to {{ clip-path: none }} }}
@media (prefers-reduced-motion: no-preference) {{
{rules}
}}"""


def transcript(worlds: Worlds) -> list[tuple[bool, str]]:
    """Each line of the session as a terminal would show it, with whether it was typed."""
    shown: list[tuple[bool, str]] = []
    for played in play(PAGE, worlds):
        shown.append((True, played.command.text.partition("  #")[0]))
        shown += [(False, line) for line in played.on_the_page.splitlines()]
    return [(typed and not at, row) for typed, line in shown for at, row in enumerate(_rows(line, typed))]


def _rows(line: str, typed: bool) -> Iterator[str]:
    """A line as the terminal breaks it."""
    whole = f"$ {line}" if typed else line
    yield from (whole[at : at + COLUMNS] for at in range(0, max(len(whole), 1), COLUMNS))


def picture(rows: Sequence[tuple[bool, str]]) -> str:
    """The whole SVG."""
    console = Console(record=True, width=COLUMNS, height=len(rows), file=io.StringIO(), color_system="truecolor")
    for typed, row in rows:
        text = Text.assemble(("$ ", "green"), (row[2:], "bold")) if typed else Text(row)
        text.highlight_regex(r"\berror\b|commit refused", "red")
        text.highlight_regex(r"ENC\[.*\]", "yellow")
        console.print(text, no_wrap=True, crop=True)
    moving = MOVING.format(rules="\n".join(_rules(rows))).replace("{", "{{").replace("}", "}}")
    drawn = console.export_svg(title="", theme=THEME, code_format=FORMAT % moving, unique_id="t")
    return re.sub(r"[ \t]+$", "", drawn, flags=re.MULTILINE)


def _rules(rows: Sequence[tuple[bool, str]]) -> Iterator[str]:
    at = 0.4
    for number, (typed, row) in enumerate(rows):
        line = f'[clip-path="url(#t-line-{number})"]'
        if typed:
            at += READ if number else 0
            typing = f"type {TYPED}s steps({max(len(row), 1)}) {at:.2f}s both"
            at += TYPED
            yield f"{line} {{ animation: {typing}, whole 0s {at:.2f}s forwards }}"
        else:
            at += OUTPUT_LINE
            yield f"{line} {{ animation: appear 0s {at:.2f}s both }}"


def texts(drawn: str) -> list[str]:
    """Every line that a picture shows."""
    found: dict[int, str] = {}
    for number, text in re.findall(r'clip-path="url\(#t-line-(\d+)\)">([^<]*)</text>', drawn):
        found[int(number)] = found.get(int(number), "") + text.replace("&#160;", " ")
    return [found[number].rstrip() for number in sorted(found)]


def main(to: Path = PICTURE) -> None:
    """Play the page and draw it."""
    worlds = Worlds()
    try:
        to.write_text(picture(transcript(worlds)), encoding="utf-8")
    finally:
        worlds.close()


if __name__ == "__main__":
    main()
