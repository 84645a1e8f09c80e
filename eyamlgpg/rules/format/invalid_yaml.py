"""A file that is not YAML."""

from collections.abc import Iterator

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import Place, Rule

RULE = Rule(
    id="format-invalid-yaml",
    severity=Severity.ERROR,
    title="the file is not YAML",
    why="Puppet fails on every lookup that reaches this file. The rules about Hiera keys cannot look into it either; "
    "those that go by the form of a value look at each line.",
    example='profile::motd: "an unclosed quote\n',
    mend="Mend the line that is named, or the one above it: as a rule it is a quote, a tab or an indentation. "
    "Encrypted values in the file are untouched.",
)


def find(subject: Subject) -> Iterator[Finding]:
    """The first thing that the parser could not read."""
    problem = subject.scan.yaml_error
    if problem is not None:
        message = f"this is not YAML, so Puppet fails on it: {problem.reason}"
        yield RULE.finding(Place(subject.path, problem.line), message, "mend this line, or the one above it")
