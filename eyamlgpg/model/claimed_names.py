"""Names that a key only claims: anybody can write any user ID on their own key; certified is who was checked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from eyamlgpg.model.keys import Key, UserId, Validity
from eyamlgpg.model.matching import Match, folded


@dataclass(frozen=True, slots=True)
class Claim:
    """A user ID that nobody vouches for on one key, and somebody does on another."""

    user_id: UserId
    holder: Key
    """The key that has it certified."""


class CertifiedNames:
    """Every address and user ID that is certified on a keyring, with the keys that have it."""

    def __init__(self, keys: Iterable[Key] = ()) -> None:
        self._holders: dict[str, list[Key]] = {}
        for key in keys:
            for user_id in key.user_ids:
                if user_id.validity.is_certified:
                    for name in _names(user_id):
                        self._holders.setdefault(name, []).append(key)

    def claims(self, key: Key) -> tuple[Claim, ...]:
        """The user IDs of a key by which it could pass for another one."""
        return tuple(self._claims(key))

    def _claims(self, key: Key) -> Iterator[Claim]:
        for user_id in key.user_ids:
            if user_id.validity.is_certified or not user_id.is_usable:
                continue
            holders = [holder for name in _names(user_id) for holder in self._holders.get(name, ())]
            if holders and key.fingerprint not in {holder.fingerprint for holder in holders}:
                yield Claim(user_id, holders[0])


def _names(user_id: UserId) -> tuple[str, ...]:
    return tuple(dict.fromkeys(folded(text) for text in (user_id.text, user_id.email) if text))


def without_claims(matches: Sequence[Match]) -> tuple[Match, ...]:
    """Of the keys that a name means those that may be the person's.

    Where one has the name certified, a key on which nobody certified it only says so. A key that has expired or was
    revoked as a whole stays: gpg no longer tells whether its names were certified, and it may be the person's old one.
    """
    if not any(match.user_id is not None and match.user_id.validity.is_certified for match in matches):
        return tuple(matches)
    return tuple(
        match
        for match in matches
        if match.user_id is None
        or match.user_id.validity.is_certified
        or match.key.validity in (Validity.EXPIRED, Validity.REVOKED)
    )
