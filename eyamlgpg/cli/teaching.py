"""The help of a command: its own options first, and lines of a terminal that stay as they are."""

import inspect
import re
from collections.abc import Iterator, Sequence
from typing import Any

import click

OWN = "Options"
SECTIONS = {
    "Who may read": ("--gpg-recipients", "--gpg-recipients-file", "--gpg-always-trust"),
    "Method of encryption": (
        *("--encrypt-method", "--pkcs7-private-key", "--pkcs7-public-key"),
        *("--pkcs7-private-key-env-var", "--pkcs7-public-key-env-var"),
    ),
    "Everywhere": ("--gpg-gnupghome", "--verbose", "--quiet", "--trace", "--help"),
}
"""The options that several commands share, by the heading that they stand under; all others are a command's own."""

COLUMN = 30
"""The widest first column, as click has it; what is longer gets a line of its own."""

_TERMINAL = re.compile(r"\n\n(?=\$ )")
"""Before a paragraph of command lines."""


class TeachingCommand(click.Command):
    """A command whose help has its options in sections, and whose paragraphs of `$ eyamlgpg …` keep their lines."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As click does; the sign by which click keeps the lines of a paragraph is set here."""
        super().__init__(*args, **kwargs)
        if self.help:
            # Before Python 3.13 a docstring keeps the indentation of its source.
            self.help = _TERMINAL.sub("\n\n\b\n", inspect.cleandoc(self.help))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each section under its heading, all of them with the same columns."""
        shown = [
            (heading, [record for option in options if (record := option.get_help_record(ctx))])
            for heading, options in sections(self.get_params(ctx))
        ]
        longest = max((len(first) for _, records in shown for first, _ in records), default=0)
        for heading, [(first, told), *others] in shown:
            with formatter.section(heading):
                formatter.write_dl([(first.ljust(min(longest, COLUMN)), told), *others])


def sections(parameters: Sequence[click.Parameter]) -> Iterator[tuple[str, list[click.Option]]]:
    """The options that a help shows, a command's own first, each section with its heading; none is empty."""
    headings = {name: heading for heading, names in SECTIONS.items() for name in names}
    options = [one for one in parameters if isinstance(one, click.Option) and not one.hidden]
    for heading in (OWN, *SECTIONS):
        inside = [option for option in options if headings.get(option.opts[-1], OWN) == heading]
        if inside:
            yield heading, inside


def examples(command: click.Command) -> list[str]:
    """The command lines of a help, without the prompt."""
    lines = inspect.cleandoc(command.help or "").splitlines()
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
