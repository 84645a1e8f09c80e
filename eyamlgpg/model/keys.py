"""Keys as gpg lists them, which subkey gpg would encrypt to, and why a key cannot be used.

The words are gpg's own (`doc/DETAILS`): *validity* is how sure this keyring is that a key belongs to its user ID,
*ownertrust* is how far its owner is trusted to certify others.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eyamlgpg.model import key_ids

LEAST_BITS = 2048
"""For RSA, DSA and Elgamal: what RFC 9580 (12.4) and NIST SP 800-57 hold for the least."""

_BITS = re.compile(r"(rsa|dsa|elg)([0-9]+)")

Fingerprint = key_ids.Fingerprint
KeyId = key_ids.KeyId
HIDDEN_KEY_ID = key_ids.HIDDEN_KEY_ID


class Validity(StrEnum):
    """Field 2 of gpg's colon records."""

    UNKNOWN = "-"
    UNKNOWN_NEW = "o"
    UNDEFINED = "q"
    NEVER = "n"
    MARGINAL = "m"
    FULL = "f"
    ULTIMATE = "u"
    EXPIRED = "e"
    REVOKED = "r"
    INVALID = "i"
    DISABLED = "d"
    SPECIAL = "s"
    WELL_KNOWN = "w"

    @property
    def is_certified(self) -> bool:
        """Sure enough to encrypt to without `--gpg-always-trust`."""
        return self in (Validity.FULL, Validity.ULTIMATE)

    @property
    def word(self) -> str:
        """The word for people: `full`, `unknown`, …"""
        return "unknown" if self is Validity.UNKNOWN_NEW else self.name.lower().replace("_", "-")


class OwnerTrust(StrEnum):
    """Field 9 of gpg's `pub` records."""

    UNKNOWN = "-"
    UNDEFINED = "q"
    NEVER = "n"
    MARGINAL = "m"
    FULL = "f"
    ULTIMATE = "u"

    @property
    def word(self) -> str:
        """The word for people."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class UserId:
    """A user ID of a key, as written by its owner, with what this keyring thinks of it."""

    text: str
    validity: Validity

    @property
    def email(self) -> str | None:
        """The mail address in angle brackets, or the whole text where that is an address; else None."""
        _, opening, rest = self.text.rpartition("<")
        if opening and rest.endswith(">"):
            return rest[:-1] or None
        return self.text if "@" in self.text and not set(self.text) & set(" <>") else None

    @property
    def is_usable(self) -> bool:
        """Neither revoked nor expired nor otherwise void."""
        return self.validity not in (Validity.REVOKED, Validity.EXPIRED, Validity.INVALID, Validity.DISABLED)


@dataclass(frozen=True, slots=True)
class Subkey:
    """A subkey, or the primary key seen as one: a key that can encrypt, sign, certify or authenticate."""

    fingerprint: Fingerprint
    key_id: KeyId
    algorithm: str
    """As gpg names it since 2.3: `rsa4096`, `cv25519`, `ed25519`, `dsa1024`, …"""
    created: datetime
    expires: datetime | None
    validity: Validity
    capabilities: frozenset[str]
    """Of `e`, `s`, `c`, `a`: those of this very key, not of the certificate."""
    has_secret: bool = False

    def can(self, capability: str) -> bool:
        """Whether the key may be used so (`e` encrypts), regardless of its state."""
        return capability in self.capabilities

    def is_live(self, now: datetime) -> bool:
        """Neither revoked, expired, disabled, invalid nor made in the future."""
        return (
            self.validity not in (Validity.REVOKED, Validity.EXPIRED, Validity.INVALID, Validity.DISABLED)
            and self.created <= now
            and (self.expires is None or self.expires > now)
        )


class Protection(StrEnum):
    """What stands between somebody who has the disk and a secret key."""

    PASSPHRASE = "passphrase"  # noqa: S105 - the word for it
    CARD = "card"
    CLEAR = "none"
    UNKNOWN = "unknown"
    """The agent does not say, as for a key that is elsewhere."""


class Unusable(StrEnum):
    """Why nothing can be encrypted to a key."""

    REVOKED = "revoked"
    EXPIRED = "expired"
    DISABLED = "disabled"
    INVALID = "invalid"
    NO_ENCRYPTION_SUBKEY = "no usable encryption subkey"


@dataclass(frozen=True, slots=True)
class Key:
    """A certificate: a primary key, its user IDs (the primary one first) and its subkeys, in gpg's order."""

    primary: Subkey
    ownertrust: OwnerTrust
    user_ids: tuple[UserId, ...]
    subkeys: tuple[Subkey, ...]
    disabled: bool = False

    @property
    def fingerprint(self) -> Fingerprint:
        """The fingerprint of the primary key, which is the name of the whole."""
        return self.primary.fingerprint

    @property
    def validity(self) -> Validity:
        """The validity of the `pub` record: that of the most valid user ID."""
        return self.primary.validity

    @property
    def user_id(self) -> str:
        """The name by which the key is shown, or a word for none.

        Its owner can write any name on it and make it the primary one, so the first certified user ID counts, then
        the first that is neither revoked nor expired.
        """
        standing = sorted(self.user_ids, key=lambda one: (not one.validity.is_certified, not one.is_usable))
        return standing[0].text if standing else "(no user ID)"

    def is_claimed(self, user_id: UserId) -> bool:
        """Whether one of its user IDs is not certified although another one is, so that it must not pass for it."""
        return self.validity.is_certified and user_id.is_usable and not user_id.validity.is_certified

    @property
    def has_secret(self) -> bool:
        """Whether the secret part of any of its keys is here (on disk, or on a card)."""
        return any(part.has_secret for part in self.parts)

    @property
    def parts(self) -> tuple[Subkey, ...]:
        """The primary key and all subkeys."""
        return (self.primary, *self.subkeys)

    def encryption_subkey(self, now: datetime) -> Subkey | None:
        """The one that gpg encrypts to: the newest live encryption subkey, else a primary key that can.

        Of two made in the same second gpg takes the first (g10/getkey.c, finish_lookup).
        """
        live = [subkey for subkey in self.subkeys if subkey.can("e") and subkey.is_live(now)]
        if live:
            return max(live, key=lambda subkey: subkey.created)
        return self.primary if self.primary.can("e") and self.primary.is_live(now) else None


def unusable_reason(key: Key, *, now: datetime) -> Unusable | None:
    """Why nothing can be encrypted to this key at all, whatever its validity; None if something can."""
    primary = key.primary
    if primary.validity is Validity.REVOKED:
        return Unusable.REVOKED
    if primary.validity is Validity.EXPIRED or (primary.expires is not None and primary.expires <= now):
        return Unusable.EXPIRED
    if key.disabled or primary.validity is Validity.DISABLED:
        return Unusable.DISABLED
    if primary.validity is Validity.INVALID:
        return Unusable.INVALID
    if key.encryption_subkey(now) is None:
        return Unusable.NO_ENCRYPTION_SUBKEY
    return None


def expiry(key: Key, now: datetime) -> datetime | None:
    """When nothing can be encrypted to a key any more, if nothing is done; None for never."""
    return earliest_expiry(key.primary, key.encryption_subkey(now))


def earliest_expiry(*parts: Subkey | None) -> datetime | None:
    """The first moment at which one of these keys expires; None for never."""
    return min((part.expires for part in parts if part is not None and part.expires is not None), default=None)


def weak_algorithms(key: Key) -> tuple[str, ...]:
    """The algorithms of a key's live-looking parts that are too weak, each once: `rsa1024`; none for a good key.

    A subkey that only signs or authenticates protects no value and is left out.
    """
    parts = [key.primary, *(subkey for subkey in key.subkeys if subkey.can("e") and subkey.validity.value not in "re")]
    return tuple(dict.fromkeys(part.algorithm for part in parts if _is_weak(part.algorithm)))


def _is_weak(algorithm: str) -> bool:
    found = _BITS.fullmatch(algorithm)
    return found is not None and int(found[2]) < LEAST_BITS
