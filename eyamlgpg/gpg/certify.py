"""Certifying keys, and saying how far their owners are trusted to certify others."""

from collections.abc import Mapping

from eyamlgpg.errors import GnupgError
from eyamlgpg.formats.gnupg import certifications
from eyamlgpg.gpg import passphrases
from eyamlgpg.gpg.session import Ran, Session
from eyamlgpg.model.certifications import Certification, Verdict
from eyamlgpg.model.keys import Key, OwnerTrust

_LEVELS = {
    OwnerTrust.UNDEFINED: 2,
    OwnerTrust.NEVER: 3,
    OwnerTrust.MARGINAL: 4,
    OwnerTrust.FULL: 5,
    OwnerTrust.ULTIMATE: 6,
}
"""As `gpg --import-ownertrust` reads them."""


def certifications_of(session: Session, key: Key) -> tuple[Certification, ...]:
    """Who certified the user IDs of a key, verified by gpg, the owner's own signatures left out; raises GnupgError."""
    ran = session.run(["--with-colons", "--fixed-list-mode", "--check-sigs", key.fingerprint])
    if ran.returncode != 0:
        raise GnupgError(f"gpg could not list the signatures of {key.fingerprint}: {ran.reason}")
    return tuple(one for one in certifications.parse(ran.stdout) if one.issuer != key.primary.key_id)


def sign(session: Session, key: Key, *, signer: Key, exportable: bool) -> None:
    """Certify every user ID of a key that is still valid; a passphrase is asked for by pinentry.

    A local signature is made exportable where that is wanted; one that stands already is not made twice. gpg ends with
    status 0 whatever came of it, so the signature is looked for afterwards. Raises GnupgError.
    """
    command = "--quick-sign-key" if exportable else "--quick-lsign-key"
    ran = session.run_asking(["--yes", f"--local-user={signer.fingerprint}!", command, key.fingerprint])
    made = [one for one in certifications_of(session, key) if _counts(one, signer, exportable=exportable)]
    if not made:
        raise _failed(ran, key, session.environment)


def set_ownertrust(session: Session, key: Key, ownertrust: OwnerTrust) -> None:
    """Say how far the owner of a key is trusted to certify others; raises GnupgError."""
    ran = session.run(["--import-ownertrust"], f"{key.fingerprint}:{_LEVELS[ownertrust]}:\n".encode())
    if ran.returncode != 0:
        raise GnupgError(f"gpg could not set the ownertrust of {key.fingerprint}: {ran.reason}")


def _counts(one: Certification, signer: Key, *, exportable: bool) -> bool:
    is_ours = one.issuer in {part.key_id for part in signer.parts}
    return is_ours and one.verdict is Verdict.GOOD and not one.is_revocation and (one.is_exportable or not exportable)


def _failed(ran: Ran, key: Key, environment: Mapping[str, str]) -> GnupgError:
    sentence = f"{key.fingerprint} was not certified"
    if words := passphrases.not_given(ran, environment):
        what, hints = words
        return GnupgError(f"{sentence}: {what}", *hints)
    return GnupgError(f"{sentence}: {ran.reason}")
