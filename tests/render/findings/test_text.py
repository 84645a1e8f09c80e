"""Findings for people name the place first; for programs every field is there."""

import json

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.render.findings.text import findings_as_json, findings_as_text

FINDINGS = (
    Finding("recipients-single", Severity.WARNING, "team", None, None, None, "has a single reader", "add a second one"),
    Finding("recipient-unknown", Severity.ERROR, "te\x1bam", 3, None, None, "bob: no such key", None),
    Finding("plaintext-password", Severity.ERROR, "a.eyaml", 7, 3, "db::password", "stands in clear", "encrypt it"),
)


def test_a_finding_is_a_line_with_its_place_and_a_line_with_its_mending() -> None:
    assert findings_as_text(FINDINGS) == (
        "team: warning: has a single reader [recipients-single]\n"
        "    add a second one\n"
        "te\\x1bam:3: error: bob: no such key [recipient-unknown]\n"
        "a.eyaml:7:3: error: db::password: stands in clear [plaintext-password]\n"
        "    encrypt it\n"
    )
    assert findings_as_text(()) == ""


def test_json_has_every_field_of_every_finding() -> None:
    assert json.loads(findings_as_json(FINDINGS[2:])) == {
        "schema_version": 1,
        "findings": [
            {
                "rule": "plaintext-password",
                "severity": "error",
                "path": "a.eyaml",
                "line": 7,
                "column": 3,
                "key": "db::password",
                "message": "stands in clear",
                "hint": "encrypt it",
            }
        ],
    }
    assert json.loads(findings_as_json(())) == {"schema_version": 1, "findings": []}
