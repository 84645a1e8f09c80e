"""Groups of commands that help whoever mistypes one, and import a command only when it is needed."""

import importlib
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import click

from eyamlgpg.errors import UsageError
from eyamlgpg.host import streams


class Commands(click.Group):
    """A group that shows its help where no command is named, and suggests the nearest ones for a typo."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does; without any word the help goes to stderr, for it answers nothing, and the status is 2."""
        if not args and not ctx.resilient_parsing:
            streams.tell(ctx.get_help())
            ctx.exit(UsageError.status)
        return super().parse_args(ctx, args)

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """In the order in which they were added: what is used most stands first."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was named; UsageError with the nearest names for one that does not exist."""
        names = self.list_commands(ctx)
        # While a shell asks for completions nobody wants to read an error.
        if args and not args[0].startswith("-") and args[0] not in names and not ctx.resilient_parsing:
            near = get_close_matches(args[0], names, n=2)
            hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(names)}."
            raise click.UsageError(f"There is no command {args[0]!r}. {hint}", ctx=ctx)
        return super().resolve_command(ctx, args)


class LateCommands(Commands):
    """A group whose commands stand in modules of their own, each imported when it is named."""

    def __init__(self, *args: Any, modules: Mapping[str, str], **kwargs: Any) -> None:
        """`modules`: each command, and the module whose `command` it is, in the order to list them."""
        super().__init__(*args, **kwargs)
        self.modules = modules

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """In the order of the table."""
        return list(self.modules)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command; None for one that does not exist."""
        if cmd_name not in self.modules:
            return None
        command: click.Command = importlib.import_module(self.modules[cmd_name]).command
        return command
