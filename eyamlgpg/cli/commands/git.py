"""`eyamlgpg git`: the group; git itself calls the hidden commands."""

import click

from eyamlgpg.cli.commands.git_textconv import textconv
from eyamlgpg.cli.groups import Commands


@click.group("git", cls=Commands)
def command() -> None:
    """Let git show and merge values, not ciphertext."""


command.add_command(textconv)
