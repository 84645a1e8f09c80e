"""A value that a passphrase opens."""

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.model.governed import Governed
from eyamlgpg.rules.kinds import Access
from eyamlgpg.rules.rule import Place, Rule

RULE = Rule(
    id="access-passphrase",
    severity=Severity.ERROR,
    title="a passphrase opens a value",
    why="The message is encrypted to a passphrase, beside its recipients or instead of them (`gpg "
    "--symmetric`). Whoever knows or guesses it reads the value, whatever the recipients file says.",
    example="# made with gpg --symmetric --encrypt\nprofile::db::password: ENC[GPG,hQEMA…]\n",
    mend="Encrypt it anew to the recipients alone: `eyamlgpg recrypt --all hieradata/common.eyaml`.",
)


def find(place: Place, access: Access, _readers: Governed) -> Finding | None:
    """The finding for a value, if a passphrase opens it."""
    if not access.message.symmetric:
        return None
    hint = f"encrypt it anew: eyamlgpg recrypt --all {place.argument}"
    return RULE.finding(place, "can be read by anybody who knows a passphrase, beside the recipients", hint)
