"""Approvers as people: whose secret key is here, and what they are called."""

from collections.abc import Collection, Sequence
from datetime import datetime

from eyamlgpg.model.keys import Fingerprint, Key


def own_approver(approvers: Collection[Fingerprint], keys: Sequence[Key], now: datetime) -> Fingerprint | None:
    """The first approver whose secret key is on the keyring and can sign; None where there is none."""
    able = {key.fingerprint for key in keys if _can_sign(key, now)}
    return next((one for one in approvers if one in able), None)


def names_of(approvers: Collection[Fingerprint], keys: Sequence[Key]) -> str:
    """Each with the name on the keyring, if it is there."""
    return "; ".join(name_of(one, keys) for one in approvers)


def name_of(approver: Fingerprint, keys: Sequence[Key]) -> str:
    """An approver with the name on the keyring, if it is there."""
    names = {key.fingerprint: key.user_id for key in keys}
    return f"{names[approver]}, {approver}" if approver in names else approver


def _can_sign(key: Key, now: datetime) -> bool:
    signing = (part for part in key.parts if part.has_secret and part.can("s") and part.is_live(now))
    return not key.disabled and key.primary.is_live(now) and any(signing)
