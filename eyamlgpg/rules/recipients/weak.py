"""A recipient whose key is weak."""

from collections.abc import Iterator

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.model.governed import Governed
from eyamlgpg.model.keys import weak_algorithms
from eyamlgpg.model.recipients import Resolved
from eyamlgpg.rules.rule import Place, Rule

RULE = Rule(
    id="recipient-weak",
    severity=Severity.WARNING,
    title="a recipient's key is weak",
    why="Its primary key or an encryption subkey is RSA, DSA or ElGamal of fewer than 2048 bits, which is "
    "within reach of those who can afford it (NIST SP 800-131A).",
    example="# Old Server <old@example.com>, rsa1024\n0123456789ABCDEF0123456789ABCDEF01234567\n",
    mend="Have its owner make a new key, put that into the recipients file, and re-encrypt: "
    "`eyamlgpg recipients add NEW && eyamlgpg recipients remove OLD`.",
)


def find(readers: Governed) -> Iterator[Finding]:
    """One finding a recipient whose key is weak."""
    for resolution in readers.resolutions:
        if isinstance(resolution, Resolved):
            weak = weak_algorithms(resolution.key)
            if weak:
                recipient = resolution.recipient
                message = f"{recipient.known}: the key of {resolution.key.user_id} is weak: {', '.join(weak)}"
                yield RULE.finding(Place(readers.source, recipient.line), message, "ask its owner for a new key")
