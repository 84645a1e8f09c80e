"""`keys sign`: what somebody should see before they certify a key, and whether it may be certified at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from eyamlgpg.errors import RecipientError
from eyamlgpg.formats.openpgp.certificate import parse_one
from eyamlgpg.formats.openpgp.copies import is_newer
from eyamlgpg.model.certifications import Certification, Verdict
from eyamlgpg.model.import_hints import Kept
from eyamlgpg.model.keys import Key, OwnerTrust, Unusable, unusable_reason
from eyamlgpg.operations.keys.export import Exported, ExportPorts, export
from eyamlgpg.operations.keys.select import select_each
from eyamlgpg.operations.ports import Certificates, Keyring, Voice
from eyamlgpg.operations.tree.stored_keys import read_stored
from eyamlgpg.operations.tree_ports import Tree

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
    exportable: bool = False
    """For everybody, and not on this keyring alone."""
    ownertrust: OwnerTrust | None = None
    """How far the key's owner is believed to certify others; None to leave that."""
    kept: Kept | None = None
    """The keys of the repository, for the hint of a key that is not on the keyring."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The key to be certified and the one that certifies."""

    key: Key
    signer: Key


@dataclass(frozen=True, slots=True)
class ToSign:
    """What a user sees before they answer."""

    pair: Pair
    certifications: tuple[Certification, ...]
    """The good ones."""
    unknown_issuers: int


class Certifier(Protocol):
    """Certifies keys on this keyring, which lists them anew afterwards."""

    def certifications_of(self, key: Key) -> Sequence[Certification]:
        """Who certified the user IDs of a key; raises GnupgError."""
        ...

    def sign(self, pair: Pair, *, exportable: bool) -> None:
        """Certify every user ID that is still valid; raises GnupgError."""
        ...

    def set_ownertrust(self, key: Key, ownertrust: OwnerTrust) -> None:
        """Say how far the owner is believed to certify others; raises GnupgError."""
        ...


@dataclass(frozen=True, slots=True)
class SigningPorts:
    """The world of one signature."""

    keyring: Keyring
    certifier: Certifier
    tree: Tree
    stored: Path
    """The folder of the repository's keys, as the user would write it."""
    export: ExportPorts
    confirm: Callable[[ToSign], bool]
    tell: Voice


def certify(request: SigningRequest, ports: SigningPorts) -> Exported | None:
    """Show a key, certify it after a yes, and for everybody also store it; the stored key, if any.

    Raises RecipientError, and nothing is certified, for a key that the repository knows more of, and after a no.
    """
    pair = choose(request, ports.keyring)
    refuse_outdated(pair.key, ports.tree, ports.export.certificates)
    seen = ports.certifier.certifications_of(pair.key)
    if not ports.confirm(ToSign(pair, good(seen), unknown_issuers(seen))):
        raise RecipientError(f"{pair.key.fingerprint} ({pair.key.user_id}): was not certified, as you said")
    ports.certifier.sign(pair, exportable=request.exportable)
    if request.ownertrust is not None:
        ports.certifier.set_ownertrust(pair.key, request.ownertrust)
    _report(pair, ports)
    if not request.exportable:
        return None
    return export(pair.key, ports.stored, ports.export, certified_by=[pair.signer.primary.key_id])


def _report(pair: Pair, ports: SigningPorts) -> None:
    [key] = select_each(ports.keyring, [pair.key.fingerprint])
    ports.tell.say(f"{key.user_id}: certified as {pair.signer.user_id}; its validity is {key.validity.word} now")
    if not key.validity.is_certified:
        ports.tell.warn(
            f"{pair.signer.fingerprint} is not ultimately trusted on this keyring, so its certifications count for "
            f"nothing here; if it is your own: gpg --edit-key {pair.signer.fingerprint} trust"
        )


def choose(request: SigningRequest, keyring: Keyring) -> Pair:
    """The two keys; RecipientError for one that is unknown, ambiguous, expired, revoked, or one's own."""
    [key] = select_each(keyring, [request.name], kept=request.kept)
    reason = unusable_reason(key, now=request.now)
    if reason is not None and reason is not Unusable.NO_ENCRYPTION_SUBKEY:
        raise RecipientError(
            f"{key.fingerprint} ({key.user_id}): is {reason.value}, so it is not certified",
            _HINTS.get(reason, "see `eyamlgpg keys list`"),
        )
    signer = choose_signer(request, keyring)
    if signer.fingerprint == key.fingerprint:
        raise RecipientError(f"{key.fingerprint} ({key.user_id}): is your own key, which you need not certify")
    return Pair(key, signer)


def refuse_outdated(key: Key, tree: Tree, certificates: Certificates) -> None:
    """Raise RecipientError where the repository knows more of a key than this keyring: it may have been revoked."""
    stored = read_stored(key.fingerprint, tree)
    if stored is not None and is_newer(stored.certificate, parse_one(certificates.whole([key.fingerprint]))):
        raise RecipientError(
            f"{key.fingerprint} ({key.user_id}): is newer in {stored.path} than on this keyring",
            "first: eyamlgpg keys import --repo",
        )


def choose_signer(request: SigningRequest, keyring: Keyring) -> Key:
    """Who certifies: the one who was named, or the only one who can; raises RecipientError."""
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
