"""What a check finds in a recipients file of the tree."""

from collections.abc import Iterator

from eyamlgpg.model.claimed_names import CertifiedNames
from eyamlgpg.model.findings import Finding
from eyamlgpg.model.people import Roster
from eyamlgpg.operations.tree.governance import Governance
from eyamlgpg.rules.access import few_people
from eyamlgpg.rules.access import order as access
from eyamlgpg.rules.recipients import lines as recipients_lines
from eyamlgpg.rules.recipients import pages
from eyamlgpg.rules.recipients.lines import View

ABOUT_THE_USER = frozenset({pages.WITHOUT_YOU.id})
"""What `recipients lint` tells its user, and what is no fault of a tree."""

SAID_BETTER = {pages.SINGLE.id: few_people.RULE.id}
"""Where both are found, the second one says it."""


def list_findings(path: str, governance: Governance, roster: Roster) -> Iterator[Finding]:
    """What is doubtful in a recipients file of the tree."""
    parsed = governance.source(path).parsed
    if parsed is None:
        return
    governed = governance.of_list(path)
    governance.note(path)
    resolver = governance.resolver
    certified = resolver.certified if parsed.recipients else CertifiedNames()
    view = View(resolver.now, has_secret_keys=False, certified=certified, keys_in=resolver.keys_in, roster=roster)
    together = tuple(access.find_in_recipients(governed)) if governed.resolutions else ()
    said = {finding.rule for finding in together} | ABOUT_THE_USER
    for finding in recipients_lines.findings(parsed, governed.resolutions, view):
        if finding.rule not in said and SAID_BETTER.get(finding.rule) not in said:
            yield finding
    yield from together
