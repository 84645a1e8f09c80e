"""Choosing keys from the keyring by what people call them."""

from collections.abc import Sequence

from eyamlgpg.errors import RecipientError, raise_all
from eyamlgpg.model.keys import Key
from eyamlgpg.model.matching import KeyNames
from eyamlgpg.operations.ports import Keyring


def select(keyring: Keyring, ids: Sequence[str]) -> tuple[Key, ...]:
    """The keys that the IDs name, in the ring's order, each once; every key for no ID. Raises for each unknown ID."""
    keys = tuple(keyring.keys())
    if not ids:
        return keys
    names = KeyNames(keys)
    found = {one: names.find(one).matches for one in ids}
    raise_all(
        [
            RecipientError(f"{one}: no such key on the keyring", "`eyamlgpg keys list` lists them all")
            for one, matches in found.items()
            if not matches
        ]
    )
    chosen = {match.key.fingerprint for matches in found.values() for match in matches}
    return tuple(key for key in keys if key.fingerprint in chosen)
