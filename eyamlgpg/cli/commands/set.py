"""`eyamlgpg set`."""

from pathlib import Path
from typing import Any

import click

from eyamlgpg.cli.completion.offers import complete_key
from eyamlgpg.cli.options import NAMED, gnupg_options, recipients_options
from eyamlgpg.cli.sources import folder_of, one_source, require_order, require_writable
from eyamlgpg.cli.words import Length, ValueCommand
from eyamlgpg.cli.world import open_world
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.operations.values.set import Before, SetRequest, require_settable, set_value

_DONE = {Before.NO_FILE: "new, in a new file", Before.NO_KEY: "new", Before.A_VALUE: "replaced"}


@click.command("set", cls=ValueCommand, surplus="The value is given by -p, --stdin or -s 'STR'.")
@click.argument("file", metavar="FILE", type=NAMED)
@click.argument("key", metavar="KEY", shell_complete=complete_key)
@click.option("--stdin", is_flag=True, help="Take the value from standard input, byte for byte.")
@click.option("-p", "--password", is_flag=True, help="Ask for the value twice, without showing it.")
@click.option("-s", "--string", metavar="STR", help="This value. Others can see it in ps: prefer -p.")
@click.option("--generate", metavar="N", type=Length(8, 4096), help="Make a random value of N letters and digits.")
@recipients_options
@gnupg_options
def command(file: Path, key: str, **options: Any) -> int:
    """Encrypt one value into a Hiera key of a file. Everything else in the file stays as it is.

    KEY is a path: profile::db::password, users.0.password; a segment in quotes may hold dots. A file, key or parent
    that is missing is made.
    """
    source = one_source(options, ("stdin", "password", "string", "generate"))
    world = open_world(options)
    world.require_gpg()
    require_order("set", str(file), key)
    path = KeyPath.parse(key)
    require_writable(file)
    request = SetRequest(file, str(file), path, lambda: source.read(options, world.files, str(path)))
    require_settable(request, world.files)
    world.warn_of_links(file)
    wanted = world.wanted(folder_of(str(file)))
    world.messages.warn(*wanted.warnings)
    result = set_value(request, world.files, world.encrypter, lambda: world.wanted_anew(folder_of(str(file))))
    world.messages.warn(*(warning for warning in result.wanted.warnings if warning not in wanted.warnings))
    world.messages.say(f"{file}: {path}: {_DONE[result.was]}")
    return 0
