"""Findings for the pages of code hosts: GitHub's workflow commands and GitLab's code quality report."""

import json
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.model.identity import key_of
from eyamlgpg.render.words import escaped

_GITLAB_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor"}
_GITHUB_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_GITHUB_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def findings_for_github(findings: Sequence[Finding]) -> str:
    """One workflow command a finding (GitHub Docs, "Workflow commands", setting an error message)."""
    return "".join(f"{escaped(_command(finding))}\n" for finding in findings)


def findings_for_gitlab(findings: Sequence[Finding]) -> str:
    """A code quality report (GitLab Docs, "Code Quality", report format)."""
    report = [
        {
            "description": described(finding),
            "check_name": finding.rule,
            "fingerprint": identity,
            "severity": _GITLAB_SEVERITIES[finding.severity],
            "location": {"path": finding.path, "lines": {"begin": finding.line or 1}},
        }
        for finding, identity in zip(findings, identities(findings), strict=True)
    ]
    return json.dumps(report, indent=2) + "\n"


def described(finding: Finding) -> str:
    """Key, message and hint as one text."""
    key = f"{finding.key}: " if finding.key else ""
    return f"{key}{finding.message}" + (f". {finding.hint}" if finding.hint else "")


def identities(findings: Sequence[Finding]) -> tuple[str, ...]:
    """A name for each finding that survives changes elsewhere in its file: of rule, path, key and repetition."""
    seen: Counter[tuple[str, str, str]] = Counter()
    found = []
    for finding in findings:
        what = (finding.rule, finding.path, key_of(finding) or "")
        seen[what] += 1
        found.append(sha256("\0".join((*what, str(seen[what]))).encode("utf-8", "surrogatepass")).hexdigest())
    return tuple(found)


def _command(finding: Finding) -> str:
    properties = {"file": finding.path, "line": finding.line, "col": finding.column, "title": finding.rule}
    told = ",".join(
        f"{name}={str(value).translate(_GITHUB_PROPERTY)}" for name, value in properties.items() if value is not None
    )
    return f"::{finding.severity} {told}::{described(finding).translate(_GITHUB_DATA)}"
