"""Who can read a message, from the key IDs that it names, and how that differs from who should.

No private key and no gpg process is needed: an OpenPGP message names the subkeys that it is encrypted to.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eyamlgpg.model.keys import HIDDEN_KEY_ID, Fingerprint, Key, KeyId, Subkey, Validity
from eyamlgpg.model.recipients import Resolved, asks_for_exactly_one_subkey


@dataclass(frozen=True, slots=True)
class Reader:
    """A person on the keyring, and the primary key or subkey by which a message names them."""

    key: Key
    subkey: Subkey


@dataclass(frozen=True, slots=True)
class UnknownReader:
    """Somebody whose key is not on the keyring."""

    key_id: KeyId


@dataclass(frozen=True, slots=True)
class HiddenReader:
    """Somebody whom the message does not name: its maker used `throw-keyids`."""


@dataclass(frozen=True, slots=True)
class AccessDrift:
    """How the people who can read a message differ from those who should."""

    missing: tuple[Resolved, ...] = ()
    """Wanted, and served by no key ID of the message; where some are hidden, it may be by one of those."""
    unexpected: tuple[Reader, ...] = ()
    """On the keyring and not wanted; also a revoked subkey of anybody, and beside a `!` another subkey."""
    stale: tuple[Reader, ...] = ()
    """Wanted, and named only by another subkey than the one to encrypt to, an older or an expired one."""
    unknown: tuple[KeyId, ...] = ()
    """Key IDs that are not on the keyring."""
    hidden: bool = False
    """Whether readers are hidden by `throw-keyids`; to encrypt anew mends that."""
    repeated: tuple[KeyId, ...] = ()
    """Key IDs that stand more than once: nothing proves a key ID, so somebody else may read under that name."""

    @property
    def is_clean(self) -> bool:
        """Whether the message is encrypted to exactly those who should read it."""
        return not (self.missing or self.unexpected or self.stale or self.unknown or self.hidden or self.repeated)


class KeyIndex:
    """From a key ID to every primary key or subkey on the keyring that has it; built once a run."""

    def __init__(self, keys: Iterable[Key]) -> None:
        readers: defaultdict[KeyId, list[Reader]] = defaultdict(list)
        for key in keys:
            for part in key.parts:
                readers[part.key_id].append(Reader(key, part))
        self._readers = {key_id: tuple(found) for key_id, found in readers.items()}

    def find(self, key_id: KeyId) -> tuple[Reader, ...]:
        """The owners of a key ID: one as a rule, none if unknown, more where 64-bit IDs collide."""
        return self._readers.get(key_id, ())


def readers(message_key_ids: Sequence[KeyId], index: KeyIndex) -> tuple[Reader | UnknownReader | HiddenReader, ...]:
    """The person behind each key ID of a message, in its order; all candidates where key IDs collide."""
    found: list[Reader | UnknownReader | HiddenReader] = []
    for key_id in message_key_ids:
        if key_id == HIDDEN_KEY_ID:
            found.append(HiddenReader())
        else:
            found.extend(index.find(key_id) or (UnknownReader(key_id),))
    return tuple(found)


class Audience:
    """The people who should read the values that one recipients file governs.

    Most values of a tree name the same key IDs, so each set of key IDs is judged once.
    """

    def __init__(self, wanted: Sequence[Resolved], index: KeyIndex) -> None:
        self._by_key: defaultdict[Fingerprint, list[Resolved]] = defaultdict(list)
        for resolved in wanted:
            self._by_key[resolved.key.fingerprint].append(resolved)
        self._wanted_index = KeyIndex(group[0].key for group in self._by_key.values())
        self._index = index
        self._drifts: dict[tuple[frozenset[KeyId], tuple[KeyId, ...]], AccessDrift] = {}

    def drift(self, message_key_ids: Iterable[KeyId]) -> AccessDrift:
        """How a message with these key IDs differs from the wanted set; order does not count."""
        every = tuple(message_key_ids)
        key_ids = frozenset(every)
        repeats = repeated(every) if len(every) > len(key_ids) else ()
        known = self._drifts.get((key_ids, repeats))
        if known is None:
            known = self._drifts[key_ids, repeats] = self._judge(key_ids, repeats)
        return known

    def _judge(self, key_ids: frozenset[KeyId], repeats: tuple[KeyId, ...]) -> AccessDrift:
        missing: list[Resolved] = []
        stale: list[Reader] = []
        unknown: list[KeyId] = []
        unexpected: list[Reader] = []
        named: defaultdict[Fingerprint, list[Reader]] = defaultdict(list)
        for key_id in sorted(key_ids - {HIDDEN_KEY_ID}):
            # Where 64-bit key IDs collide the wanted owner is meant, for it was written for them.
            owners = self._wanted_index.find(key_id) or self._index.find(key_id)
            if not owners:
                unknown.append(key_id)
            for reader in owners:
                if reader.key.fingerprint not in self._by_key or _is_revoked(reader):
                    unexpected.append(reader)
                else:
                    named[reader.key.fingerprint].append(reader)
        for fingerprint, wants in self._by_key.items():
            exact = {resolved.subkey.key_id for resolved in wants}
            others = [reader for reader in named[fingerprint] if reader.subkey.key_id not in exact]
            unserved = [resolved for resolved in wants if resolved.subkey.key_id not in key_ids]
            if not unserved:
                unexpected += _beside_a_pin(others, wants)
            elif others:
                stale += others
            else:
                missing += unserved
        readers = tuple(missing), tuple(unexpected), tuple(stale), tuple(unknown)
        return AccessDrift(*readers, hidden=HIDDEN_KEY_ID in key_ids, repeated=repeats)


def repeated(message_key_ids: Iterable[KeyId]) -> tuple[KeyId, ...]:
    """The key IDs that stand more than once; that of hidden recipients stands once for each of them."""
    counts = Counter(message_key_ids)
    return tuple(sorted(key_id for key_id, count in counts.items() if count > 1 and key_id != HIDDEN_KEY_ID))


def _is_revoked(reader: Reader) -> bool:
    return Validity.REVOKED in (reader.subkey.validity, reader.key.primary.validity)


def _beside_a_pin(others: Sequence[Reader], wants: Sequence[Resolved]) -> list[Reader]:
    """Subkeys that nobody asked for where each recipient asked with a `!` for one and no other.

    The primary key is let be: one that can encrypt comes along in any copy of the certificate.
    """
    if not all(asks_for_exactly_one_subkey(resolved.recipient) for resolved in wants):
        return []
    return [reader for reader in others if reader.subkey != reader.key.primary]
