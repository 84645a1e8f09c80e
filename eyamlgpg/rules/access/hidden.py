"""A value that hides its readers."""

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.model.governed import Governed
from eyamlgpg.rules.kinds import Access
from eyamlgpg.rules.rule import Place, Rule

RULE = Rule(
    id="access-hidden",
    severity=Severity.WARNING,
    title="a value hides who can read it",
    why="It was made with gpg's `throw-keyids`, so the message names no key ID, and nobody can tell from it who its "
    "readers are. gpg also tries every secret key in turn to open it.",
    example="# made with throw-keyids in gpg.conf\nprofile::db::password: ENC[GPG,hQEMAwAAAAAAAAAA…]\n",
    mend="Encrypt it anew, which shows the key IDs: `eyamlgpg recrypt hieradata/common.eyaml`.",
)


def find(place: Place, access: Access, _readers: Governed) -> Finding | None:
    """The finding for a value, if it hides any reader."""
    if not access.drift.hidden:
        return None
    message = "hides who can read it: it was made with throw-keyids"
    return RULE.finding(place, message, f"encrypt it anew: eyamlgpg recrypt {place.argument}")
