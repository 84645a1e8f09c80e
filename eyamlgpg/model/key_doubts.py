"""What is wrong, or will be, with a key that values are encrypted to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from eyamlgpg.model.claimed_names import Claim
from eyamlgpg.model.findings import Severity
from eyamlgpg.model.keys import LEAST_BITS, Key, Protection, Unusable, expiry, unusable_reason, weak_algorithms

MISSING = "key-missing"
AMBIGUOUS = "key-ambiguous"
REVOKED = "key-revoked"
EXPIRED = "key-expired"
EXPIRING = "key-expiring"
UNUSABLE = "key-unusable"
NO_ENCRYPTION_SUBKEY = "key-no-encryption-subkey"
NOT_CERTIFIED = "key-not-certified"
WEAK = "key-weak-algorithm"
WEAK_SELF_SIGNATURE = "key-weak-self-signature"
NEWER_IN_REPOSITORY = "key-newer-in-repository"
CLAIMED_USER_ID = "key-claimed-user-id"
NO_PASSPHRASE = "key-no-passphrase"  # noqa: S105 - the id of a rule


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing to be mended about one key."""

    rule: str
    severity: Severity
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What is known of a key beside gpg's listing."""

    now: datetime
    within: timedelta
    """How far ahead an expiry counts."""
    is_certified: bool
    """Whether the validity of the user ID or key that a recipient names is enough to encrypt."""
    weak_hashes: tuple[str, ...] = ()
    """The hash algorithms of its self-signatures that are no longer good: `SHA-1`."""
    is_newer_in_repository: bool = False
    protection: Protection | None = None
    """How its secret part is kept; None where that is not here, and where it is meant to be without passphrase."""
    claims: tuple[Claim, ...] = ()
    """Its names that nobody certified and another key has certified."""


def doubts(key: Key, facts: KeyFacts) -> Iterator[Doubt]:
    """All that is to be said of one key, the worst first."""
    reason = unusable_reason(key, now=facts.now)
    if reason is not None:
        yield _unusable(key, reason, facts)
    elif (soon := _expiring(key, facts)) is not None:
        yield soon
    if not facts.is_certified and reason in (None, Unusable.NO_ENCRYPTION_SUBKEY):
        hint = f"compare the fingerprint with its owner, then: eyamlgpg keys sign {key.fingerprint}"
        message = f"is not certified: its validity is {key.validity.word} here"
        yield Doubt(NOT_CERTIFIED, Severity.ERROR, message, hint)
    for claim in facts.claims:
        message = f"calls itself {claim.user_id.text}, too, which is certified for {claim.holder.fingerprint} alone"
        hint = "ask both owners, and whoever brought the key; do not certify that user ID"
        yield Doubt(CLAIMED_USER_ID, Severity.ERROR, message, hint)
    if facts.is_newer_in_repository:
        message = "is newer in .eyamlgpg/keys than on this keyring"
        yield Doubt(NEWER_IN_REPOSITORY, Severity.WARNING, message, "eyamlgpg keys import --repo")
    if weak := weak_algorithms(key):
        message = f"uses {', '.join(weak)}, and less than {LEAST_BITS} bits are too weak"
        yield Doubt(WEAK, Severity.ERROR, message, "its owner should make a new key")
    if facts.weak_hashes:
        message = f"is signed by its owner with {', '.join(facts.weak_hashes)}, which others may refuse"
        hint = f"its owner signs it anew by moving its expiry, with a gpg of today: {_extend(key)}"
        yield Doubt(WEAK_SELF_SIGNATURE, Severity.WARNING, message, hint)
    if facts.protection is Protection.CLEAR:
        message = "is your own, and its secret part has no passphrase"
        yield Doubt(NO_PASSPHRASE, Severity.WARNING, message, f"gpg --change-passphrase {key.fingerprint}")


def _unusable(key: Key, reason: Unusable, facts: KeyFacts) -> Doubt:
    again = "then send it again, and: eyamlgpg keys import FILE"
    match reason:
        case Unusable.REVOKED:
            return Doubt(REVOKED, Severity.ERROR, "was revoked", "ask its owner for the key that is used now")
        case Unusable.EXPIRED:
            expires = key.primary.expires
            message = "has expired" if expires is None else f"expired on {expires:%Y-%m-%d}"
            return Doubt(EXPIRED, Severity.ERROR, message, f"its owner can extend it: {_extend(key)}, {again}")
        case Unusable.NO_ENCRYPTION_SUBKEY:
            former = [
                part.expires for part in key.parts if part.can("e") and part.expires and part.expires <= facts.now
            ]
            left = f" left: the last one expired on {max(former):%Y-%m-%d}" if former else ""
            hint = f"its owner can add one: gpg --quick-add-key {key.fingerprint} default encrypt 2y, {again}"
            return Doubt(NO_ENCRYPTION_SUBKEY, Severity.ERROR, f"has no encryption subkey{left}", hint)
        case _:
            return Doubt(UNUSABLE, Severity.ERROR, f"is {reason.value} on this keyring", "see gpg --edit-key")


def _expiring(key: Key, facts: KeyFacts) -> Doubt | None:
    """The first of the primary key and the subkey that gpg encrypts to, if that is soon."""
    expires = expiry(key, facts.now)
    if expires is None or expires > facts.now + facts.within:
        return None
    days = (expires - facts.now).days
    message = f"expires on {expires:%Y-%m-%d}, in {days} {'day' if days == 1 else 'days'}"
    return Doubt(EXPIRING, Severity.WARNING, message, f"its owner can extend it: {_extend(key)}")


def _extend(key: Key) -> str:
    """Both commands: the first moves the primary key's expiry alone, the second that of the subkeys."""
    return f"gpg --quick-set-expire {key.fingerprint} 2y && gpg --quick-set-expire {key.fingerprint} 2y '*'"
