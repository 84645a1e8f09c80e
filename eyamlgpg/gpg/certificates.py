"""Whole public keys, out of a keyring and into it."""

from collections.abc import Mapping, Sequence

from eyamlgpg.errors import FormatError, GnupgError
from eyamlgpg.formats.gnupg.status import Imported
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.formats.openpgp.certificate import parse_one
from eyamlgpg.gpg import homedir
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.session import SEE_PATH, Ran, Session
from eyamlgpg.model.keys import Fingerprint

_IMPORT = (
    # Whatever gpg.conf says: what comes from others brings neither ownertrust nor somebody's local signatures.
    "--import-options=no-import-local-sigs,no-keep-ownertrust",
    # Nor a user ID that the owner did not sign, which gpg 2.4.7 of Debian takes with a warning alone.
    "--no-allow-non-selfsigned-uid",
    "--no-auto-check-trustdb",
)
VERSION_6 = 6
"""Of a public key packet (RFC 9580, 5.5.2.3); GnuPG knows 4, and 5 of its own."""

_EXPORT = ("--no-armor", "--output=-", "--export-options=no-export-local-sigs,no-backup")


class GnupgCertificates:
    """Whole public keys of one keyring."""

    def __init__(self, session: Session, keyring: GnupgKeyring, environ: Mapping[str, str]) -> None:
        self._session = session
        self._keyring = keyring
        self._environ = environ

    def whole(self, fingerprints: Sequence[Fingerprint]) -> bytes:
        """These keys with every exportable signature on them, binary; GnupgError where one is not there."""
        if not fingerprints:
            return b""
        ran = self._session.run([*_EXPORT, "--export", *fingerprints])
        if ran.returncode != 0 or not ran.stdout:
            raise GnupgError(f"gpg could not export {', '.join(fingerprints)}: {ran.reason}")
        if len(fingerprints) == 1:
            _require_one(ran.stdout, *fingerprints)
        return ran.stdout

    def minimal(self, fingerprint: Fingerprint, copies: Sequence[bytes]) -> bytes:
        """One key from several copies of it: of each part the newest valid self-signature, and no other's.

        gpg merges and judges in a home that is gone afterwards; the user's keyring does not change. GnupgError where
        gpg refuses every copy.
        """
        with homedir.throwaway(self._environ) as home:
            session = Session(home, self._environ)
            for copy in copies:
                session.run([*_IMPORT, "--import"], copy)
            ran = session.run(
                [*_EXPORT, "--export-options=export-minimal,no-export-attributes", "--export", fingerprint]
            )
        if ran.returncode != 0 or not ran.stdout:
            raise GnupgError(f"gpg refuses the key {fingerprint}: no part of it is signed by its owner as it should be")
        return ran.stdout

    def take(self, certificate: bytes) -> Imported:
        """Put one public key on the keyring, or what is new about it; GnupgError where gpg refuses it."""
        from eyamlgpg.gpg.importing import Importer  # which nothing else needs

        ran = Importer(self._session).take(certificate, _IMPORT)
        self._keyring.refresh()
        if not ran.statuses.imported:
            raise _refused(certificate, ran)
        return ran.statuses.imported[0]


def _require_one(exported: bytes, fingerprint: Fingerprint) -> None:
    try:
        parse_one(exported)
    except FormatError as error:
        raise GnupgError(
            f"gpg did not export {fingerprint} as it should: what it gave {error.sentence}", SEE_PATH
        ) from None


def _refused(certificate: bytes, ran: Ran) -> GnupgError:
    _, body, _, _ = packets.header(certificate, 0)
    if certificate[body] == VERSION_6:
        return GnupgError(
            "gpg refuses the key: it is of version 6 (RFC 9580), which GnuPG does not know",
            "ask its owner for one of version 4, as gpg makes them",
        )
    return GnupgError(f"gpg refuses the key: {ran.reason}")
