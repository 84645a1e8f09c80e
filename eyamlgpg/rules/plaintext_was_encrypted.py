"""A value that was encrypted in the last commit and is no longer."""

from collections.abc import Collection

from eyamlgpg.model.findings import Severity
from eyamlgpg.rules.harmless import says_nothing
from eyamlgpg.rules.knowledge import general
from eyamlgpg.rules.rule import Rule
from eyamlgpg.rules.subject import Clear

RULE = Rule(
    id="plaintext-was-encrypted",
    severity=Severity.ERROR,
    title="a value that was encrypted in the last commit stands in clear text",
    why="The same Hiera key of the same file holds an encrypted value in HEAD, and clear text now. As a rule somebody "
    "decrypted it to look at it, or pasted a new value and forgot to encrypt it. A file that was renamed is compared "
    "under its old name. Values that are empty, looked up or a placeholder do not count.",
    example="# in HEAD: profile::db::password: ENC[GPG,hQEMA…]\nprofile::db::password: open sesame\n",
    mend="Encrypt the value, which leaves everything else in the file as it is:\n\n"
    "```console\n$ eyamlgpg set hieradata/common.eyaml profile::db::password -p\n```\n\n"
    "To go back to the old one: `git checkout HEAD -- hieradata/common.eyaml`.",
)


def sees(clear: Clear, before: Collection[str]) -> tuple[str, str] | None:
    """What to say of a value whose general key is among those that were encrypted before."""
    if not clear.path.segments or general(clear.path) not in before or says_nothing(clear.text):
        return None
    return (
        "this value is encrypted in the last commit and stands here in clear text",
        f"encrypt it: eyamlgpg set {clear.place.path} '{clear.path}' -p",
    )
