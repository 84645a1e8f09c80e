"""From what a check reports to what the API promises."""

from pathlib import Path

from eyamlgpg.api.results import CheckResult, Finding
from eyamlgpg.model import findings
from eyamlgpg.model.policy import Policy
from eyamlgpg.operations.check.report import CheckReport


def check_result(report: CheckReport, root: Path, policy: Policy) -> CheckResult:
    """The findings, and those of them that fail by the policy."""
    found = tuple(map(_finding, report.findings))
    return CheckResult(
        root=root,
        findings=found,
        failing=tuple(one for one in found if policy.fails(one.severity)),
        files=report.files,
        values=report.values,
        accepted=report.excepted,
        warnings=report.warnings,
    )


def _finding(finding: findings.Finding) -> Finding:
    """All but `about`, which may be a secret."""
    return Finding(
        rule=finding.rule,
        severity=finding.severity,
        path=finding.path,
        line=finding.line,
        column=finding.column,
        key=finding.key,
        message=finding.message,
        hint=finding.hint,
    )
