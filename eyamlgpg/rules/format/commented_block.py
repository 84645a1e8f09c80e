"""A block value that was commented out line by line."""

import re
from collections.abc import Iterator

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import Place, Rule

RULE = Rule(
    id="format-commented-block",
    severity=Severity.WARNING,
    title="an encrypted value is commented out over several lines",
    why="A value in a comment is re-encrypted as any other where it stands on one line. Over several lines the `#` "
    "signs part it, so no command sees it, and whoever could read it when it was written can read it in this file "
    "for good.",
    example="# profile::db::old_password: >\n#   ENC[GPG,hQEMAy7AcYCK21XbAQf\n#   9B3c…]\n",
    mend="Take the comment out: Git keeps it. Or write the value on one line, and run `eyamlgpg recrypt FILE`.",
)

_BEGINS = re.compile(r"^[ \t]*#[^\n]*?ENC\[\w+,[A-Za-z0-9+/= \t\r]*$", re.MULTILINE)
_GOES_ON = re.compile(r"[ \t]*#[ \t#]*[A-Za-z0-9+/= \t\r]*(\]?)")


def find(subject: Subject) -> Iterator[Finding]:
    """Each comment in which a value begins that ends in a comment below."""
    if "#" not in subject.text or "ENC[" not in subject.text:
        return
    done = 0
    for begins in _BEGINS.finditer(subject.text):
        if begins.start() < done:
            continue
        done = _end(subject.text, begins.end()) or done
        if done > begins.end():
            line = subject.lines.line(begins.start())
            message = "an encrypted value is commented out over several lines, where no command sees it"
            yield RULE.finding(Place(subject.path, line), message, "take it out, or write it on one line")


def _end(text: str, place: int) -> int | None:
    """Where a `]` ends the value that began above, if nothing but comments with base64 stands between."""
    while place < len(text) and text[place] == "\n":
        line = _GOES_ON.match(text, place + 1)
        if line is None:
            return None
        if line[1]:
            return line.end()
        place = line.end()
    return None
