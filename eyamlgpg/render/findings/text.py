"""Findings for people and for programs."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from eyamlgpg.model.findings import Finding
from eyamlgpg.render.words import at_line_start, escaped

SCHEMA_VERSION = 1
FIELDS = ("rule", "severity", "path", "line", "column", "key", "message", "hint")


def findings_as_text(findings: Sequence[Finding]) -> str:
    """Each finding in one line, and under it how to mend it."""
    lines = [line for finding in findings for line in (first_line(finding), *hint_lines(finding))]
    return "".join(f"{line}\n" for line in lines)


def first_line(finding: Finding) -> str:
    """`FILE:LINE:COLUMN: severity: KEY: message [rule]`, as far as there are a line, a column and a key."""
    parts = (at_line_start(finding.path), finding.line, finding.column)
    place = ":".join(str(part) for part in parts if part is not None)
    key = f"{finding.key}: " if finding.key else ""
    return escaped(f"{place}: {finding.severity}: {key}{finding.message} [{finding.rule}]")


def hint_lines(finding: Finding, mark: str = "   ") -> Iterator[str]:
    """How to mend it, a line each."""
    return (f"{mark} {escaped(hint)}" for hint in finding.hints)


def findings_as_json(findings: Sequence[Finding]) -> str:
    """One document: `{schema_version, findings: [{rule, severity, path, line, column, key, message, hint}]}`."""
    document = {"schema_version": SCHEMA_VERSION, "findings": [fields_of(finding) for finding in findings]}
    return json.dumps(document, indent=2) + "\n"


def fields_of(finding: Finding) -> dict[str, Any]:
    """All but `about`, which may be a secret."""
    return {name: getattr(finding, name) for name in FIELDS}
