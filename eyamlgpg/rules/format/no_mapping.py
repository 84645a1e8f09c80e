"""A file whose top level is not a mapping."""

from collections.abc import Iterator

from eyamlgpg.formats.yaml.structure import Mapping, Scalar
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.reading.clear import NULLS
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import Place, Rule

RULE = Rule(
    id="format-no-mapping",
    severity=Severity.WARNING,
    title="the top level of the file is a list or a text, not keys",
    why="Hiera data is a mapping of keys to values. Of any other file Puppet says that it `does not contain a valid "
    "yaml hash`: older versions pass it over, Puppet 8 fails on each lookup that reaches it.",
    example="- profile::db::host: db1.example.com\n",
    mend="Write keys at the top level, without a `-` before them and with a `:` behind them. A YAML file that is not "
    "Hiera data belongs into another folder.",
)


def find(subject: Subject) -> Iterator[Finding]:
    """The root of the first document, which is all that Puppet reads."""
    root = subject.structure.root if subject.structure else None
    if (
        root is None
        or isinstance(root, Mapping)
        or (isinstance(root, Scalar) and not root.style and root.value in NULLS)
    ):
        return
    message = "the top level is not a mapping of keys, so Puppet finds nothing in this file"
    yield RULE.finding(
        Place(subject.path, subject.lines.line(root.start)), message, "write KEY: VALUE at the top level"
    )
