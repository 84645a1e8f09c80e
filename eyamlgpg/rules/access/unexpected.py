"""A value that somebody can read who should not."""

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.model.governed import Governed, named_readers
from eyamlgpg.rules.kinds import Access
from eyamlgpg.rules.rule import Place, Rule

RULE = Rule(
    id="access-unexpected",
    severity=Severity.ERROR,
    title="somebody can read a value who should not",
    why="The value is encrypted to a key that the recipients file does not name: it was copied from another "
    "folder, the recipients changed since, or a revoked subkey is still among its readers. Or a key ID stands in it "
    "more than once: nothing proves a key ID, so somebody else's key may stand behind a reader's.",
    example="# hiera-eyaml-gpg.recipients names alice alone, the message also eve\n"
    "profile::db::password: ENC[GPG,hQEMA…]\n",
    mend="If they should not read it, encrypt it anew, and change the secret if they could read it in Git already:\n\n"
    "```console\n$ eyamlgpg recrypt hieradata/common.eyaml\n```\n\n"
    "If they should: `eyamlgpg recipients add ID`.",
)


def find(place: Place, access: Access, readers: Governed) -> Finding | None:
    """The finding for a value, if somebody is among its readers who should not be."""
    unexpected = [reader for reader in access.drift.unexpected if reader.key.fingerprint not in readers.excused]
    repeated = access.drift.repeated
    if unexpected:
        message = f"can be read by {named_readers(unexpected)}, not named in {readers.source}"
    elif repeated:
        message = f"may be read by somebody else: the key ID {repeated[0]} stands in it more than once"
    else:
        return None
    return RULE.finding(place, message, f"encrypt it anew: eyamlgpg recrypt {place.argument}; then change the secret")
