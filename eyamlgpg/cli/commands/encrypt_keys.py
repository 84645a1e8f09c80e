"""`eyamlgpg encrypt -i FILE --key KEY…`: what stands in clear text at Hiera keys, encrypted where it stands."""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from eyamlgpg.cli.in_place_changes import changes
from eyamlgpg.cli.sources import STDIN, folder_around, folder_of, require_writable
from eyamlgpg.cli.world import World, open_world
from eyamlgpg.errors import FileProblem, UsageError
from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.host import paths
from eyamlgpg.operations.values.in_place import EncryptedInPlace, InPlaceRequest, encrypt_in_place, require_encryptable
from eyamlgpg.render.words import counted

USAGE = "eyamlgpg encrypt -i FILE --key KEY"

_NOT_BESIDE = ("string", "password", "file", "stdin", "eyaml", "output", "label")
"""Options that say where another secret comes from, or how it is printed."""


def encrypt_keys(words: Sequence[str], keys: Sequence[str], for_path: Path | None, options: Mapping[str, Any]) -> int:
    """Encrypt in the file that is the first word; the words behind it are keys as those of `--key`."""
    file = _require_sense(words, keys, options)
    world = open_world(options)
    if world.default_method is Method.PKCS7:
        raise UsageError(f"{world.settings.where('encrypt_method')}: --key encrypts with gpg, not pkcs7", "say -n gpg")
    request = InPlaceRequest(file, str(file), [KeyPath.parse(key) for key in (*keys, *words[1:])])
    require_writable(file)
    if not paths.exists(file):
        raise FileProblem(f"{file}: there is no such file", *_file_first(file, keys))
    folder = folder_of(str(file)) if for_path is None else folder_around(for_path)
    require_encryptable(request, world.files)
    world.warn_of_links(for_path or file)
    done = encrypt_in_place(request, world.files, world.encrypter, lambda: world.wanted(folder))
    if done.wanted is not None:
        world.messages.warn(*done.wanted.warnings)
    tell(world, str(file), done)
    return 0


def tell(world: World, name: str, done: EncryptedInPlace) -> None:
    """Say what was encrypted, what was so already, and what Puppet sees differently from now on."""
    for key in done.before:
        world.messages.say(f"{name}: {key}: is encrypted already, and was left as it is")
    world.messages.warn(*changes(name, done, {one.key: str(one.key) for one in done.values}))
    if done.values:
        names = ", ".join(str(one.key) for one in done.values)
        world.messages.say(f"{name}: {counted(len(done.values), 'value')} encrypted: {names}")


def _require_sense(words: Sequence[str], keys: Sequence[str], options: Mapping[str, Any]) -> Path:
    """The file; UsageError for words that do not go together, which are not repeated: they may be secrets."""
    given = [name for name in _NOT_BESIDE if options[name] is not None and options[name] is not False]
    if given:
        raise UsageError(f"--{given[0]} does not go with --key: the value is what stands in FILE", USAGE)
    if not options["in_place"]:
        raise UsageError("--key goes with -i FILE: the value is encrypted where it stands", USAGE)
    if not words:
        raise UsageError("no file was given", USAGE)
    if not keys:
        raise UsageError("no key was given: -i FILE goes with --key", USAGE, "eyamlgpg encrypt -i -e FILE")
    if words[0] == STDIN:
        raise UsageError("standard input cannot be written back", "a file of that name is given by its whole path")
    return Path(words[0])


def _file_first(file: Path, keys: Sequence[str]) -> Iterable[str]:
    """The call in the right order, where FILE and KEY stand in the other one."""
    if len(keys) == 1 and paths.is_file(Path(keys[0])):
        yield f"the file comes first: {shlex.join(['eyamlgpg', 'encrypt', '-i', keys[0], '--key', str(file)])}"
