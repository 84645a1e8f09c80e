"""A conflict that a merge left in the file."""

from collections.abc import Iterator

from eyamlgpg.formats.eyaml import conflict_marks
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import Place, Rule

RULE = Rule(
    id="format-merge-conflict",
    severity=Severity.ERROR,
    title="a merge left a conflict here",
    why="Two branches changed the same value, and nobody has said yet which one counts. The merge driver of eyamlgpg "
    "keeps the value of your side, so that the file stays YAML, and puts the other one into a comment above it. Puppet "
    "would take your side's value. Git's own marks (`<<<<<<< HEAD`) are reported as well.",
    example="# <<<<<<< ours: profile::db::password, below\n# ======= theirs:\n# ENC[GPG,hQEMA…]\n"
    "# >>>>>>> keep one of the two values, and take these lines out\nprofile::db::password: ENC[GPG,hQEMA…]\n",
    mend="`eyamlgpg edit FILE` shows both values in clear. Keep one, take the comment out, then `git add FILE`.",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Each conflict."""
    for start in conflict_marks.find(subject.text):
        message = "a merge left a conflict here, which nobody has decided yet"
        hint = f"keep one of the two and take the marks out: eyamlgpg edit {subject.argument}"
        yield RULE.finding(Place(subject.path, subject.lines.line(start)), message, hint)
