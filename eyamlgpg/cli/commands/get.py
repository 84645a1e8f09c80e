"""`eyamlgpg get`."""

from typing import Any

import click

from eyamlgpg.api.values import read_value
from eyamlgpg.cli.completion.hiera_keys import complete_key
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import NAMED_OR_DASH, gnupg_options, method_option, pkcs7_options
from eyamlgpg.cli.sources import read_input, require_order
from eyamlgpg.cli.words import ValueCommand
from eyamlgpg.cli.world import open_world
from eyamlgpg.formats.text import decode
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.host import streams


@click.command("get", cls=ValueCommand, surplus="It takes one FILE and one KEY.")
@click.argument("file", metavar="FILE", type=NAMED_OR_DASH)
@click.argument("key", metavar="KEY", shell_complete=complete_key)
@method_option
@pkcs7_options
@gnupg_options
def command(file: str, key: str, **options: Any) -> int:
    """Print the plain value at a Hiera key, no newline added.

    KEY is a path: profile::db::password, users.0.password; a segment in quotes may hold dots. FILE - is standard
    input.

    $ eyamlgpg get hieradata/common.eyaml profile::db::password
    """
    world = open_world(options)
    require_order("get", file, key)
    path = KeyPath.parse(key)
    text = decode(read_input(file, world.files))
    value = read_value(world, text, file, path)
    answer(value)
    if not value.endswith(b"\n"):
        streams.end_line_at_terminal()
    return 0
