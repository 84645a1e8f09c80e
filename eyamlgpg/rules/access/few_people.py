"""A folder whose values a single person can read."""

from collections.abc import Iterator

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.model.governed import Governed, named
from eyamlgpg.rules.rule import Place, Rule, adding

RULE = Rule(
    id="access-few-people",
    severity=Severity.WARNING,
    title="fewer than two people can read a folder's values",
    why="Beside puppetmasters (those of `.eyamlgpg/policy.yaml`, and keys with the word puppet in a user ID), "
    "the recipients file names one person or nobody. When that key is lost, nobody can change the secrets any "
    "more but by setting each anew.",
    example="# Alice Anders <alice@example.com>\n51F4BC395EEF5EFE3C19D9ECA006732DF5CE8A4F\n"
    "# Puppetmaster <puppetmaster-prod@example.com>\nB6C40C49369B07EB665B3415536064919156D527\n",
    mend="Add a second person, which re-encrypts what the file governs: `eyamlgpg recipients add ID --at FOLDER`.",
)


def find(readers: Governed) -> Iterator[Finding]:
    """The finding for a recipients file that names too few people, where every name means a key."""
    people = [key for key in readers.keys if not readers.is_puppetmaster(key)]
    if len(people) > 1 or not readers.is_certain:  # a name that means no key here may be another person's
        return
    who = f"only {named(people)}" if people else "no person, only puppetmasters,"
    message = f"{who} can read what this file governs: if that key is lost, so is every value"
    yield RULE.finding(Place(readers.source), message, f"add a second person: {adding(readers.source)}")
