"""Findings as JUnit XML, which every CI server shows."""

from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.render.words import escaped

SUITE = "eyamlgpg check"


def findings_as_junit(findings: Sequence[Finding], *, files: int, fails: Callable[[Severity], bool]) -> str:
    """A suite with a test a finding; one that passed where there is none, or servers would call it empty.

    A finding that makes `check` fail is a failed test; any other one passed, and its output tells the finding.
    Names are escaped as for people: what is not printable is not XML, or is no good in a terminal that shows the file.
    """
    number = str(sum(fails(finding.severity) for finding in findings))
    suites = Element("testsuites", name=SUITE, tests=str(len(findings) or 1), failures=number, errors="0")
    suite = SubElement(suites, "testsuite", name=SUITE, tests=str(len(findings) or 1), failures=number, errors="0")
    suite.set("skipped", "0")
    for finding in findings:
        _case(suite, finding, is_failure=fails(finding.severity))
    if not findings:
        SubElement(suite, "testcase", classname=SUITE, name=f"{files} files without a finding", time="0")
    indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suites, encoding="unicode") + "\n"


def _case(suite: Element, finding: Finding, *, is_failure: bool) -> None:
    place = finding.path if finding.line is None else f"{finding.path}:{finding.line}"
    key = f"{finding.key}: " if finding.key else ""
    name = f"{finding.rule}: {finding.key}" if finding.key else finding.rule
    case = SubElement(suite, "testcase", classname=escaped(finding.path), name=escaped(name), time="0")
    if finding.line is not None:
        case.set("line", str(finding.line))
    case.set("file", escaped(finding.path))
    if is_failure:
        told = SubElement(case, "failure", type=finding.rule, message=escaped(finding.message))
    else:
        told = SubElement(case, "system-out")
    told.text = escaped(f"{place}: {finding.severity}: {key}{finding.message}") + f"\n{escaped(finding.hint or '')}"
