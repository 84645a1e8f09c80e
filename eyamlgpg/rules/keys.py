"""What is wrong, or will be, with a key that values are encrypted to: the rules of `keys check`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from eyamlgpg.model.claimed_names import Claim
from eyamlgpg.model.findings import Finding
from eyamlgpg.model.keys import LEAST_BITS, Key, Protection, Unusable, expiry, unusable_reason, weak_algorithms
from eyamlgpg.model.objections import IMPORT_HINT
from eyamlgpg.model.recipients import Recipient, Refusal, Refused, Resolution
from eyamlgpg.rules import keys_pages as pages
from eyamlgpg.rules.rule import Place, Rule


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


@dataclass(frozen=True, slots=True)
class Listed:
    """A recipient of the tree, as findings speak of it."""

    who: str
    recipient: Recipient
    """The first line that means it."""
    values: int
    """How many values depend on it."""

    def finding(self, rule: Rule, message: str, hint: str) -> Finding:
        """A finding about this recipient, at its line."""
        held = f"{self.values:,} {'value depends' if self.values == 1 else 'values depend'} on it"
        place = Place(self.recipient.source, self.recipient.line)
        return rule.finding(place, f"{self.who}: {message}; {held}", hint)


def find(key: Key, facts: KeyFacts, listed: Listed) -> Iterator[Finding]:
    """All that is to be said of one key, the worst first."""
    reason = unusable_reason(key, now=facts.now)
    if reason is not None:
        yield _unusable(key, reason, facts, listed)
    else:
        yield from _expiring(key, facts, listed)
    if not facts.is_certified and reason in (None, Unusable.NO_ENCRYPTION_SUBKEY):
        hint = f"compare the fingerprint with its owner, then: eyamlgpg keys sign {key.fingerprint}"
        yield listed.finding(pages.NOT_CERTIFIED, f"is not certified: its validity is {key.validity.word} here", hint)
    for claim in facts.claims:
        message = f"calls itself {claim.user_id.text}, too, which is certified for {claim.holder.fingerprint} alone"
        hint = "ask both owners, and whoever brought the key; do not certify that user ID"
        yield listed.finding(pages.CLAIMED_USER_ID, message, hint)
    if facts.is_newer_in_repository:
        message = "is newer in .eyamlgpg/keys than on this keyring"
        yield listed.finding(pages.NEWER_IN_REPOSITORY, message, "eyamlgpg keys import --repo")
    if weak := weak_algorithms(key):
        message = f"uses {', '.join(weak)}, and less than {LEAST_BITS} bits are too weak"
        yield listed.finding(pages.WEAK_ALGORITHM, message, "its owner should make a new key")
    if facts.weak_hashes:
        message = f"is signed by its owner with {', '.join(facts.weak_hashes)}, which others may refuse"
        hint = f"its owner signs it anew by moving its expiry, with a gpg of today: {_extend(key)}"
        yield listed.finding(pages.WEAK_SELF_SIGNATURE, message, hint)
    if facts.protection is Protection.CLEAR:
        message = "is your own, and its secret part has no passphrase"
        yield listed.finding(pages.NO_PASSPHRASE, message, f"gpg --change-passphrase {key.fingerprint}")


def without_key(resolution: Resolution, listed: Listed) -> Finding:
    """The finding for a name that means no key, or more than one."""
    if isinstance(resolution, Refused) and resolution.reason is Refusal.AMBIGUOUS:
        several = ", ".join(key.fingerprint for key in resolution.candidates)
        return listed.finding(pages.AMBIGUOUS, f"matches more than one key: {several}", "write one full fingerprint")
    hints = resolution.error.hints if isinstance(resolution, Refused) else ()
    return listed.finding(pages.MISSING, "is not on this keyring", "\n".join(hints) or IMPORT_HINT)


def _unusable(key: Key, reason: Unusable, facts: KeyFacts, listed: Listed) -> Finding:
    again = "then send it again, and: eyamlgpg keys import FILE"
    match reason:
        case Unusable.REVOKED:
            return listed.finding(pages.REVOKED, "was revoked", "ask its owner for the key that is used now")
        case Unusable.EXPIRED:
            expires = key.primary.expires
            message = "has expired" if expires is None else f"expired on {expires:%Y-%m-%d}"
            return listed.finding(pages.EXPIRED, message, f"its owner can extend it: {_extend(key)}, {again}")
        case Unusable.NO_ENCRYPTION_SUBKEY:
            former = [
                part.expires for part in key.parts if part.can("e") and part.expires and part.expires <= facts.now
            ]
            left = f" left: the last one expired on {max(former):%Y-%m-%d}" if former else ""
            hint = f"its owner can add one: gpg --quick-add-key {key.fingerprint} default encrypt 2y, {again}"
            return listed.finding(pages.NO_ENCRYPTION_SUBKEY, f"has no encryption subkey{left}", hint)
        case _:
            return listed.finding(pages.UNUSABLE, f"is {reason.value} on this keyring", "see gpg --edit-key")


def _expiring(key: Key, facts: KeyFacts, listed: Listed) -> Iterator[Finding]:
    """The first of the primary key and the subkey that gpg encrypts to, if that is soon."""
    expires = expiry(key, facts.now)
    if expires is not None and expires <= facts.now + facts.within:
        days = (expires - facts.now).days
        message = f"expires on {expires:%Y-%m-%d}, in {days} {'day' if days == 1 else 'days'}"
        yield listed.finding(pages.EXPIRING, message, f"its owner can extend it: {_extend(key)}")


def _extend(key: Key) -> str:
    """Both commands: the first moves the primary key's expiry alone, the second that of the subkeys."""
    return f"gpg --quick-set-expire {key.fingerprint} 2y && gpg --quick-set-expire {key.fingerprint} 2y '*'"
