"""The values that a changed recipients file governs, re-encrypted."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from eyamlgpg.cli.world import World
from eyamlgpg.errors import EyamlgpgError, raise_all
from eyamlgpg.formats.recipients_file import RECIPIENTS_FILE
from eyamlgpg.operations.paths import shown
from eyamlgpg.operations.recrypt import RecryptPorts, RecryptRequest, recrypt_file


def reencrypt(folders: Sequence[Path], world: World) -> int:
    ports = RecryptPorts(world.files, world.keyring, world.decrypter, world.encrypter)
    request = RecryptRequest(world.recipients_request)
    errors: list[EyamlgpgError] = []
    for folder in folders:
        for file in _governed(folder):
            result = recrypt_file(file, shown(file, Path.cwd()), request, ports)
            errors += result.errors
            world.messages.say(f"{result.name}: {result.rewritten} re-encrypted, {result.in_line} in line already")
    raise_all(errors)
    return 0


def _governed(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != ".git" and not Path(place, name, RECIPIENTS_FILE).exists()]
        yield from (Path(place, name) for name in files if name.endswith(".eyaml"))
