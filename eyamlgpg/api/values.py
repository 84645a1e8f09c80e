"""One value read, and one set: what `get` and `set` do, and `Repository.read` and `Repository.set`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eyamlgpg.host import paths

if TYPE_CHECKING:
    from eyamlgpg.api.run import Run
    from eyamlgpg.formats.yaml.key_path import KeyPath
    from eyamlgpg.operations.values.set import SetRequest, ValueSet


def read_value(run: Run, text: str, name: str, key: KeyPath) -> bytes:
    """The exact bytes of the value at a key of a text; `name` is what errors call the text."""
    from eyamlgpg.operations.values.get import get

    return get(text, name, key, run.decrypter, run.default_method, run.pkcs7)


def set_gpg_value(run: Run, request: SetRequest) -> ValueSet:
    """Encrypt the value for the readers that the nearest recipients file names, and put it in place.

    What is doubtful about the readers is told before the secret is asked for; what is new about them, afterwards.
    """
    from eyamlgpg.operations.values.set import set_value

    run.warn_of_links(request.path)
    folder = paths.real(request.path).parent
    wanted = run.wanted(folder)
    run.messages.warn(*wanted.warnings)
    result = set_value(request, run.files, run.encrypter, lambda: run.wanted_anew(folder))
    now = () if result.wanted is None else result.wanted.warnings
    run.messages.warn(*(warning for warning in now if warning not in wanted.warnings))
    return result
