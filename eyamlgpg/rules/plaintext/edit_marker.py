"""An edit marker that was left in a file."""

from collections.abc import Iterator

from eyamlgpg.formats.eyaml.markers import OPENER
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import Rule

RULE = Rule(
    id="plaintext-edit-marker",
    severity=Severity.ERROR,
    title="an edit marker was left in: what it shows is in clear text",
    why="`DEC(1)::GPG[…]!` is how an editor shows a value while it is decrypted. In a file of the tree it means that "
    "somebody saved a decrypted buffer there, or wrote a new value and did not encrypt it. Puppet would hand out the "
    "marker itself. Comments count too.",
    example="profile::db::password: DEC(1)::GPG[open sesame]!\n",
    mend="Encrypt the markers of the file where they stand:\n\n"
    "```console\n$ eyamlgpg encrypt -i -e hieradata/common.eyaml\n```\n\n"
    "If the file was committed or pushed already, change the secret as well: Git keeps every version.",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Each opener of a marker, whether anything closes it or not."""
    if "DEC" not in subject.text:
        return
    for opener in OPENER.finditer(subject.text):
        scalar = subject.structure.scalar_around(opener.start(), opener.end()) if subject.structure else None
        yield RULE.finding(
            subject.place(opener.start(), scalar.path if scalar else None),
            "an edit marker was left in: its value stands here in clear text",
            f"encrypt it: eyamlgpg encrypt -i -e {subject.argument}",
        )
