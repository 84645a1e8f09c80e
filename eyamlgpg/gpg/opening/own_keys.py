"""The secret keys that gpg-agent can be asked about: their keygrips, by which it knows them, and their numbers."""

from dataclasses import dataclass

from eyamlgpg.formats.openpgp.public_keys import EcdhKey, RsaKey, key_id_of, read_public_keys
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import Fingerprint, KeyId

_LIST = ("--with-colons", "--with-keygrip", "--with-fingerprint", "--with-fingerprint", "--list-secret-keys")
_EXPORT = ("--no-armor", "--output=-", "--export")
_FIELDS = 20
"""As many as any record has."""

_STUB = "#"
"""In field 15 of a secret key's record: it is not here (gpg's doc/DETAILS)."""


@dataclass(frozen=True, slots=True)
class OwnKey:
    """A (sub)key whose secret part is here, on disk or on a card."""

    keygrip: str
    public: RsaKey | EcdhKey


def own_keys(session: Session) -> dict[KeyId, OwnKey]:
    """The own keys of the kinds that are known here, by key ID; what gpg does not tell is left out."""
    keygrips = _keygrips(session.run(_LIST).stdout)
    if not keygrips:
        return {}
    public = read_public_keys(session.run([*_EXPORT, *(f"{fingerprint}!" for fingerprint in keygrips)]).stdout)
    return {
        key_id_of(fingerprint): OwnKey(keygrip, public[fingerprint])
        for fingerprint, keygrip in keygrips.items()
        if fingerprint in public
    }


def _keygrips(listing: bytes) -> dict[Fingerprint, str]:
    """By the fingerprint of each key whose record says that it can encrypt: `e`, of this very key."""
    found: dict[Fingerprint, str] = {}
    fingerprint: Fingerprint | None = None
    is_wanted = False
    for line in listing.decode("ascii", "replace").splitlines():
        record = line.split(":") + [""] * _FIELDS
        match record[0]:
            case "sec" | "ssb":
                fingerprint = None
                is_wanted = "e" in record[11] and record[14] != _STUB
            case "fpr" if is_wanted:
                fingerprint = Fingerprint(record[9])
            case "grp" if is_wanted and fingerprint is not None:
                found[fingerprint] = record[9]
    return found
