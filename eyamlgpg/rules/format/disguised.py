"""A token that only escapes make."""

from collections.abc import Iterator

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import Rule

RULE = Rule(
    id="format-disguised",
    severity=Severity.ERROR,
    title="an encrypted value is hidden by escapes",
    why="Puppet would decrypt this value, but no `ENC[…]` stands in the text of the file: escapes in double quotes, "
    "`!!binary` or a line separator make it. No command can re-encrypt it, so whoever can read it now can read it "
    "for good, whatever the recipients file says.",
    example='profile::db::password: "EN\\x43[GPG,hQEMA…]"\n',
    mend="Write the token as it is, without escapes: `profile::db::password: ENC[GPG,hQEMA…]`.",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Each scalar of this kind."""
    for scalar in subject.scan.disguised:
        message = "an encrypted value is hidden here by escapes or !!binary: no command can re-encrypt it"
        yield RULE.finding(subject.place_of_node(scalar), message, "write the ENC[…] as it is, without escapes")
