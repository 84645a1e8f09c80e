"""`eyamlgpg git`: the group; git itself calls the hidden commands, one process for each file."""

import click

from eyamlgpg.cli.groups import Late, LateCommands

_DRIVERS = "eyamlgpg.cli.commands.git_drivers"
_MERGE = "eyamlgpg.cli.commands.git_merge"
_TEXTCONV = "eyamlgpg.cli.commands.git_textconv"

COMMANDS = {
    "install": Late(_DRIVERS, "Let git show and merge values in this clone.", attribute="install"),
    "uninstall": Late(_DRIVERS, "Take away what `git install` wrote.", attribute="uninstall"),
    "status": Late(_DRIVERS, "Say whether git shows and merges values in this clone.", attribute="status"),
    "textconv": Late(_TEXTCONV, "Print FILE for git to compare and show.", hidden=True, attribute="textconv"),
    "merge-values": Late(_MERGE, "Merge three versions of a file with values.", hidden=True, attribute="merge_values"),
    "merge-recipients": Late(
        _MERGE, "Merge three versions of a recipients file.", hidden=True, attribute="merge_recipients"
    ),
}
"""Each command with its module, which is imported when it is named: git starts one for each version of a file."""


@click.group("git", cls=LateCommands, table=COMMANDS, others={})
def command() -> None:
    """Let git show and merge values, not ciphertext."""
