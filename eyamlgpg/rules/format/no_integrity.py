"""A message that anybody can change unnoticed."""

from collections.abc import Iterator

from eyamlgpg.formats.openpgp.packets import Message
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import Rule

RULE = Rule(
    id="format-no-integrity",
    severity=Severity.ERROR,
    title="a message without integrity protection",
    why="The value is an OpenPGP message of the old kind (packet tag 9), which somebody without any key can change "
    "without being noticed. gpg refuses to decrypt it unless it is told to ignore that.",
    example="profile::db::password: ENC[GPG,hQEMA…]   # made with --rfc2440 or a very old program\n",
    mend="Encrypt it anew, which writes a protected message: `eyamlgpg recrypt --all FILE`, or `eyamlgpg set "
    "FILE KEY -p` if gpg refuses to read it.",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Each message of the old kind."""
    for value, message in subject.messages:
        if isinstance(message, Message) and not message.integrity_protected:
            yield RULE.finding(
                subject.place_of(value),
                "this message has no integrity protection: anybody can change it unnoticed, and gpg refuses it",
                f"encrypt it anew: eyamlgpg recrypt --all {subject.argument}",
            )
