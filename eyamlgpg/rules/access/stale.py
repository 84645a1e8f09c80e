"""A value that is encrypted to a subkey that its owner has replaced."""

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.model.governed import Governed, named_readers
from eyamlgpg.rules.kinds import Access
from eyamlgpg.rules.rule import Place, Rule

RULE = Rule(
    id="access-stale",
    severity=Severity.WARNING,
    title="a value is encrypted to a subkey that was replaced",
    why="Somebody who should read the value is named in it by an older or expired subkey. They can read it as long as "
    "they keep that subkey, and on a new machine perhaps no more.",
    example="# bob made a new encryption subkey since\nprofile::db::password: ENC[GPG,hQEMA…]\n",
    mend="Encrypt it anew: `eyamlgpg recrypt hieradata/common.eyaml`.",
)


def find(place: Place, access: Access, _readers: Governed) -> Finding | None:
    """The finding for a value, if a subkey in it is stale."""
    if not access.drift.stale:
        return None
    message = f"is encrypted to a subkey that was replaced or has expired: {named_readers(access.drift.stale)}"
    return RULE.finding(place, message, f"encrypt it anew: eyamlgpg recrypt {place.argument}")
