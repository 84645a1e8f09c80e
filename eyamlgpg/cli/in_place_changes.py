"""What is different for Puppet, and in the file, after values were encrypted where they stand."""

from collections.abc import Iterator, Mapping

from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.operations.values.in_place import EncryptedInPlace


def changes(name: str, done: EncryptedInPlace, shown: Mapping[KeyPath, str]) -> Iterator[str]:
    """A sentence for each change that the user may not expect.

    `shown`: how each key is written in a message; a key may itself be a secret.
    """
    for one in done.values:
        place = f"{name}: {shown[one.key]}"
        if one.was is not None:
            yield f"{place}: was a {one.was}, and is a string to Puppet from now on"
        if one.followers:
            yield f"{place}: aliases that lead to it, which hold the encrypted value from now on: {one.followers:,}"
        if one.key in done.shortened:
            yield f"{place}: ends with a line break, which Puppet takes off, since no block can stand there"
