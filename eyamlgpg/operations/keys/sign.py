"""`keys sign`: what somebody should see before they certify a key, and whether it may be certified at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from eyamlgpg.errors import RecipientError
from eyamlgpg.formats.openpgp.certificate import is_newer, parse_one
from eyamlgpg.model.certifications import Certification, Verdict
from eyamlgpg.model.keys import Key, OwnerTrust, Unusable, unusable_reason
from eyamlgpg.operations.keys.select import select_each
from eyamlgpg.operations.ports import BoundedFiles, Certificates, Keyring
from eyamlgpg.operations.tree.stored_keys import names_in, path_of, read_key

_HINTS = {
    Unusable.EXPIRED: "ask its owner to extend it and to send it again",
    Unusable.REVOKED: "ask its owner for the key that is used now",
}


@dataclass(frozen=True, slots=True)
class SigningRequest:
    """Which key is to be certified, and by whom."""

    name: str
    now: datetime
    signer: str | None = None
    """One of the user's own keys; None for the only one there is."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The key to be certified and the one that certifies."""

    key: Key
    signer: Key


def choose(request: SigningRequest, keyring: Keyring) -> Pair:
    """The two keys; RecipientError for one that is unknown, ambiguous, expired, revoked, or one's own."""
    [key] = select_each(keyring, [request.name])
    reason = unusable_reason(key, now=request.now)
    if reason is not None and reason is not Unusable.NO_ENCRYPTION_SUBKEY:
        raise RecipientError(
            f"{key.fingerprint} ({key.user_id}): is {reason.value}, so it is not certified",
            _HINTS.get(reason, "see `eyamlgpg keys list`"),
        )
    signer = _signer(request, keyring)
    if signer.fingerprint == key.fingerprint:
        raise RecipientError(f"{key.fingerprint} ({key.user_id}): is your own key, which you need not certify")
    return Pair(key, signer)


def refuse_outdated(key: Key, root: Path, bounded: BoundedFiles, certificates: Certificates) -> None:
    """Raise RecipientError where the repository knows more of a key than this keyring: it may have been revoked."""
    path = path_of(root, key.fingerprint)
    if path.name not in names_in(path.parent, bounded):
        return
    stored = read_key(path, bounded, follow_link=False).certificate
    if is_newer(stored, parse_one(certificates.whole([key.fingerprint]))):
        raise RecipientError(
            f"{key.fingerprint} ({key.user_id}): is newer in {path} than on this keyring",
            "first: eyamlgpg keys import --repo",
        )


def _signer(request: SigningRequest, keyring: Keyring) -> Key:
    if request.signer is not None:
        [chosen] = select_each(keyring, [request.signer])
        if not _can_certify(chosen, request.now):
            raise RecipientError(
                f"{chosen.fingerprint} ({chosen.user_id}): cannot certify: its secret key is not here, or not valid"
            )
        return chosen
    present = keyring.keys()
    own = [key for key in present if _can_certify(key, request.now)]
    # A puppetmaster's secret key may be on the same keyring; gpg trusts keys that it made here ultimately.
    trusted = [key for key in own if key.ownertrust is OwnerTrust.ULTIMATE] or own
    if not own:
        raise RecipientError(
            "there is no secret key of yours on the keyring to certify with",
            "make one: eyamlgpg keys generate --person 'Your Name' --email you@example.com",
        )
    if len(trusted) > 1:
        raise RecipientError(
            "there is more than one secret key on the keyring to certify with",
            *(f"{key.fingerprint}  {key.user_id}" for key in trusted),
            "say which one: --with ID",
        )
    return trusted[0]


def _can_certify(key: Key, now: datetime) -> bool:
    return key.primary.has_secret and key.primary.can("c") and key.primary.is_live(now) and not key.disabled


def good(certifications: Sequence[Certification]) -> tuple[Certification, ...]:
    """Those that gpg verified and nobody took back, each person's newest on each user ID."""
    newest: dict[tuple[str, str], Certification] = {}
    for one in certifications:
        place = (one.user_id, one.issuer)
        known = newest.get(place)
        if one.verdict is Verdict.GOOD and (known is None or _age(one) >= _age(known)):
            newest[place] = one
    return tuple(one for one in newest.values() if not one.is_revocation)


def unknown_issuers(certifications: Sequence[Certification]) -> int:
    """How many keys that are not on this keyring certified it, too, as they say themselves."""
    return len({one.issuer for one in certifications if one.verdict is Verdict.NO_KEY})


def _age(one: Certification) -> float:
    return one.created.timestamp() if one.created else 0.0
