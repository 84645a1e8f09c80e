"""`recipients lint`: every doubtful line of recipients files."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.formats.eyaml import recipients_file
from eyamlgpg.model.claimed_names import CertifiedNames
from eyamlgpg.model.findings import Finding
from eyamlgpg.model.resolve import resolve_all
from eyamlgpg.operations.paths import shown
from eyamlgpg.operations.ports import Files, Keyring
from eyamlgpg.operations.tree.list_text import read_text
from eyamlgpg.operations.tree.source import RecipientsRequest
from eyamlgpg.rules.recipients import lines as recipients_lines
from eyamlgpg.rules.recipients.lines import View


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found, and what could not be read."""

    findings: tuple[Finding, ...]
    errors: tuple[EyamlgpgError, ...] = ()


def lint(paths: Iterable[Path], request: RecipientsRequest, files: Files, keyring: Keyring) -> Linted:
    """The findings of each recipients file, in order."""
    keys = keyring.keys()
    view = View(request.now, any(key.has_secret for key in keys), CertifiedNames(keys))
    found: list[Finding] = []
    errors: list[EyamlgpgError] = []
    for path in paths:
        try:
            text = read_text(path, shown(path, request.working), files, chosen=path == request.file)
        except EyamlgpgError as error:
            errors.append(error)
            continue
        parsed = recipients_file.parse(text, shown(path, request.working))
        resolutions = resolve_all(parsed.recipients, keys, now=request.now, always_trust=request.always_trust)
        found += recipients_lines.findings(parsed, resolutions, view)
    return Linted(tuple(found), tuple(errors))
