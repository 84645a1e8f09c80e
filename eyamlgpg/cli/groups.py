"""Groups of commands that help whoever mistypes one, and import a command only when it is needed."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from eyamlgpg.cli.teaching import TeachingCommand
from eyamlgpg.errors import UsageError
from eyamlgpg.host import streams

if TYPE_CHECKING:
    from collections.abc import Mapping

    from click.shell_completion import CompletionItem

NEAREST = 0.7
"""How near a typo is to what it means, by difflib's ratio; less near are other words, such as `audit` to `edit`."""


class Commands(click.Group):
    """A group that shows its help where no command is named, and suggests the nearest ones for a typo."""

    command_class = TeachingCommand

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does; without any word the help goes to stderr, for it answers nothing, and the status is 2."""
        if not args and not ctx.resilient_parsing:
            streams.tell(ctx.get_help())
            ctx.exit(UsageError.status)
        return super().parse_args(ctx, args)

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """In the order in which they were added, what is used most first; without those that only programs call."""
        return [name for name, command in self.commands.items() if not command.hidden]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was named; UsageError with the nearest names for one that does not exist."""
        names = self.list_commands(ctx)
        # While a shell asks for completions nobody wants to read an error.
        is_unknown = bool(args) and args[0] not in names and self.get_command(ctx, args[0]) is None
        if is_unknown and not args[0].startswith("-") and not ctx.resilient_parsing:
            near = self._meant(ctx, args[0])
            hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(names)}."
            raise click.UsageError(f"There is no command {args[0]!r}. {hint}", ctx=ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """As click does; an error of the command's own options points to its own help, not to ours."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            command = self.get_command(ctx, ctx.invoked_subcommand or "")
            if error.ctx is None and command is not None:
                error.ctx = click.Context(command, parent=ctx, info_name=ctx.invoked_subcommand)
            raise

    def _meant(self, ctx: click.Context, word: str) -> list[str]:
        """What a word that is no command may mean: at most two names."""
        from difflib import get_close_matches

        names = self.list_commands(ctx)
        sure = [name for name in names if sorted(name) == sorted(word) or (len(word) > 1 and name.startswith(word))]
        return [*sure, *get_close_matches(word, [name for name in names if name not in sure], cutoff=NEAREST)][:2]


class Late(NamedTuple):
    """A command that is yet to be imported."""

    module: str
    """The one whose `command` it is."""
    help: str
    """The first sentence of the help of the command."""
    hidden: bool = False
    """Whether programs alone call it, and no list names it."""
    attribute: str = "command"
    """What the command is in that module."""

    def short_help(self, room: int = 45) -> str:
        """That sentence as click shortens it; 45 characters are what it gives a shell."""
        return click.Command(None, help=self.help).get_short_help_str(room)


class LateCommands(Commands):
    """A group whose commands stand in modules of their own, each imported when it is named.

    Their list, for the help and for shells that complete, comes from a table: to import them all takes a second.
    """

    def __init__(self, *args: Any, table: Mapping[str, Late], others: Mapping[str, str], **kwargs: Any) -> None:
        """`table`: each command, in the order to list them.

        `others`: words that other programs have for something, and how it is done here.
        """
        super().__init__(*args, **kwargs)
        self.table = table
        self.others = others

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """In the order of the table."""
        return [name for name, late in self.table.items() if not late.hidden]

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command; None for one that does not exist."""
        if cmd_name not in self.table:
            return self.commands.get(cmd_name)
        module = importlib.import_module(self.table[cmd_name].module)
        command: click.Command = getattr(module, self.table[cmd_name].attribute)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """As click does, from the table."""
        room = formatter.width - 6 - max(map(len, self.table))
        shown = [(name, self.table[name]) for name in self.list_commands(_ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, late.short_help(room)) for name, late in shown])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """As click does, from the table."""
        from click.shell_completion import CompletionItem

        named = [(name, self.table[name]) for name in self.list_commands(ctx) if name.startswith(incomplete)]
        return [
            *(CompletionItem(name, help=late.short_help()) for name, late in named),
            *click.Command.shell_complete(self, ctx, incomplete),
        ]

    def _meant(self, ctx: click.Context, word: str) -> list[str]:
        """Also the word of another program, and the name of a command that stands in a group (`import`)."""
        if word in self.others:
            return [self.others[word]]
        found = []
        for name in self.list_commands(ctx):
            group = self.get_command(ctx, name)
            if isinstance(group, Commands) and word in group.list_commands(ctx):
                found.append(f"{name} {word}")
        return found or super()._meant(ctx, word)
