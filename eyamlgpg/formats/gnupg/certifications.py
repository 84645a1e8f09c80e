"""The signatures in what `gpg --with-colons --check-sigs` writes (gpg's doc/DETAILS, "Format of colon listings").

    field   1     2         5        6         10           11
    sig : verdict : … : key ID : created : … : user ID : class
    rev : the same, for a certification that was taken back

The class is two hexadecimal digits, then `x` for an exportable signature or `l` for a local one.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from eyamlgpg.formats.gnupg import colons
from eyamlgpg.model.certifications import Certification, Verdict
from eyamlgpg.model.keys import KeyId

_CERTIFIES = ("10", "11", "12", "13", "30")
_REVOKES = "30"


def parse(listing: bytes) -> Iterator[Certification]:
    """Every signature on a user ID, the owner's own included; total: what makes no sense is passed over."""
    user_id: str | None = None
    for line in listing.split(b"\n"):
        fields = line.split(b":")
        kind = fields[0]
        if kind == b"uid" and len(fields) > 9:
            user_id = colons.unquoted(fields[9])
        elif kind in (b"pub", b"sub", b"uat"):
            user_id = None
        elif kind in (b"sig", b"rev") and user_id is not None and len(fields) > 10:
            certification = _certification(fields, user_id)
            if certification is not None:
                yield certification


def _certification(fields: list[bytes], user_id: str) -> Certification | None:
    kind = fields[10].decode("ascii", "replace")
    verdict = next((member for member in Verdict if fields[1][:1] == member.value.encode()), Verdict.ERROR)
    if kind[:2].lower() not in _CERTIFIES:
        return None
    return Certification(
        user_id=user_id,
        issuer=KeyId(fields[4].decode("ascii", "replace")),
        issuer_name=colons.unquoted(fields[9]),
        created=_moment(fields[5]),
        verdict=verdict,
        is_exportable=not kind.endswith("l"),
        is_revocation=kind.startswith(_REVOKES),
    )


def _moment(seconds: bytes) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None
