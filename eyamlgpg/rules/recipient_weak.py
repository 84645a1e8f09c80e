"""A recipient whose key is weak."""

import re
from collections.abc import Iterator

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.model.recipients import Resolved
from eyamlgpg.rules.readers import Readers
from eyamlgpg.rules.rule import Place, Rule

RULE = Rule(
    id="recipient-weak",
    severity=Severity.WARNING,
    title="a recipient's key is weak",
    why="Its primary key or the subkey that is encrypted to is RSA, DSA or ElGamal of fewer than 2048 bits, which is "
    "within reach of those who can afford it (NIST SP 800-131A).",
    example="# Old Server <old@example.com>, rsa1024\n0123456789ABCDEF0123456789ABCDEF01234567\n",
    mend="Have its owner make a new key, put that into the recipients file, and re-encrypt: "
    "`eyamlgpg recipients add NEW && eyamlgpg recipients remove OLD`.",
)

_SIZED = re.compile(r"(?:rsa|dsa|elg)([0-9]+)")
_ENOUGH = 2048


def find(readers: Readers) -> Iterator[Finding]:
    """One finding a recipient whose key is weak."""
    for resolution in readers.resolutions:
        if isinstance(resolution, Resolved):
            weak = {part.algorithm for part in (resolution.key.primary, resolution.subkey) if is_weak(part.algorithm)}
            if weak:
                recipient = resolution.recipient
                message = f"{recipient.name}: the key of {resolution.key.user_id} is weak: {', '.join(sorted(weak))}"
                yield RULE.finding(Place(readers.source, recipient.line), message, "ask its owner for a new key")


def is_weak(algorithm: str) -> bool:
    """Whether a key of this kind, as gpg names it (`rsa1024`), is too short."""
    sized = _SIZED.fullmatch(algorithm)
    return sized is not None and int(sized[1]) < _ENOUGH
