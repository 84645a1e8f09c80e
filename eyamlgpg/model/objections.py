"""Whether a matched key may be encrypted to, and to which of its subkeys; else why not, and what helps."""

from dataclasses import dataclass
from datetime import datetime

from eyamlgpg.model.keys import Key, Subkey, Unusable, Validity, unusable_reason
from eyamlgpg.model.matching import Match
from eyamlgpg.model.recipients import Refusal

IMPORT_REPOSITORY = "eyamlgpg keys import --repo"
IMPORT_HINT = f"import it: {IMPORT_REPOSITORY}, or eyamlgpg keys import FILE"
"""Where nobody can tell what the repository keeps; `model.import_hints` knows better."""


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a matched key cannot be used."""

    reason: Refusal
    words: str
    """What is said after `key FINGERPRINT (user ID)`."""
    hints: tuple[str, ...]


def judge(match: Match, *, now: datetime, always_trust: bool) -> Subkey | Objection:
    """The subkey to encrypt to, or the objection; `always_trust` lifts the one about certification, no other."""
    verdict = _subkey(match, now)
    if isinstance(verdict, Objection):
        return verdict
    return _void_user_id(match) or (None if always_trust else _not_certified(match)) or verdict


def _subkey(match: Match, now: datetime) -> Subkey | Objection:
    key = match.key
    reason = unusable_reason(key, now=now)
    if reason is not None and reason is not Unusable.NO_ENCRYPTION_SUBKEY:
        return _unusable(key, reason, now)
    if match.forced is not None:
        return _forced(key, match.forced, now)
    return key.encryption_subkey(now) or _no_encryption_subkey(key, now)


def _unusable(key: Key, reason: Unusable, now: datetime) -> Objection:
    _, words = _fate(key.primary, now)
    match reason:
        case Unusable.EXPIRED:
            extend = f"its owner can extend it (gpg --quick-set-expire {key.fingerprint} 2y) and send it again"
            return Objection(Refusal.EXPIRED, words, (extend, IMPORT_HINT))
        case Unusable.DISABLED:
            enable = f"who disabled it here can enable it again: gpg --edit-key {key.fingerprint} enable save"
            return Objection(Refusal.DISABLED, "is disabled on this keyring", (enable,))
        case _:
            return Objection(Refusal(reason), words, ("ask its owner for the key that is used now", IMPORT_HINT))


def _forced(key: Key, part: Subkey, now: datetime) -> Subkey | Objection:
    asked = f"cannot be used: its part {part.fingerprint}, which the ! asks for,"
    hint = f"without the ! the newest encryption subkey is taken: {key.fingerprint}"
    if not part.can("e"):
        return Objection(Refusal.NO_ENCRYPTION_SUBKEY, f"{asked} cannot encrypt", (hint,))
    if part.is_live(now):
        return part
    reason, words = _fate(part, now)
    return Objection(reason, f"{asked} {words}", (hint,))


def _no_encryption_subkey(key: Key, now: datetime) -> Objection:
    former = [f"{part.fingerprint} {_fate(part, now)[1]}" for part in key.parts if part.can("e")]
    words = f"has no encryption subkey left: {', '.join(former)}" if former else "has no encryption subkey"
    add = f"its owner can add one (gpg --quick-add-key {key.fingerprint} default encrypt) and send the key again"
    return Objection(Refusal.NO_ENCRYPTION_SUBKEY, words, (add, IMPORT_HINT))


def _fate(part: Subkey, now: datetime) -> tuple[Refusal, str]:
    """What became of a primary key or subkey that is not live."""
    if part.validity is Validity.REVOKED:
        return Refusal.REVOKED, "was revoked"
    if part.expires is not None and part.expires <= now:
        return Refusal.EXPIRED, f"expired on {part.expires:%Y-%m-%d}"
    if part.validity is Validity.EXPIRED:
        return Refusal.EXPIRED, "has expired"
    if part.validity is Validity.DISABLED:
        return Refusal.DISABLED, "is disabled on this keyring"
    if part.created > now:
        return Refusal.INVALID, f"was made in the future, on {part.created:%Y-%m-%d}: check the clock"
    return Refusal.INVALID, "is invalid for gpg"


def _void_user_id(match: Match) -> Objection | None:
    user_id = match.user_id
    if user_id is None or user_id.is_usable:
        return None
    return Objection(
        Refusal.VOID_USER_ID,
        f"no longer answers to that user ID, which is {user_id.validity.word}",
        (f"to mean the key whatever its user IDs say, write the full fingerprint: {match.key.fingerprint}",),
    )


def _not_certified(match: Match) -> Objection | None:
    validity = match.key.validity if match.user_id is None else match.user_id.validity
    if validity.is_certified:
        return None
    fingerprint = match.key.fingerprint
    what = "the key" if match.user_id is None else "that user ID"
    return Objection(
        Refusal.NOT_CERTIFIED,
        f"is not certified: the validity of {what} is {validity.word} here, and full is needed",
        (
            "compare the fingerprint with its owner, on the phone or face to face",
            f"then certify it: eyamlgpg keys sign {fingerprint}, or gpg --lsign-key {fingerprint}",
            "where every key on the keyring is trusted by other means: --gpg-always-trust",
        ),
    )
