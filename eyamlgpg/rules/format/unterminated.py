"""An `ENC[` that nothing ends."""

import re
from collections.abc import Iterator

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import Rule

RULE = Rule(
    id="format-unterminated",
    severity=Severity.ERROR,
    title="an encrypted value is cut short or damaged by other characters",
    why="`ENC[GPG,` is not followed by base64 up to a `]`. Puppet hands such a text out as it stands. Prose in which "
    "`ENC[` occurs without a method and a comma is no value, and no finding.",
    example="profile::db::password: ENC[GPG,hQEMAy7AcYCK21XbAQf\n",
    mend="Take the whole value from an older version of the file:\n\n"
    "```console\n$ git log -p -- hieradata/common.eyaml\n```\n\n"
    "or set it anew: `eyamlgpg set hieradata/common.eyaml profile::db::password -p`.",
)

_BEGINS = re.compile(r"\[(?:(?:GPG|PKCS7),|\w+,[A-Za-z0-9+/=]{40})", re.IGNORECASE)
"""Behind `ENC`: an expression that began with letters of either case would try each letter of the base64."""
_ENC = "ENC"


def find(subject: Subject) -> Iterator[Finding]:
    """Each beginning of a value that no value came of."""
    starts = {value.token.start for value in subject.scan.values}
    for begins in _BEGINS.finditer(subject.text):
        start = begins.start() - len(_ENC)
        if subject.text[max(start, 0) : begins.start()].upper() != _ENC:
            continue
        if start in starts or _is_read_by_puppet(subject, start):
            continue
        scalar = subject.structure.scalar_around(start, begins.end()) if subject.structure else None
        yield RULE.finding(
            subject.place(start, scalar.path if scalar else None),
            "an encrypted value begins here and does not end as it should: Puppet would hand out this text",
            f"take the value from an older version of the file: git log -p -- {subject.argument}",
        )


def _is_read_by_puppet(subject: Subject, start: int) -> bool:
    """Whether the place belongs to a scalar that another rule reports, or to a comment."""
    if subject.structure is None:
        return False
    scalar = subject.structure.scalar_around(start, start + 1)
    return scalar is None or scalar in subject.scan.disguised
