"""A value that somebody can read whose key is not on the keyring."""

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.model.governed import Governed
from eyamlgpg.rules.kinds import Access
from eyamlgpg.rules.rule import Place, Rule

RULE = Rule(
    id="access-unknown",
    severity=Severity.ERROR,
    title="a value can be read by a key that is not on the keyring",
    why="The message names a key ID that belongs to no key at hand, so nobody here can say who that is. With "
    "`--keyring repo` the keys of `.eyamlgpg/keys` are all that is at hand. Where the recipients file names as many "
    "whose keys are not at hand either, that is told once (recipient-unknown), and not of each value.",
    example="# the message names 9E2B7F3C1D4A5B6C, which is nobody's here\nprofile::db::password: ENC[GPG,hQEMA…]\n",
    mend="Find out whose key it is, and import it (`eyamlgpg keys import FILE`), or put it into `.eyamlgpg/keys`. If "
    "nobody knows, encrypt the value anew without it: `eyamlgpg recrypt FILE`, and change the secret.",
)


def find(place: Place, access: Access, readers: Governed) -> Finding | None:
    """The finding for a value, if a key ID in it is unknown."""
    if len(access.drift.unknown) <= readers.unknown:  # they may be those whom the list names, which is told there
        return None
    where = "on the keyring" if readers.keys_in is None else f"in {readers.keys_in}"
    what = "import it" if readers.keys_in is None else "put its key there (eyamlgpg keys export ID)"
    message = f"can be read by a key that is not {where}: {', '.join(access.drift.unknown)}"
    hint = f"find out whose it is and {what}; {readers.source} may name it. Else: eyamlgpg recrypt {place.argument}"
    return RULE.finding(place, message, hint)
