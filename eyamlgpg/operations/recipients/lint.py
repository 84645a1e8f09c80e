"""`recipients lint`: every doubtful line of recipients files."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.model.findings import Finding
from eyamlgpg.model.people import Roster
from eyamlgpg.operations.tree.governance import Governance
from eyamlgpg.rules.recipients import lines as recipients_lines
from eyamlgpg.rules.recipients.lines import View

_NOBODY = Roster()


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found, and what could not be read."""

    findings: tuple[Finding, ...]
    errors: tuple[EyamlgpgError, ...] = ()


def lint(paths: Iterable[Path], governance: Governance, roster: Roster = _NOBODY) -> Linted:
    """The findings of each recipients file, in order."""
    resolver = governance.resolver
    has_secret = any(key.has_secret for key in resolver.keys)
    view = View(resolver.now, has_secret, resolver.certified, roster=roster)
    found: list[Finding] = []
    errors: list[EyamlgpgError] = []
    for path in paths:
        try:
            governed = governance.of_list(str(path))
        except EyamlgpgError as error:
            errors.append(error)
            continue
        parsed = governance.source(str(path)).parsed
        if parsed is not None:
            found += recipients_lines.findings(parsed, governed.resolutions, view)
    return Linted(tuple(found), tuple(errors))
