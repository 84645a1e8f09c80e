"""`eyamlgpg keys`."""

import shutil
import sys
from typing import Any

import click

from eyamlgpg.cli.commands import Commands
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import format_option, gnupg_options
from eyamlgpg.cli.world import open_world
from eyamlgpg.operations.keys import select
from eyamlgpg.render.keys import keys_as_json, keys_as_text


@click.group("keys", cls=Commands)
def command() -> None:
    """The keys on the keyring."""


@command.command("list")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@format_option("text", "json")
@gnupg_options
def list_(ids: tuple[str, ...], output_format: str, **options: Any) -> int:
    """List keys with validity and expiry: all, or those that an ID names.

    ID is a fingerprint, a key ID, an address or a part of a user ID.
    """
    world = open_world(options)
    keys = select(world.keyring, ids)
    if output_format == "json":
        answer(keys_as_json(keys, now=world.now))
    elif keys:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        answer(keys_as_text(keys, now=world.now, width=width))
    else:
        world.messages.say(f"{world.session.homedir}: the keyring is empty")
    return 0
