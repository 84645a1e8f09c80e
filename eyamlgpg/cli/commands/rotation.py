"""`eyamlgpg rotation`."""

import os
from typing import Any

import click

from eyamlgpg.cli import screen
from eyamlgpg.cli.completion.offers import complete_person
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import format_option, gnupg_options, method_option
from eyamlgpg.cli.teaching import TeachingCommand
from eyamlgpg.cli.world import open_world
from eyamlgpg.host import paths
from eyamlgpg.operations.readers.rotation import RotationPorts, RotationRequest, worklist
from eyamlgpg.render.rotation import rotation_as_csv, rotation_as_json, rotation_as_text
from eyamlgpg.render.shades import Shades, shaded
from eyamlgpg.render.words import counted

WORK_IS_DUE = 1
"""The exit status while a value is to be changed."""

_FORMATS = {"text": rotation_as_text, "json": rotation_as_json, "csv": rotation_as_csv}


@click.command("rotation", cls=TeachingCommand)
@click.argument("name", metavar="ID", shell_complete=complete_person)
@click.option("--since", metavar="REV", help="Leave out what could be read only before this commit.")
@click.option("--all", "every", is_flag=True, help="Also list the values that are done: changed or gone.")
@format_option(*_FORMATS)
@method_option
@gnupg_options
def command(name: str, since: str | None, every: bool, output_format: str, **options: Any) -> int:  # noqa: FBT001 - click's
    """List the values to change because somebody left.

    Lists values that they could read and that have not changed since. Reads every commit of every branch and tag, the
    index and the working tree. Values are followed over renames, moves and copies; a value that was only encrypted
    anew has not changed. No secret key is needed, but with one it also shows whether a re-encrypted value is the
    same. ID is a fingerprint, a key ID, an address or a user ID, of the keyring or of any key that .eyamlgpg/keys
    ever held. The exit status is 1 while work is due.

    $ eyamlgpg rotation bob@example.com
    """
    from eyamlgpg.repo.history import read_history

    world = open_world(options)
    history = read_history(paths.working_folder(), world.environ)
    request = RotationRequest(name, os.urandom(32), since, world.default_method, world.keyring.own_key_ids())
    made = worklist(request, RotationPorts(history, world.keyring, world.decrypter))
    if made.still_readable:
        readable = counted(made.still_readable, "value")
        world.messages.warn(f"{made.person.user_id} can still read {readable}: rotation comes after removal")
    inside = (f"{path}: is a repository of its own, which was not looked into" for path in history.repositories())
    world.messages.warn(*made.warnings, *inside, *(f"not complete: {gap}" for gap in made.gaps))
    text = _FORMATS[output_format](made, every=every)
    answer(shaded(text, screen.paper(), Shades.WORKLIST) if output_format == "text" else text)
    return WORK_IS_DUE if made.is_due else 0
