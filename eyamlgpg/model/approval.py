"""Signatures of approvers: what gpg says of one, and whether it approves a file of a tree."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from eyamlgpg.model.keys import Fingerprint

SIGNATURE_ENDING = ".sig"
"""Behind the name of the file that a detached signature is for."""

LARGEST_SIGNATURE = 64 * 1024
"""Bytes of a signature file; one signature has some 400."""

MOST_SIGNATURES = 16
"""In one file, which anybody who may push can write."""

GOOD_HASHES = frozenset({8, 9, 10, 11, 12, 14})
"""SHA-2 and SHA-3 (RFC 9580, 9.5)."""

CLOCK_SLACK = timedelta(days=1)
"""How far the clocks of two machines may differ."""

_OF_BYTES = "00"
"""The type of a signature over a file as it is (RFC 9580, 5.2.1.1), without its line ends made alike."""


def signature_of(path: str) -> str:
    """Where the signature of a file stands: beside it."""
    return f"{path}{SIGNATURE_ENDING}"


class Judgement(StrEnum):
    """What gpg says of one signature."""

    GOOD = "good"
    CHANGED = "bad"
    """Not over this content."""
    EXPIRED_KEY = "expired key"
    REVOKED_KEY = "revoked key"
    EXPIRED = "expired"
    NO_KEY = "no key"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature, judged by gpg."""

    judgement: Judgement
    issuer: str = ""
    """The key ID or fingerprint that the signature names; unverified unless the signature is good."""
    primary: Fingerprint | None = None
    """The primary key behind it; None unless gpg verified the signature."""
    user_id: str = ""
    made: datetime | None = None
    hash_algorithm: int = 0
    kind: str = ""
    """The type of the signature, two hexadecimal digits."""
    path: str | None = None
    """The path from the root of a tree that it is for; None where it says none."""

    @property
    def who(self) -> str:
        """For a sentence."""
        key = self.primary or self.issuer or "an unknown key"
        return f"{self.user_id}, {key}" if self.user_id else key


@dataclass(frozen=True, slots=True)
class Approval:
    """How a file stands with the approvers."""

    path: str
    """From the root of the tree."""
    by: Signed | None = None
    """The newest signature of an approver that counts."""
    problem: str | None = None
    """What is wrong, as the end of a sentence that begins with the file; None where an approver signed it."""
    is_unsigned: bool = False
    """Whether there is no signature at all."""
    lacks_key: bool = False
    """Whether the signature is by a key that is not at hand, so that nobody can tell."""

    @property
    def is_good(self) -> bool:
        """Whether an approver signed the file as it is, for the place where it is."""
        return self.by is not None


@dataclass(frozen=True, slots=True)
class Terms:
    """By whom and when signatures are judged."""

    approvers: Collection[Fingerprint]
    now: datetime


def approval(path: str, signatures: Sequence[Signed] | None, terms: Terms) -> Approval:
    """How a file stands, by all signatures of its signature file; None where there is no such file."""
    if signatures is None:
        return Approval(path, problem="is not signed by an approver", is_unsigned=True)
    if not signatures:
        return Approval(path, problem="has a signature file that holds no signature")
    good = [one for one in signatures if _problem(path, one, terms) is None]
    if good:
        return Approval(path, max(good, key=_made))
    # What is said of an approver's signature tells more than that a stranger signed as well.
    closest = max(signatures, key=lambda one: (one.primary in terms.approvers, one.judgement is Judgement.CHANGED))
    lacks_key = closest.judgement is Judgement.NO_KEY
    return Approval(path, problem=_problem(path, closest, terms), lacks_key=lacks_key)


def _made(one: Signed) -> float:
    return one.made.timestamp() if one.made else 0.0


def _problem(path: str, one: Signed, terms: Terms) -> str | None:
    """Why a signature does not count; None for one that does."""
    match one.judgement:
        case Judgement.CHANGED:
            return f"was changed after it was signed (by the key {one.issuer})"
        case Judgement.NO_KEY:
            return f"is signed by the key {one.issuer}, which is not at hand"
        case Judgement.UNREADABLE:
            return "has a signature that cannot be read"
        case _ if one.primary not in terms.approvers:
            return f"is signed by the key {one.primary}, which is no approver's"
        case Judgement.EXPIRED_KEY:
            return f"is signed by {one.who}, whose key has expired"
        case Judgement.REVOKED_KEY:
            return f"is signed by {one.who}, whose key was revoked"
        case Judgement.EXPIRED:
            return f"has a signature of {one.who} that has expired"
        case Judgement.GOOD:
            return _weakness(one, terms) or _misplacement(path, one)


def _weakness(one: Signed, terms: Terms) -> str | None:
    if one.hash_algorithm not in GOOD_HASHES:
        return f"is signed by {one.who} with a hash that can be forged (SHA-1 or older)"
    if one.kind != _OF_BYTES:
        return f"has a signature of {one.who} that is not one over the bytes of a file"
    if one.made is None or one.made > terms.now + CLOCK_SLACK:
        return f"has a signature of {one.who} that is dated in the future: a clock is wrong"
    return None


def _misplacement(path: str, one: Signed) -> str | None:
    if one.path is None:
        return f"is signed by {one.who}, but for no place, so that it may have been moved here"
    return None if one.path == path else f"has a signature of {one.who} that is for {one.path}"
