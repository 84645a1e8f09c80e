"""What looks like an edit marker and is none, so that nobody encrypts it."""

from collections.abc import Iterator

from eyamlgpg.formats.eyaml import near_markers
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import Rule

RULE = Rule(
    id="plaintext-near-marker",
    severity=Severity.ERROR,
    title="what looks like an edit marker and is none was left in clear text",
    why="Somebody wrote `DEC:GPG[…]!`, `dec::gpg[…]!`, `DEC::GPG(…)!` or the like, and meant a value to be encrypted. "
    "Only `DEC::GPG[…]!` is a marker, so `edit` and `encrypt -e` left it in clear text, and Puppet hands it all out.",
    example="profile::db::dsn: DEC:GPG[open sesame]!\n",
    mend="Write it as a marker, `DEC::GPG[open sesame]!`, and encrypt it where it stands:\n\n"
    "```console\n$ eyamlgpg encrypt -i -e hieradata/common.eyaml\n```\n\n"
    "If the file was committed or pushed already, change the secret as well: Git keeps every version.",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Each of them, whatever key it stands under."""
    for near in near_markers.find(subject.text):
        scalar = subject.structure.scalar_around(near.start, near.start + 1) if subject.structure else None
        yield RULE.finding(
            subject.place(near.start, scalar.path if scalar else None),
            "this looks like an edit marker and is none, so it stands here in clear text",
            f"write DEC::GPG[…]!, then: eyamlgpg encrypt -i -e {subject.argument}",
        )
