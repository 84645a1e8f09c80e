"""Commands on values, and what is said of words that they do not expect: any of these may be a secret."""

import re
from typing import Any

import click

from eyamlgpg.cli.teaching import TeachingCommand

_OPTION = re.compile(r"--?[A-Za-z][a-z-]*")
"""What an option looks like, mistyped or not; a password that starts with a dash seldom does."""


class ValueCommand(TeachingCommand):
    """A command on values: what is surplus on its command line is never repeated, since a log may keep what we say."""

    def __init__(self, *args: Any, surplus: str, **kwargs: Any) -> None:
        """`surplus`: how what was given too much is to be given instead."""
        super().__init__(*args, **kwargs)
        self.allow_extra_args = True
        self.surplus = surplus

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does; UsageError for words too many and for options that do not exist, both without the words."""
        try:
            rest = super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if _OPTION.fullmatch(error.option_name):
                raise
            raise click.UsageError(f"There is no such option. {self.surplus}", ctx) from None
        if rest and not ctx.resilient_parsing:
            count = "One word" if len(rest) == 1 else f"{len(rest)} words"
            raise click.UsageError(f"{count} too many. {self.surplus}", ctx)
        return rest


class Length(click.IntRange):
    """A number of characters within bounds; what was given instead is not repeated."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number; wrong usage for anything else."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"must be a number from {self.min} to {self.max}.", param, ctx)
