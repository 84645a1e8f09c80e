"""Exceptions that a file makes for itself, in comments: `# eyamlgpg: allow RULE -- reason`.

A comment behind a value covers its own line, and all of a block that begins there; one on a line of its own covers the
next line that is no comment. The pragmas of detect-secrets and gitleaks are honoured for the rules on clear text.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from eyamlgpg.formats.yaml.structure import BLOCK_STYLES
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import GUARDS, Place, Rule

STALE = Rule(
    id="exception-stale",
    severity=Severity.WARNING,
    title="an exception that excepts nothing",
    why="A comment or an entry of `.eyamlgpg/baseline.yaml` allows a finding that is not there (any more). Left in, it "
    "would let the next one through.",
    example="profile::db::host: db1  # eyamlgpg: allow plaintext-key-name -- was a password once\n",
    mend="Take the comment out. For the baseline: `eyamlgpg check --update-baseline`.",
)
UNEXPLAINED = Rule(
    id="exception-unexplained",
    severity=Severity.ERROR,
    title="an exception without a reason, or for a rule that does not exist",
    why="An exception counts only with a reason behind `--`, for the person who reads it in a year, and only for rules "
    "that exist.",
    example="demo::password: demo  # eyamlgpg: allow plaintext-key-name\n",
    mend="Say why: `# eyamlgpg: allow plaintext-key-name -- public test account`. `eyamlgpg check` names the "
    "rule of each finding in brackets.",
)
MISPLACED = Rule(
    id="exception-misplaced",
    severity=Severity.ERROR,
    title="an exception in the file itself for a rule about who can read",
    why="Whoever may change a file could hide behind its values, far to the right, that somebody else can read them. "
    "So rules about access, recipients, tiers and certification are excepted in `.eyamlgpg/baseline.yaml` alone, where "
    "each exception stands on lines of its own and is reviewed. The comment counts for nothing; what it was to hide is "
    "reported.",
    example="profile::db::password: ENC[GPG,hQEMA…]  # eyamlgpg: allow access-unexpected -- migration\n",
    mend="Take the comment out, and mend what is reported. If it must be accepted: `eyamlgpg check --update-baseline`, "
    "then give the new entry its reason.",
)

_BREAKS = "\n\r\x85\u2028\u2029"
"""What ends a line, and with it a comment, for YAML 1.1 (5.4); for git and for editors it is LF."""
_HIDDEN_BREAK = re.compile("[\x85\u2028\u2029]|\r(?!\\Z)")
NO_LINE = -1

_ALLOW = re.compile(rf"#[ \t]*eyamlgpg:[ \t]*allow\b[ \t]*((?:[^{_BREAKS}#]++|#(?![ \t]*eyamlgpg:))*)")
_TERMS = re.compile(r"([a-z0-9-]+(?:[ \t]*,[ \t]*[a-z0-9-]+)*)[ \t]*(?:--[ \t]*(\S.*))?")
_FOREIGN = re.compile(rf"#[^{_BREAKS}#]*?(?:pragma: ?(?:allow|white)list( nextline)? secret|gitleaks:allow)")


@dataclass(frozen=True, slots=True)
class Allowance:
    """One exception: which rules are allowed on which line."""

    place: Place
    line: int
    """The line that it covers, or `NO_LINE`."""
    rules: frozenset[str]
    reason: str | None
    is_foreign: bool = False
    """Whether it is another scanner's pragma, which covers all rules on clear text."""

    @property
    def counts(self) -> bool:
        """Whether it can except anything: it gives a reason, and a rule that a file may except for itself."""
        return self.is_foreign or (self.reason is not None and not all(rule.startswith(GUARDS) for rule in self.rules))

    def covers(self, finding: Finding) -> bool:
        """Whether it allows a finding of its line."""
        if self.is_foreign:
            return finding.rule.startswith("plaintext-")
        if finding.rule.startswith(GUARDS):
            return False
        return self.reason is not None and finding.rule in self.rules


def allowances(subject: Subject) -> tuple[Allowance, ...]:
    """The exceptions in a file's comments, in order."""
    found: list[Allowance] = []
    has_own, has_foreign = "eyamlgpg:" in subject.text, "secret" in subject.text or "gitleaks" in subject.text
    covered = _covered(subject.text) if has_own or has_foreign else ()
    if has_own:
        found += [
            _own(subject, match, covered) for match in _ALLOW.finditer(subject.text) if _is_comment(subject, match)
        ]
    if has_foreign:
        found += [
            _foreign(subject, match, covered)
            for match in _FOREIGN.finditer(subject.text)
            if _is_comment(subject, match)
        ]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Applied:
    """Findings after exceptions."""

    findings: tuple[Finding, ...]
    """What is left, what is wrong with the exceptions included."""
    allowed: int


def apply(subject: Subject, findings: Sequence[Finding], known: Collection[str]) -> Applied:
    """Take out what a file allows, and report exceptions that are stale, unexplained or for no rule there is."""
    made = allowances(subject)
    if not made:
        return Applied(tuple(findings), 0)
    by_line: dict[int, list[Allowance]] = {}
    for allowance in made:
        by_line.setdefault(allowance.line, []).append(allowance)
    headers = _headers(subject)
    lines = [headers.get(finding.line or 0, finding.line or 0) for finding in findings]
    with_lines = tuple(zip(findings, lines, strict=True))
    left = [finding for finding, line in with_lines if not any(one.covers(finding) for one in by_line.get(line, ()))]
    there = {(finding.rule, line) for finding, line in with_lines}
    wrong = [finding for allowance in made for finding in _wrong(allowance, there, known)]
    return Applied((*left, *wrong), len(findings) - len(left))


def _headers(subject: Subject) -> dict[int, int]:
    """Of each line in a block the one where the block begins: no comment can stand in between."""
    blocks = (one for one in (subject.structure.scalars if subject.structure else ()) if one.style in BLOCK_STYLES)
    return {line: one.line for one in blocks for line in range(one.line + 1, subject.lines.line(one.end) + 1)}


def _wrong(allowance: Allowance, there: Collection[tuple[str, int]], known: Collection[str]) -> Iterator[Finding]:
    if allowance.is_foreign:
        return
    unknown = sorted(rule for rule in allowance.rules if rule not in known)
    if not allowance.rules or allowance.reason is None:
        message = "this exception gives no reason, so it does not count"
        yield UNEXPLAINED.finding(allowance.place, message, "write: # eyamlgpg: allow RULE -- why")
    elif unknown:
        message = f"this exception is for a rule that does not exist: {', '.join(unknown)}"
        yield UNEXPLAINED.finding(allowance.place, message, "docs/reference/rules lists them all")
    for rule in sorted(allowance.rules - set(unknown)):
        if rule.startswith(GUARDS):
            message = f"this exception does not count: {rule} can be excepted in the baseline alone"
            yield MISPLACED.finding(allowance.place, message, "take the comment out, and mend what is reported")
        elif (rule, allowance.line) not in there:
            message = f"this exception is stale: {rule} finds nothing here"
            yield STALE.finding(allowance.place, message, "take the comment out")


def _own(subject: Subject, match: re.Match[str], covered: Sequence[int]) -> Allowance:
    terms = _TERMS.fullmatch(match[1].strip())
    rules = frozenset(name.strip() for name in terms[1].split(",")) if terms else frozenset()
    place = subject.place(match.start())
    return Allowance(place, _line(place, covered), rules, terms[2] if terms else None)


def _foreign(subject: Subject, match: re.Match[str], covered: Sequence[int]) -> Allowance:
    place = subject.place(match.start())
    line = _line(place, covered)
    if match[1] and line == place.line:
        line += 1
    return Allowance(place, line, frozenset(), None, is_foreign=True)


def _covered(text: str) -> tuple[int, ...]:
    """Of each line which one a comment on it covers: its own, or for a comment alone the next line that is none."""
    lines = text.split("\n")
    covered = [len(lines) + 1]
    for number in range(len(lines), 0, -1):
        line = lines[number - 1]
        if _HIDDEN_BREAK.search(line):  # more than the eye sees stands on it
            covered.append(NO_LINE)
        else:
            covered.append(covered[-1] if line.lstrip().startswith("#") else number)
    return tuple(reversed(covered))[:-1]


def _line(place: Place, covered: Sequence[int]) -> int:
    assert place.line is not None  # noqa: S101 - it is the place of a comment
    return covered[place.line - 1]


def _is_comment(subject: Subject, match: re.Match[str]) -> bool:
    """Whether the `#` begins a comment rather than standing in a value; behind a block's header it does."""
    if subject.structure is None:
        return True
    scalar = subject.structure.scalar_around(match.start(), match.start() + 1)
    return scalar is None or (scalar.style in BLOCK_STYLES and subject.lines.line(match.start()) == scalar.line)
