"""A byte order mark."""

from collections.abc import Iterator

from eyamlgpg.formats.yaml.structure import BYTE_ORDER_MARK
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import Place, Rule

RULE = Rule(
    id="format-byte-order-mark",
    severity=Severity.ERROR,
    title="the file begins with a byte order mark",
    why="Puppet cannot read a Hiera file that begins with U+FEFF, which some editors on Windows write.",
    example="\ufeffprofile::db::host: db1.example.com\n",
    mend="Save the file as UTF-8 without a byte order mark: in vim `:set nobomb`, elsewhere "
    "`sed -i '1s/^\\xEF\\xBB\\xBF//' FILE`.",
)


def find(subject: Subject) -> Iterator[Finding]:
    """The mark at the beginning."""
    if subject.text.startswith(BYTE_ORDER_MARK):
        message = "the file begins with a byte order mark, on which Puppet fails"
        yield RULE.finding(Place(subject.path, 1, 1), message, "save it as UTF-8 without a byte order mark")
