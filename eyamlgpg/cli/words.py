"""Commands on values, and what is said of words that they do not expect: any of these may be a secret."""

import re
from typing import Any

import click

from eyamlgpg.cli.teaching import TeachingCommand

_OPTION = re.compile(r"--?[A-Za-z][a-z-]*")
"""What an option looks like, mistyped or not; a password that starts with a dash seldom does."""


class ValueCommand(TeachingCommand):
    """A command on values: what is surplus on its command line is never repeated, since a log may keep what we say."""

    def __init__(self, *args: Any, surplus: str, takes_more: str | None = None, **kwargs: Any) -> None:
        """`surplus`: how what was given too much is to be given instead.

        `takes_more`: the parameter of an option that, once given, takes all words that are left as well.
        """
        super().__init__(*args, **kwargs)
        self.allow_extra_args = True
        self.surplus = surplus
        self.takes_more = takes_more

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does; UsageError for words too many and for options that do not exist, both without the words."""
        try:
            rest = super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if _OPTION.fullmatch(error.option_name):
                raise
            raise click.UsageError(f"There is no such option. {self.surplus}", ctx) from None
        if rest and self.takes_more is not None and ctx.params[self.takes_more]:
            ctx.params[self.takes_more] += tuple(rest)
            rest = ctx.args = []
        if rest and not ctx.resilient_parsing:
            raise too_many(len(rest), self.surplus, ctx)
        return rest


def too_many(count: int, surplus: str, ctx: click.Context | None = None) -> click.UsageError:
    """The error for words that a command does not expect, without the words."""
    return click.UsageError(f"{'One word' if count == 1 else f'{count} words'} too many. {surplus}", ctx)


class Length(click.IntRange):
    """A number of characters within bounds; what was given instead is not repeated."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number; wrong usage for anything else."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"must be a number from {self.min} to {self.max}.", param, ctx)
