"""Choosing keys from the keyring by what people call them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from eyamlgpg.errors import RecipientError, raise_all
from eyamlgpg.model.import_hints import Kept, kept_hint
from eyamlgpg.model.keys import Key
from eyamlgpg.model.matching import KeyNames, Match
from eyamlgpg.model.suggestions import did_you_mean_key
from eyamlgpg.operations.ports import Keyring

NOTHING: Mapping[str, str] = MappingProxyType({})


def select_keys(keyring: Keyring, ids: Sequence[str], kept: Kept | None = None) -> tuple[Key, ...]:
    """The keys that the IDs name, in the ring's order, each once; every key for no ID. Raises for each unknown ID.

    `kept`: the keys of the repository, for the hint of such an error; likewise below.
    """
    keys = tuple(keyring.keys())
    if not ids:
        return keys
    names = KeyNames(keys)
    found = {one: names.find(one).matches for one in ids}
    raise_all([no_such_key(one, names, kept) for one, matches in found.items() if not matches])
    chosen = {match.key.fingerprint for matches in found.values() for match in matches}
    return tuple(key for key in keys if key.fingerprint in chosen)


def select_each(
    keyring: Keyring, ids: Sequence[str], shown: Mapping[str, str] = NOTHING, kept: Kept | None = None
) -> tuple[Key, ...]:
    """One key for each ID, in their order, each once; raises for each that names none or more than one.

    `shown`: how to tell of an ID that no key has, where not as it is.
    """
    names = KeyNames(keyring.keys())
    found = {one: names.find(one).matches for one in ids}
    errors = [
        no_such_key(shown.get(one, one), names, kept) if not matches else _several(one, matches)
        for one, matches in found.items()
        if len(matches) != 1
    ]
    raise_all(errors)
    return tuple({matches[0].key.fingerprint: matches[0].key for matches in found.values()}.values())


def no_such_key(name: str, names: KeyNames, kept: Kept | None = None) -> RecipientError:
    """The error for a name that no key of a keyring has, with the nearest names, and the repository's key."""
    hints = (*kept_hint(name, kept), *did_you_mean_key(name, names), "`eyamlgpg keys list` lists them all")
    return RecipientError(f"{name}: no such key on the keyring", *hints)


def _several(name: str, matches: Sequence[Match]) -> RecipientError:
    return RecipientError(
        f"{name}: matches {len(matches)} keys",
        *(f"{match.key.fingerprint}  {match.key.user_id}" for match in matches),
        "write the full fingerprint of the one that is meant",
    )
