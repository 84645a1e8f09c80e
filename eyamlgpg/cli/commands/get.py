"""`eyamlgpg get`."""

from typing import Any

import click

from eyamlgpg.cli.completion.offers import complete_key
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import NAMED_OR_DASH, gnupg_options, method_option
from eyamlgpg.cli.words import ValueCommand
from eyamlgpg.cli.world import open_world, read_input
from eyamlgpg.formats.text import decode
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.operations.values.get import get


@click.command("get", cls=ValueCommand, surplus="It takes one FILE and one KEY.")
@click.argument("file", metavar="FILE", type=NAMED_OR_DASH)
@click.argument("key", metavar="KEY", shell_complete=complete_key)
@method_option
@gnupg_options
def command(file: str, key: str, **options: Any) -> int:
    """Print the plain value at a Hiera key, no newline added.

    KEY is a path: profile::db::password, users.0.password; a segment in quotes may hold dots. FILE - is standard
    input.
    """
    path = KeyPath.parse(key)
    world = open_world(options)
    text = decode(read_input(file, world.files))
    answer(get(text, file, path, world.decrypter, world.default_method))
    return 0
