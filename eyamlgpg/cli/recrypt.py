"""`eyamlgpg recrypt`."""

from pathlib import Path
from typing import Any

import click

from eyamlgpg.cli.options import gnupg_options, method_option, recipients_options
from eyamlgpg.cli.world import World, open_world
from eyamlgpg.errors import EyamlgpgError, raise_all
from eyamlgpg.operations.recrypt import FileRecrypted, RecryptPorts, RecryptRequest, recrypt_file
from eyamlgpg.render.text import counted


@click.command("recrypt")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--all", "every", is_flag=True, help="Rewrite values that are in line with their recipients, too.")
@click.option(
    "-d",
    "--change-encryption",
    type=click.Choice(["gpg"], case_sensitive=False),
    default="gpg",
    help="Taken for the gems' sake; values always stay with GPG.",
)
@recipients_options
@method_option
@gnupg_options
def command(files: tuple[Path, ...], **options: Any) -> int:
    """Re-encrypt the values of files to the recipients that now govern them.

    Only values that are not encrypted to exactly the wanted recipients are rewritten. A value that you cannot decrypt
    is reported and left; the others are done, and the exit status is 4.
    """
    world = open_world(options)
    world.require_gpg()
    ports = RecryptPorts(world.files, world.keyring, world.decrypter, world.encrypter)
    request = RecryptRequest(world.recipients_request, every=options["every"], default=world.default_method)
    errors: list[EyamlgpgError] = []
    for file in files:
        try:
            result = recrypt_file(file, str(file), request, ports)
        except EyamlgpgError as error:
            errors.append(error)
            continue
        _report(result, world)
        errors += result.errors
    raise_all(errors)
    return 0


def _report(result: FileRecrypted, world: World) -> None:
    world.messages.warn(*result.warnings)
    parts = [f"{counted(result.rewritten, 'value')} re-encrypted", f"{result.in_line:,} in line already"]
    if result.left_alone:
        parts.append(f"{counted(result.left_alone, 'value')} of another method left alone")
    if result.errors:
        parts.append(counted(len(result.errors), "problem"))
    world.messages.say(f"{result.name}: {', '.join(parts)}")
