"""Findings as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format)."""

import json
from collections.abc import Sequence
from typing import Any, Protocol
from urllib.parse import quote

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.render.findings.code_hosts import identities

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT = "SRCROOT"
"""The name of the base that paths are relative to: the root of the tree."""


class Described(Protocol):
    """A rule as its documentation page describes it."""

    @property
    def id(self) -> str: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def title(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def mend(self) -> str: ...


def findings_as_sarif(findings: Sequence[Finding], rules: Sequence[Described], version: str) -> str:
    """One run with every rule described and one result a finding."""
    numbers = {rule.id: number for number, rule in enumerate(rules)}
    names = identities(findings)
    driver = {"name": "eyamlgpg", "version": version, "rules": [_rule(rule) for rule in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the tree that was checked."}}},
        "results": [_result(finding, numbers, name) for finding, name in zip(findings, names, strict=True)],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Described) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": f"{rule.title[0].upper()}{rule.title[1:]}."},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.mend, "markdown": rule.mend},
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {"tags": ["security", rule.id.partition("-")[0]]},
    }


def _result(finding: Finding, numbers: dict[str, int], identity: str) -> dict[str, Any]:
    place: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": _uri(finding.path), "uriBaseId": ROOT}},
    }
    if finding.line is not None:
        place["physicalLocation"]["region"] = _region(finding.line, finding.column)
    if finding.key is not None:
        place["logicalLocations"] = [{"fullyQualifiedName": finding.key, "kind": "property"}]
    hint = f" {finding.hint}." if finding.hint else ""
    return {
        "ruleId": finding.rule,
        "ruleIndex": numbers[finding.rule],
        "level": finding.severity.value,
        "message": {"text": f"{finding.message}.{hint}"},
        "locations": [place],
        "partialFingerprints": {"eyamlgpg/v1": identity},
    }


def _region(line: int, column: int | None) -> dict[str, int]:
    return {"startLine": line} if column is None else {"startLine": line, "startColumn": column}


def _uri(path: str) -> str:
    return quote(path.encode("utf-8", "surrogateescape"), safe="/")
