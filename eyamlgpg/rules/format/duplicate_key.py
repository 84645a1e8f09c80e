"""A key that stands twice in its mapping."""

from collections.abc import Iterator

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import Rule

RULE = Rule(
    id="format-duplicate-key",
    severity=Severity.ERROR,
    title="a key stands twice in its mapping",
    why="Of two entries with the same key Puppet takes the last without a word, so somebody's change has no "
    "effect; as a rule it comes from a merge.",
    example="profile::db::host: db1.example.com\nprofile::db::host: db2.example.com\n",
    mend="Keep the entry that is meant, and delete the other.",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Each repetition of a key."""
    for scalar in subject.structure.duplicates if subject.structure else ():
        message = "this key stands in its mapping already; Puppet takes the last entry without a word"
        yield RULE.finding(subject.place_of_node(scalar), message, "keep the one that is meant")
