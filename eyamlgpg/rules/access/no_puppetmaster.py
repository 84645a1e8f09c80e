"""A folder whose values no Puppet server can read."""

from collections.abc import Iterator

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.model.governed import Governed
from eyamlgpg.rules.rule import Place, Rule, adding

RULE = Rule(
    id="access-no-puppetmaster",
    severity=Severity.WARNING,
    title="no puppetmaster is among the readers",
    why="No key in the recipients file is declared in `.eyamlgpg/policy.yaml` or has the word puppet in a user "
    "ID, so it seems that Puppet cannot decrypt what the file governs, and every lookup of it would fail.",
    example="# Alice Anders <alice@example.com>\n51F4BC395EEF5EFE3C19D9ECA006732DF5CE8A4F\n",
    mend="Add the puppetmaster's key: `eyamlgpg recipients add puppetmaster-prod@example.com --at FOLDER`. If it is "
    "called otherwise, declare it under `puppetmasters` of `.eyamlgpg/policy.yaml`.",
)


def find(readers: Governed) -> Iterator[Finding]:
    """The finding for a recipients file that names no puppetmaster; the tier rules of a policy say which one."""
    if any(map(readers.is_puppetmaster, readers.keys)) or not readers.is_certain:
        return  # a name that means no key here may be the puppetmaster's
    message = "no puppetmaster is among the readers, so Puppet cannot decrypt what this file governs"
    yield RULE.finding(Place(readers.source), message, f"add its key: {adding(readers.source)}")
