"""`eyamlgpg encrypt`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from eyamlgpg.cli.completion.hiera_keys import complete_clear_key, complete_file_or_key
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import (
    NAMED_OR_DASH,
    PLACE,
    gnupg_options,
    new_method_option,
    pkcs7_options,
    recipients_options,
    yes_option,
)
from eyamlgpg.cli.sources import STDIN, SecretSource, folder_of, one_source, read_input
from eyamlgpg.cli.words import ValueCommand, too_many
from eyamlgpg.cli.world import World, open_world
from eyamlgpg.errors import ChangedMeanwhile, ConfigError, FormatError, Several, UsageError
from eyamlgpg.formats.eyaml import near_markers
from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.formats.eyaml.near_markers import NEAR
from eyamlgpg.formats.eyaml.values import find_values
from eyamlgpg.formats.text import decode, encode
from eyamlgpg.host import paths
from eyamlgpg.operations.values.encrypt import (
    Output,
    Sealing,
    encrypt_markers,
    find_markers,
    method_of_marker,
    present,
)
from eyamlgpg.operations.values.opened_text import standing
from eyamlgpg.render.words import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from eyamlgpg.model.recipients import Resolved
    from eyamlgpg.operations.ports import Encrypter

RAW = "raw"
"""hiera-eyaml's word for `string`."""

SURPLUS = "A secret is given by -p, --stdin, -f FILE or -s 'STR', markers by -e FILE."


@click.command("encrypt", cls=ValueCommand, surplus=SURPLUS)
@click.argument("words", metavar="[FILE]", nargs=-1, shell_complete=complete_file_or_key)
@click.option("-s", "--string", metavar="STR", help="Encrypt this string. Others can see it in ps: prefer -p.")
@click.option("-p", "--password", is_flag=True, help="Ask for the secret twice, without showing it.")
@click.option(
    "-f", "--file", metavar="FILE", type=NAMED_OR_DASH, help="Encrypt the bytes of a file, a final newline included."
)
@click.option("--stdin", is_flag=True, help="Encrypt standard input, byte for byte.")
@click.option(
    "-e",
    "--eyaml",
    metavar="FILE",
    type=NAMED_OR_DASH,
    help="Encrypt the DEC::GPG[…]! and DEC::PKCS7[…]! markers of a file; - is standard input.",
)
@click.option(
    "-o",
    "--output",
    type=click.Choice([*(output.value for output in Output), RAW]),
    default=None,
    help="How to print one value. string ends without a newline, and raw is the same.  [default: examples]",
)
@click.option("-l", "--label", metavar="KEY", help="The Hiera key to print before the value.")
@click.option("-i", "--in-place", is_flag=True, help="Write the file instead of printing it; with -e FILE or --key.")
@click.option(
    "--key",
    "keys",
    metavar="KEY",
    multiple=True,
    shell_complete=complete_clear_key,
    help="With -i FILE: encrypt what stands in clear text at this Hiera key. May be repeated.",
)
@click.option(
    "--for",
    "for_path",
    metavar="PATH",
    type=PLACE,
    help="Use the recipients that govern this file or folder.",
)
@recipients_options
@new_method_option
@pkcs7_options
@gnupg_options
@yes_option
def command(
    words: tuple[str, ...],
    keys: tuple[str, ...],
    for_path: Path | None,
    in_place: bool,  # noqa: FBT001 - click passes flags
    **options: Any,
) -> int:
    """Encrypt one secret, or markers or clear values of a file.

    The recipients are those of --gpg-recipients, --gpg-recipients-file, or the nearest hiera-eyaml-gpg.recipients
    upwards from --for PATH, else from the FILE given, else from the working directory. -n pkcs7 encrypts one secret
    for the private key of PKCS7; a marker names its own method, and --key encrypts with gpg.

    $ eyamlgpg encrypt -p -l db::password               # a value to paste
    $ eyamlgpg encrypt -i -e hieradata/common.eyaml     # the markers of a file
    $ eyamlgpg encrypt -i hieradata/common.eyaml --key db::password
    """
    if keys or (in_place and words):
        from eyamlgpg.cli.commands.encrypt_keys import encrypt_keys

        return encrypt_keys(words, keys, for_path, {**options, "in_place": in_place})
    if words:
        raise too_many(len(words), SURPLUS)
    source = one_source(options, ("string", "password", "file", "stdin", "eyaml"))
    if in_place and (source is not SecretSource.EYAML or options["eyaml"] == STDIN):
        raise UsageError(
            "-i/--in-place goes with -e FILE, or with FILE and --key",
            "eyamlgpg encrypt -i -e FILE",
            "eyamlgpg encrypt -i FILE --key KEY",
        )
    world = open_world(options)
    folder = _folder(source, for_path, options)
    named = for_path or (options[source] if source in (SecretSource.FILE, SecretSource.EYAML) else STDIN)
    if str(named) != STDIN:
        world.warn_of_links(Path(named))
    if source is SecretSource.EYAML:
        name = options["eyaml"]
        asked_about = world.files.read(Path(name)) if in_place else read_input(name, world.files)
        _require_no_near_marker(world, name, decode(asked_about))
        if not in_place:
            return _markers(world, name, folder, asked_about, in_place=False)
        # From here to the replacement no other run writes there, and nobody is asked anything.
        with world.files.turn(Path(name)):
            content = world.files.read(Path(name))
            if content != asked_about and near_markers.find(decode(content)):
                raise ChangedMeanwhile(f"{name}: was changed by somebody else meanwhile", "nothing was encrypted")
            return _markers(world, name, folder, content, in_place=True)
    return _one(world, source, folder, options)


def _folder(source: SecretSource, for_path: Path | None, options: Mapping[str, Any]) -> Path:
    if for_path is not None:
        resolved = paths.real(for_path)
        return resolved if paths.is_folder(resolved) else resolved.parent
    if source in (SecretSource.FILE, SecretSource.EYAML):
        return folder_of(options[source])
    return paths.working_folder()


def _one(world: World, source: SecretSource, folder: Path, options: Mapping[str, Any]) -> int:
    output = _output(world)
    label = world.settings.text("label")
    # A file that is not there is told before anything else; and everything, before the user is asked for a secret.
    asks = source is not SecretSource.FILE or options["file"] == STDIN
    plaintext = None if asks else source.read(options, world.files, label)
    method = Method.PKCS7 if world.default_method is Method.PKCS7 else Method.GPG
    sealing = _sealing(world, folder, [method], lambda: world.encrypter)
    if plaintext is None:
        plaintext = source.read(options, world.files, label)
    answer(present(sealing.seal(plaintext, method), output, label, method))
    return 0


def _sealing(world: World, folder: Path, methods: Sequence[Method], encrypter: "Callable[[], Encrypter]") -> Sealing:
    """What makes messages of these methods; what is wrong with the readers or the certificate is raised at once.

    `encrypter`: asked for behind them, since it needs a GnuPG home.
    """
    if Method.PKCS7 in methods:
        world.pkcs7.require_public_key()
    readers: Sequence[Resolved] = ()
    if Method.GPG in methods:
        wanted = world.wanted(folder)
        world.messages.warn(*wanted.warnings)
        readers = wanted.readers
    return Sealing(readers, encrypter(), world.pkcs7)


def _output(world: World) -> Output:
    name = world.settings.text("output") or Output.EXAMPLES
    try:
        return Output.STRING if name == RAW else Output(name)
    except ValueError:
        raise ConfigError(
            f"{world.settings.where('output')}: {name!r} is none of examples, block, string, raw"
        ) from None


def _markers(world: World, name: str, folder: Path, content: bytes, *, in_place: bool) -> int:
    text = decode(content)
    found = find_markers(text, name)
    if found:

        def encrypter() -> "Encrypter":
            if not in_place:
                return world.encrypter
            return world.encrypter.for_file(Path(name), lambda: standing(decode(content)))

        methods = [method_of_marker(marker) for marker in found]
        text = encrypt_markers(text, name, _sealing(world, folder, methods, encrypter))
        if (problem := find_values(text).yaml_error) is not None:
            world.messages.warn(f"{name}:{problem.line}: is not YAML, so Puppet fails on it: {problem.reason}")
    if in_place:
        if found:
            world.files.replace(Path(name), encode(text), expected=content)
        world.messages.say(f"{name}: {counted(len(found), 'value')} encrypted")
    else:
        answer(text if text.endswith("\n") or not text else text + "\n")
    return 0


def _require_no_near_marker(world: World, name: str, text: str) -> None:
    """Ask about what somebody meant to be a marker; FormatError where it is not to stay in clear text."""
    near = [
        FormatError(f"{name}:{one.line}: {NEAR}", "a value to be encrypted is written DEC::GPG[…]!")
        for one in near_markers.find(text)
    ]
    if not near:
        return
    world.messages.error(Several(near))
    if not world.ask(f"{name}: leave it in clear text, and encrypt the rest?"):
        raise FormatError(f"{name}: nothing was encrypted")
