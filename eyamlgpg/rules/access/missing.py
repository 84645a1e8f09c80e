"""A value that somebody should be able to read and cannot."""

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.model.governed import Governed, named
from eyamlgpg.rules.kinds import Access
from eyamlgpg.rules.rule import Place, Rule

RULE = Rule(
    id="access-missing",
    severity=Severity.ERROR,
    title="somebody who should read a value cannot",
    why="The recipients file names somebody to whom the value is not encrypted. If it is the puppetmaster, its agents "
    "get no catalogue. Told from the key IDs that the message names; no private key is needed.",
    example="# hiera-eyaml-gpg.recipients names alice and puppetmaster-prod, the message only alice\n"
    "profile::db::password: ENC[GPG,hQEMA…]\n",
    mend="Somebody who can read the value encrypts it anew:\n\n"
    "```console\n$ eyamlgpg recrypt hieradata/common.eyaml\n```\n\nIt touches only the values that are out of line.",
)


def find(place: Place, access: Access, readers: Governed) -> Finding | None:
    """The finding for a value, if somebody is missing."""
    if not access.drift.missing or access.drift.hidden:  # it may be one of those that are hidden, which is told
        return None
    who = named(resolved.key for resolved in access.drift.missing)
    message = f"cannot be read by {who}, named in {readers.source}"
    return RULE.finding(place, message, f"encrypt it anew: eyamlgpg recrypt {place.argument}")
