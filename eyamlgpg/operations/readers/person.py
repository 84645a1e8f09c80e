"""Whom an ID means, where the key may be gone from every keyring: the copies that a repository keeps count as well."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from eyamlgpg.errors import RecipientError
from eyamlgpg.model.claimed_names import without_claims
from eyamlgpg.model.keys import Key, KeyId, Subkey
from eyamlgpg.model.matching import Form, Identifier, KeyNames, Match
from eyamlgpg.model.rotation import Person
from eyamlgpg.model.suggestions import did_you_mean_key
from eyamlgpg.operations.tree.certificate_keys import keys_in


def find_person(name: str, keyring: Sequence[Key], stored: Iterable[bytes]) -> Person:
    """The person whom a name means, by the rules for recipients, with every key ID that they ever had.

    `stored`: the files of `.eyamlgpg/keys` at any time, as anybody may have put them there: what is not a public key is
    passed over. A fingerprint or key ID that no key has stands for itself. Raises RecipientError for a name that means
    nobody, or a part of the names of several.
    """
    names = KeyNames(_together(keyring, stored))
    found = names.find(name)
    if found.form is Form.EMPTY:
        raise RecipientError(
            f"`{name}`: names nobody, as it has neither letter nor digit",
            "write a fingerprint, a key ID, an address or a user ID; see: eyamlgpg keys list",
        )
    identifier = Identifier.read(name)
    if not found.matches and identifier is not None and found.form is not Form.SHORT_KEY_ID:
        key_id = KeyId(identifier.digits[-16:])
        return Person((), f"the unknown key {key_id}", frozenset({key_id}))
    if not found.matches:
        raise RecipientError(
            f"{name}: no such key on the keyring, in .eyamlgpg/keys or in its history",
            *did_you_mean_key(name, names),
            "the key ID in a message names a person, too: eyamlgpg rotation KEYID",
        )
    matches = without_claims(found.matches)
    if found.form is Form.PART and len(matches) > 1:
        listed = (f"{match.key.fingerprint}  {match.key.user_id}" for match in matches)
        raise RecipientError(f"{name}: is a part of the names of {len(matches)} keys", *listed)
    fingerprints = dict.fromkeys(match.key.fingerprint for match in matches)
    key_ids = frozenset(part.key_id for match in matches for part in _meant(match))
    return Person(tuple(fingerprints), matches[0].key.user_id, key_ids)


def _meant(match: Match) -> Iterator[Subkey]:
    if match.forced is not None:
        yield match.forced
    else:
        yield from match.key.parts


def _together(keyring: Sequence[Key], stored: Iterable[bytes]) -> list[Key]:
    """Each key once: the keyring's, with the subkeys and names that an older or newer copy adds."""
    keys = {key.fingerprint: key for key in keyring}
    for content in stored:
        for key in keys_in(content):
            known = keys.get(key.fingerprint)
            keys[key.fingerprint] = key if known is None else _joined(known, key)
    return list(keys.values())


def _joined(known: Key, other: Key) -> Key:
    parts = {part.fingerprint for part in known.parts}
    texts = {user_id.text for user_id in known.user_ids}
    return replace(
        known,
        subkeys=(*known.subkeys, *(part for part in other.subkeys if part.fingerprint not in parts)),
        user_ids=(*known.user_ids, *(user_id for user_id in other.user_ids if user_id.text not in texts)),
    )
