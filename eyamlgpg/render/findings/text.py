"""Findings for people and for programs."""

import json
from collections.abc import Sequence
from typing import Any

from eyamlgpg.model.findings import Finding
from eyamlgpg.render.words import escaped

SCHEMA_VERSION = 1
FIELDS = ("rule", "severity", "path", "line", "column", "key", "message", "hint")


def findings_as_text(findings: Sequence[Finding]) -> str:
    """`FILE:LINE: severity: message [rule]`, and under it how to mend it."""
    lines = []
    for finding in findings:
        key = f"{finding.key}: " if finding.key else ""
        lines.append(f"{_place(finding)}: {finding.severity}: {key}{finding.message} [{finding.rule}]")
        lines += [f"    {hint}" for hint in finding.hints]
    return "".join(f"{escaped(line)}\n" for line in lines)


def findings_as_json(findings: Sequence[Finding]) -> str:
    """One document: `{schema_version, findings: [{rule, severity, path, line, column, key, message, hint}]}`."""
    document = {"schema_version": SCHEMA_VERSION, "findings": [fields_of(finding) for finding in findings]}
    return json.dumps(document, indent=2) + "\n"


def fields_of(finding: Finding) -> dict[str, Any]:
    """All but `about`, which may be a secret."""
    return {name: getattr(finding, name) for name in FIELDS}


def _place(finding: Finding) -> str:
    if finding.line is None:
        return finding.path
    return f"{finding.path}:{finding.line}" + (f":{finding.column}" if finding.column is not None else "")
