"""Who certified a key: signatures on its user IDs, as gpg verified them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eyamlgpg.model.keys import KeyId


class Verdict(StrEnum):
    """What gpg says of a signature; the first character of field 2 of its `sig` records."""

    GOOD = "!"
    BAD = "-"
    NO_KEY = "?"
    """The key that made it is not on the keyring, so nobody can tell."""
    ERROR = "%"


@dataclass(frozen=True, slots=True)
class Certification:
    """One signature on one user ID of a key."""

    user_id: str
    issuer: KeyId
    issuer_name: str
    """The primary user ID of the one who made it; gpg's words for none where the key is not here."""
    created: datetime | None
    verdict: Verdict
    is_exportable: bool
    """False for a local one, which stays on this keyring."""
    is_revocation: bool = False
