"""What a check found, for people: each finding with its line, every value of it hidden."""

from collections.abc import Iterator

from eyamlgpg.operations.check import Checked, Reported
from eyamlgpg.render.text import counted, escaped


def checked_as_text(checked: Checked) -> str:
    """`FILE:LINE:COLUMN: severity: KEY: message [rule]`, the line with a caret, and how to mend it."""
    return "".join(f"{line}\n" for reported in checked.reported for line in _lines(reported))


def summary(checked: Checked) -> str:
    """How much was looked at, and what came of it, as a sentence."""
    errors = sum(finding.severity == "error" for finding in checked.findings)
    warnings = len(checked.findings) - errors
    found = f"{counted(errors, 'error')}, {counted(warnings, 'warning')}" if checked.findings else "nothing found"
    excepted = f", {checked.excepted:,} excepted" if checked.excepted else ""
    over = f", {counted(checked.passed_over, 'value')} passed over by the policy" if checked.passed_over else ""
    return f"{counted(checked.files, 'file')}, {counted(checked.values, 'encrypted value')}: {found}{excepted}{over}"


def _lines(reported: Reported) -> Iterator[str]:
    finding = reported.finding
    place = ":".join(str(part) for part in (finding.path, finding.line, finding.column) if part is not None)
    key = f"{finding.key}: " if finding.key else ""
    yield escaped(f"{place}: {finding.severity}: {key}{finding.message} [{finding.rule}]")
    if reported.excerpt is not None and reported.excerpt.text.strip():
        yield f"  | {escaped(reported.excerpt.text)}"
        if reported.excerpt.caret is not None:
            yield f"  | {' ' * len(escaped(reported.excerpt.text[: reported.excerpt.caret]))}^"
    if finding.hint:
        yield f"  = {escaped(finding.hint)}"
