"""What a check found, for people: each finding with its line, every value of it hidden."""

from collections.abc import Iterator, Sequence

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.model.recipients import Resolution, Resolved
from eyamlgpg.operations.check.approvals import may_be_accepted
from eyamlgpg.operations.check.report import CheckReport, Reported
from eyamlgpg.render.findings.text import first_line, hint_lines
from eyamlgpg.render.words import MOST, counted, escaped

MOST_LINES = 10
"""Numbers of lines that are named of values of which the same is said."""

MOST_PATTERNS = 5
"""Patterns of the policy that the last line names."""

_ANYWAY = "commit all the same: git commit --no-verify"


def checked_as_text(checked: CheckReport) -> str:
    """`FILE:LINE:COLUMN: severity: KEY: message [rule]`, the line with a caret, and how to mend it.

    What is said alike of several values of a file, as of all of them when a reader left, is said once.
    """
    alike: dict[tuple[str | None, ...], list[Reported]] = {}
    for reported in checked.reported:
        finding = reported.finding
        said = (finding.path, finding.severity, finding.rule, finding.message, finding.hint)
        alike.setdefault(said, []).append(reported)
    return "".join(f"{line}\n" for first, *others in alike.values() for line in _lines(first, others))


def summary(checked: CheckReport) -> str:
    """How much was looked at, and what came of it, as a sentence."""
    found = _errors_and_warnings(checked.findings) if checked.findings else "nothing found"
    excepted = f", {checked.excepted:,} excepted" if checked.excepted else ""
    over = f", {counted(checked.passed_over, 'value')} passed over by the policy{_by(checked)}"
    over = over if checked.passed_over else ""
    return f"{counted(checked.files, 'file')}, {counted(checked.values, 'encrypted value')}: {found}{excepted}{over}"


def refusal(failing: Sequence[Finding]) -> str:
    """The last line of a commit that a hook refuses, with the ways out; nothing failed where it could not look."""
    if not failing:
        return f"commit refused: not everything could be checked; mend that, or {_ANYWAY}"
    them = "it" if len(failing) == 1 else "them"
    only_errors = all(finding.severity is Severity.ERROR for finding in failing)
    what = counted(len(failing), "error") if only_errors else _errors_and_warnings(failing)
    accept = f"accept {them} in the baseline: eyamlgpg check --update-baseline, or "
    return f"commit refused: {what}; mend {them}, or {accept if all(map(may_be_accepted, failing)) else ''}{_ANYWAY}"


def changes(checked: CheckReport) -> Iterator[str]:
    """Who may read by the recipients files that changed, and who no longer, with the full fingerprints."""
    for change in checked.changes:
        what = (
            "is gone, and named" if change.is_gone else "is new, and names" if change.is_new else "changes who may read"
        )
        yield f"{change.path}: {what}:"
        yield from (f"  + {_whom(one)}" for one in change.added)
        yield from (f"  - {_whom(one)}" for one in change.removed)


def new_exceptions(checked: CheckReport) -> Iterator[str]:
    """What is excepted now and was not in the last commit, with its place."""
    for one in checked.new_exceptions[:MOST]:
        place = one.path if one.line is None else f"{one.path}:{one.line}"
        yield f"{place}: a new exception: {one.what}"
    if len(checked.new_exceptions) > MOST:
        yield f"and {counted(len(checked.new_exceptions) - MOST, 'more new exception')}"


def _errors_and_warnings(findings: Sequence[Finding]) -> str:
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    return f"{counted(errors, 'error')}, {counted(len(findings) - errors, 'warning')}"


def _by(checked: CheckReport) -> str:
    """The patterns that silence most, each with its count."""
    named = ", ".join(f"{pattern} {count:,}" for pattern, count in checked.by_pattern[:MOST_PATTERNS] if pattern)
    return f" ({named}{', …' if len(checked.by_pattern) > MOST_PATTERNS else ''})" if named else ""


def _whom(resolution: Resolution) -> str:
    if isinstance(resolution, Resolved):
        return f"{resolution.key.user_id} {resolution.key.fingerprint}"
    return f"{resolution.recipient.shown} ({resolution.reason})"


def _lines(reported: Reported, others: Sequence[Reported]) -> Iterator[str]:
    yield first_line(reported.finding)
    if reported.excerpt is not None and reported.excerpt.text.strip():
        yield f"  | {escaped(reported.excerpt.text)}"
        if reported.excerpt.caret is not None:
            yield f"  | {' ' * len(escaped(reported.excerpt.text[: reported.excerpt.caret]))}^"
    if others:
        yield f"  … and {_on_lines(others)}"
    yield from hint_lines(reported.finding, "  =")


def _on_lines(others: Sequence[Reported]) -> str:
    lines = list(dict.fromkeys(reported.finding.line for reported in others))
    numbers = ", ".join(str(line) for line in lines[:MOST_LINES])
    more = len(lines) - MOST_LINES
    named = f"line {numbers}" if len(lines) == 1 else f"lines {numbers}"
    return f"{len(others):,} more like it, on {named}" + (f" and {more:,} others" if more > 0 else "")
