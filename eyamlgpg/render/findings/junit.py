"""Findings as JUnit XML, which every CI server shows."""

import re
from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.render.words import escaped

SUITE = "eyamlgpg check"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def findings_as_junit(findings: Sequence[Finding], *, files: int, fails: Callable[[Severity], bool]) -> str:
    """A suite with a test a finding; one that passed where there is none, or servers would call it empty.

    A finding that makes `check` fail is a failed test; any other one passed, and its output tells the finding.
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
    case = SubElement(suite, "testcase", classname=_xml(finding.path), name=_xml(name), time="0")
    if finding.line is not None:
        case.set("line", str(finding.line))
    case.set("file", _xml(finding.path))
    if is_failure:
        told = SubElement(case, "failure", type=finding.rule, message=_xml(finding.message))
    else:
        told = SubElement(case, "system-out")
    told.text = _xml(f"{place}: {finding.severity}: {key}{finding.message}\n{finding.hint or ''}")


def _xml(text: str) -> str:
    """Without what XML 1.0 (2.2, Char) does not allow."""
    return _NOT_XML.sub(lambda found: escaped(found.group()), text)
