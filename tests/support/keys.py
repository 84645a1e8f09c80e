"""Keys as a listing would give them, made from a word: the same word gives the same fingerprint."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha1

from eyamlgpg.model.keys import Fingerprint, Key, KeyId, OwnerTrust, Subkey, UserId, Validity
from eyamlgpg.model.recipients import Recipient, Resolution
from eyamlgpg.model.resolve import Resolver

NOW = datetime(2025, 6, 1, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
LAST_YEAR = datetime(2024, 5, 17, tzinfo=UTC)
NEXT_YEAR = datetime(2026, 5, 17, tzinfo=UTC)


def fingerprint(seed: str) -> Fingerprint:
    """40 digits that depend on the word alone."""
    return Fingerprint(sha1(seed.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest().upper())


def subkey(
    seed: str,
    capabilities: str = "e",
    *,
    validity: Validity = Validity.FULL,
    created: datetime = LONG_AGO,
    expires: datetime | None = None,
) -> Subkey:
    """One subkey, or a primary key; its key ID is the end of its fingerprint, as in version 4."""
    digits = fingerprint(seed)
    return Subkey(
        digits, KeyId(digits[-16:]), "cv25519", created, expires, validity, frozenset(capabilities), has_secret=False
    )


def key(
    user_id: str,
    *more_user_ids: str | UserId,
    validity: Validity = Validity.FULL,
    subkeys: tuple[Subkey, ...] | None = None,
    primary: Subkey | None = None,
    disabled: bool = False,
) -> Key:
    """A key whose user IDs have its validity unless they say otherwise, with one encryption subkey unless told."""
    user_ids = tuple(uid if isinstance(uid, UserId) else UserId(uid, validity) for uid in (user_id, *more_user_ids))
    return Key(
        primary=primary or subkey(user_id, "sc", validity=validity),
        ownertrust=OwnerTrust.UNKNOWN,
        user_ids=user_ids,
        subkeys=(subkey(f"{user_id} encrypts", validity=validity),) if subkeys is None else subkeys,
        disabled=disabled,
    )


def named(name: str, line: int = 1) -> Recipient:
    """A recipient that stands in a recipients file."""
    return Recipient(name, "team.recipients", line)


ALICE = key("Alice Anders (ops) <alice@example.com>", "Alice at Home <alice@home.example.org>")
BOB = key("Bob Brown <bob@example.com>")
CAROL = key("Carol Chen <carol@example.com>")
MALICE = key("Malice Aforethought <malice@example.com>")
RING = (MALICE, ALICE, BOB, CAROL)


def resolver(keys: Sequence[Key] | None = None, *, always_trust: bool = False) -> Resolver:
    """Recipients against these keys, now."""
    listed = RING if keys is None else keys
    return Resolver(lambda: listed, NOW, always_trust=always_trust)


def resolve_all(
    recipients: Iterable[Recipient], keys: Sequence[Key], *, always_trust: bool = False
) -> tuple[Resolution, ...]:
    """Each recipient by these keys."""
    return resolver(keys, always_trust=always_trust).resolve(recipients)
