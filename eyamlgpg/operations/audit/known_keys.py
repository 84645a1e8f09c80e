"""Whose a key ID is: by the keyring, then by the keys that the repository keeps, kept, or ever held.

The first of them that knows a key ID decides. Anybody who may push can put files into the repository, so what stands
there never changes the name of a key that the keyring knows.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from eyamlgpg.errors import FileProblem
from eyamlgpg.model.access import KeyIndex
from eyamlgpg.model.audit import Source
from eyamlgpg.model.keys import Fingerprint, Key, KeyId
from eyamlgpg.operations.tree.certificate_keys import keys_in
from eyamlgpg.operations.tree.stored_keys import KEYS, LARGEST
from eyamlgpg.operations.tree_ports import Tree

FORMER = KEYS / "former"
"""Below the root of the tree: the keys of those who left, so that reports can name them."""

Owner = tuple[Key, Source]


class KnownKeys:
    """The keys of one run, by where they come from; each place is asked when a key ID needs it."""

    def __init__(self, *tiers: tuple[Source, Callable[[], Iterable[Key]]]) -> None:
        """`tiers`: in the order in which they are believed."""
        self._tiers = tiers
        self._keys: dict[int, tuple[Key, ...]] = {}
        self._indexes: dict[int, KeyIndex] = {}
        self._owners: dict[KeyId, tuple[Owner, ...]] = {}

    def owners(self, key_id: KeyId) -> tuple[Owner, ...]:
        """The owners of a key ID: one as a rule, none if nobody knows it, more where 64-bit IDs collide."""
        if key_id not in self._owners:
            self._owners[key_id] = self._look_for(key_id)
        return self._owners[key_id]

    def key(self, fingerprint: str) -> Owner | None:
        """The key with this primary fingerprint."""
        for tier, (source, _) in enumerate(self._tiers):
            found = next((key for key in self._of(tier) if key.fingerprint == fingerprint), None)
            if found is not None:
                return found, source
        return None

    def stored(self) -> Iterator[Key]:
        """Every key that is not the keyring's."""
        for tier, (source, _) in enumerate(self._tiers):
            if source is not Source.KEYRING:
                yield from self._of(tier)

    def _look_for(self, key_id: KeyId) -> tuple[Owner, ...]:
        for tier, (source, _) in enumerate(self._tiers):
            if tier not in self._indexes:
                self._indexes[tier] = KeyIndex(self._of(tier))
            found = {reader.key.fingerprint: reader.key for reader in self._indexes[tier].find(key_id)}
            if found:
                # A subkey that only an older or a newer copy has is of a key that may have a better known name.
                return tuple(self.key(fingerprint) or (key, source) for fingerprint, key in found.items())
        return ()

    def _of(self, tier: int) -> tuple[Key, ...]:
        if tier not in self._keys:
            self._keys[tier] = together(self._tiers[tier][1]())
        return self._keys[tier]


def names_of(key_ids: Iterable[KeyId], known: KnownKeys) -> dict[KeyId, str]:
    """Whose each key ID is and where that stands, as far as anything names it."""
    owners = {key_id: known.owners(key_id) for key_id in key_ids}
    return {
        key_id: " or ".join(f"{key.user_id}, {source.words}" for key, source in found)
        for key_id, found in owners.items()
        if found
    }


def together(keys: Iterable[Key]) -> tuple[Key, ...]:
    """Each key once, with the subkeys that its other copies add."""
    found: dict[Fingerprint, Key] = {}
    for key in keys:
        known = found.get(key.fingerprint)
        if known is not None:
            parts = {part.fingerprint for part in known.parts}
            added = tuple(part for part in key.subkeys if part.fingerprint not in parts)
            key = replace(known, subkeys=(*known.subkeys, *added))  # noqa: PLW2901 - the same key
        found[key.fingerprint] = key
    return tuple(found.values())


def repository_keys(tree: Tree, folder: str = KEYS.as_posix()) -> Sequence[Key]:
    """The keys that stand in a folder of the tree; what is not a key, is a link or is too large is passed over."""
    inside = (path for path in tree.files() if path.rpartition("/")[0] == folder and path.endswith(".asc"))
    return [key for path in inside for key in _in_file(tree, path)]


def _in_file(tree: Tree, path: str) -> Sequence[Key]:
    try:
        return tuple(keys_in(tree.read(path, limit=LARGEST)))
    except FileProblem:
        return ()
