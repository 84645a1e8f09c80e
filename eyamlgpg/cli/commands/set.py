"""`eyamlgpg set`."""

from pathlib import Path
from typing import Any

import click

from eyamlgpg.api.values import set_gpg_value
from eyamlgpg.cli.completion.hiera_keys import complete_key
from eyamlgpg.cli.options import NAMED, gnupg_options, new_method_option, pkcs7_options, recipients_options
from eyamlgpg.cli.sources import one_source, require_order, require_writable
from eyamlgpg.cli.words import Length, ValueCommand
from eyamlgpg.cli.world import World, open_world
from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.operations.values.set import (
    Before,
    SetRequest,
    method_at,
    require_settable,
    set_pkcs7_value,
)

_DONE = {Before.NO_FILE: "new, in a new file", Before.NO_KEY: "new", Before.A_VALUE: "replaced"}


@click.command("set", cls=ValueCommand, surplus="The value is given by -p, --stdin or -s 'STR'.")
@click.argument("file", metavar="FILE", type=NAMED)
@click.argument("key", metavar="KEY", shell_complete=complete_key)
@click.option("--stdin", is_flag=True, help="Take the value from standard input, byte for byte.")
@click.option("-p", "--password", is_flag=True, help="Ask for the value twice, without showing it.")
@click.option("-s", "--string", metavar="STR", help="This value. Others can see it in ps: prefer -p.")
@click.option("--generate", metavar="N", type=Length(8, 4096), help="Make a random value of N letters and digits.")
@recipients_options
@new_method_option
@pkcs7_options
@gnupg_options
def command(file: Path, key: str, **options: Any) -> int:
    """Encrypt one value into a Hiera key of a file. Everything else in the file stays as it is.

    KEY is a path: profile::db::password, users.0.password; a segment in quotes may hold dots. A missing file, key or
    parent is created. A key that holds a value of PKCS7 keeps that method, unless -n is given.

    $ eyamlgpg set hieradata/common.eyaml profile::db::password -p
    $ eyamlgpg set hieradata/common.eyaml users.0.password --generate 32
    """
    source = one_source(options, ("stdin", "password", "string", "generate"))
    world = open_world(options)
    require_order("set", str(file), key)
    path = KeyPath.parse(key)
    require_writable(file)
    method = _method(world, file, path, options["encrypt_method"])
    request = SetRequest(file, str(file), path, lambda: source.read(options, world.files, str(path)), method)
    require_settable(request, world.files)
    if method is Method.PKCS7:
        _require_certificate(world, f"{file}: {path}", is_asked_for=options["encrypt_method"] is not None)
        result = set_pkcs7_value(request, world.files, world.pkcs7)
        world.messages.say(f"{file}: {path}: {_DONE[result.was]}, with PKCS7")
        return 0
    result = set_gpg_value(world, request)
    world.messages.say(f"{file}: {path}: {_DONE[result.was]}")
    return 0


def _method(world: World, file: Path, path: KeyPath, option: str | None) -> Method:
    """That of `-n`, else of the value that stands there, else of a config file, else GPG."""
    if option is None and (standing := method_at(file, path, world.files, world.default_method)) is not None:
        return standing
    return Method.PKCS7 if world.default_method is Method.PKCS7 else Method.GPG


def _require_certificate(world: World, where: str, *, is_asked_for: bool) -> None:
    """Judge the certificate before anybody types a secret for it, and say whose it is where nobody asked for PKCS7.

    Whoever may change the file could have put a value of PKCS7 there, and a certificate of their own beside it.
    """
    otherwise = "-n gpg encrypts it to the recipients"
    try:
        world.pkcs7.require_public_key()
    except EyamlgpgError as error:
        if is_asked_for:
            raise
        raise type(error)(f"{where}: is to be of PKCS7: {error.sentence}", *error.hints, otherwise) from None
    if not is_asked_for:
        world.messages.warn(
            f"{where}: stays a value of PKCS7, for whoever has the private key to {world.pkcs7.certificate_source}; "
            f"{otherwise}"
        )
