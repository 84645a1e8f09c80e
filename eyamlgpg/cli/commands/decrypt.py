"""`eyamlgpg decrypt`."""

from typing import Any

import click

from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import NAMED_OR_DASH, gnupg_options, method_option, pkcs7_options
from eyamlgpg.cli.sources import STDIN, SecretSource, one_source
from eyamlgpg.cli.words import ValueCommand
from eyamlgpg.cli.world import open_world
from eyamlgpg.formats.eyaml import methods
from eyamlgpg.formats.eyaml.methods import Method, method_of
from eyamlgpg.formats.text import decode
from eyamlgpg.operations.values.decrypt import decrypt_to_markers, decrypt_to_plain
from eyamlgpg.render.words import counted


@click.command("decrypt", cls=ValueCommand, surplus="A file is given by -f FILE or -e FILE, a value by -s STR.")
@click.option("-s", "--string", metavar="STR", help="Decrypt the values in this string.")
@click.option(
    "-f", "--file", metavar="FILE", type=NAMED_OR_DASH, help="Decrypt the values in a file; - is standard input."
)
@click.option(
    "-e", "--eyaml", metavar="FILE", type=NAMED_OR_DASH, help="Print a file with its values as DEC::GPG[…]! markers."
)
@click.option("--stdin", is_flag=True, help="Decrypt the values in standard input.")
@method_option
@pkcs7_options
@gnupg_options
def command(**options: Any) -> int:
    """Decrypt the values of a text and print it.

    PKCS7 values are decrypted if their private key is named or is in keys/private_key.pkcs7.pem; if not, they stay as
    they are. -e gives edit markers, which `encrypt -e` takes back; the others give plain text. All values are decrypted
    or nothing is printed.

    $ eyamlgpg decrypt -f hieradata/common.eyaml
    $ git show HEAD:common.eyaml | eyamlgpg decrypt --stdin
    """
    source = one_source(options, ("string", "file", "eyaml", "stdin"))
    world = open_world(options)
    text = decode(source.read(options, world.files))
    name = options[source] if source in (SecretSource.FILE, SecretSource.EYAML) else "standard input"
    name = {STDIN: "standard input"}.get(name, name) if source is not SecretSource.STRING else "the string"
    if source is SecretSource.EYAML:
        decryption = decrypt_to_markers(text, name, world.decrypter, world.default_method, world.pkcs7)
        output = decryption.output
        if not output.endswith(b"\n"):
            output += b"\n"
    else:
        is_file = source is SecretSource.FILE
        decryption = decrypt_to_plain(text, name, world.decrypter, world.default_method, world.pkcs7, is_file=is_file)
        output = decryption.output
    if decryption.left_alone:
        left = _left(len(decryption.left_alone), f"of {methods.named(decryption.left_alone)}")
        is_pkcs7 = any(method_of(token, world.default_method) is Method.PKCS7 for token in decryption.left_alone)
        hint = "; --pkcs7-private-key FILE opens those of PKCS7" if is_pkcs7 else ""
        world.messages.warn(f"{name}: {left}{hint}")
    if decryption.spaced:
        world.messages.warn(
            f"{name}: {_left(decryption.spaced, 'with white space inside')}; such values are read in a file (-f)"
        )
    if decryption.binary:
        world.messages.warn(f"{name}: {_left(decryption.binary, 'that no text can show')}; see `eyamlgpg get`")
    answer(output)
    return 0


def _left(count: int, which: str) -> str:
    return f"{counted(count, 'value')} {which} {'is left as it is' if count == 1 else 'are left as they are'}"
