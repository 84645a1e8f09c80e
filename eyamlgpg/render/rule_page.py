"""The page of a rule for a terminal; elsewhere the page is plain Markdown and needs no rendering."""

import io

WIDEST = 100
"""Columns of a text that is still read with ease."""


def rule_page_for_terminal(page: str, *, width: int, in_colour: bool) -> str:
    """The Markdown laid out within the width, with colours or without any escape sequence."""
    from rich.console import Console
    from rich.markdown import Markdown
    from rich.theme import Theme

    out = io.StringIO()
    console = Console(
        file=out,
        width=min(width, WIDEST),
        force_terminal=in_colour,
        color_system="standard" if in_colour else None,
        theme=Theme({"markdown.code": "cyan"}),  # rich's own has a black ground, whatever the terminal's is
        legacy_windows=False,
        _environ={},
    )
    console.print(Markdown(page, code_theme="ansi_dark"))
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())
