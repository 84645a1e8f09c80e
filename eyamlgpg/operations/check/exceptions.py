"""Exceptions that were not there in the last commit: nothing wrong, but to be seen, as changes of readers are."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eyamlgpg.errors import ConfigError, EyamlgpgError
from eyamlgpg.formats.settings import baseline
from eyamlgpg.formats.settings import policy as policy_format
from eyamlgpg.formats.settings.baseline import BASELINE_FILE, Accepted
from eyamlgpg.formats.text import decode
from eyamlgpg.model.findings import Severity
from eyamlgpg.model.policy import ClearText, Policy
from eyamlgpg.operations.tree.settings import POLICY
from eyamlgpg.operations.tree_ports import CheckedTree
from eyamlgpg.rules.reading import exceptions
from eyamlgpg.rules.reading.exceptions import Allowance
from eyamlgpg.rules.reading.subject import Subject


@dataclass(frozen=True, slots=True)
class NewException:
    """Something that is passed over from this change on."""

    path: str
    line: int | None
    what: str
    """What is excepted: never a reason, which may hold anything."""


def in_file(subject: Subject, before: str | None, *, is_new_file: bool) -> Iterator[NewException]:
    """The comments of a file that except something and did not in the last commit, each by its rules and its key."""
    made = [one for one in exceptions.allowances(subject) if one.counts]
    if not made or (before is None and not is_new_file):
        return
    old = () if before is None else _named(Subject.skim(subject.path, before))
    left = Counter(old)
    for allowance, name in zip(made, _names(subject, made), strict=True):
        if left[name]:
            left[name] -= 1
        else:
            rules = "clear text, for other scanners" if allowance.is_foreign else ", ".join(sorted(allowance.rules))
            yield NewException(subject.path, allowance.place.line, rules)


def in_settings(
    tree: CheckedTree, entries: Sequence[Accepted] | None, policy: Policy | None, *, is_next_commit: bool
) -> Iterator[NewException]:
    """What baseline and policy pass over that they did not; `entries` is None where another baseline is named."""
    changed = frozenset(tree.chosen()) if is_next_commit else frozenset()
    text = tree.before(BASELINE_FILE)
    if entries is not None and (text is not None or BASELINE_FILE in changed):
        accepted = Counter({entry.identity: entry.count for entry in _entries(text)})
        for entry in entries:
            if entry.count > accepted[entry.identity]:
                where = f"{entry.file}, {entry.key}" if entry.key else entry.file
                yield NewException(BASELINE_FILE, entry.line, f"{entry.rule} in {where}")
    path = POLICY.as_posix()
    text = tree.before(path)
    if policy is not None and (text is not None or path in changed):
        before = _policy(text)
        yield from (NewException(path, None, what) for what in _wider(before.clear_text, policy.clear_text))
        if before.fail_on is Severity.WARNING and policy.fail_on is not Severity.WARNING:
            yield NewException(path, None, "warnings no longer fail")
        if before.reports_pkcs7 and not policy.reports_pkcs7:
            yield NewException(path, None, "values of PKCS7")


def _wider(before: ClearText, now: ClearText) -> Iterator[str]:
    yield from (f"keys called harmless: {one}" for one in now.harmless if one not in before.harmless)
    yield from (f"keys no longer called secret: {one}" for one in before.secret if one not in now.secret)
    if before.report_password_hashes and not now.report_password_hashes:
        yield "hashes of passwords"


def _names(subject: Subject, made: Sequence[Allowance]) -> list[tuple[frozenset[str], bool, str]]:
    lines = subject.text.split("\n")
    covered = (lines[one.line - 1] if 0 < one.line <= len(lines) else "" for one in made)
    keys = (line.partition(": ")[0] for line in covered)
    return [(one.rules, one.is_foreign, key.strip()) for one, key in zip(made, keys, strict=True)]


def _named(subject: Subject) -> list[tuple[frozenset[str], bool, str]]:
    return _names(subject, [one for one in exceptions.allowances(subject) if one.counts])


def _entries(content: bytes | None) -> Sequence[Accepted]:
    try:
        return baseline.parse(decode(content or b""), BASELINE_FILE)
    except ConfigError:
        return ()


def _policy(content: bytes | None) -> Policy:
    """The policy as it was; of one that was broken, nothing."""
    path = POLICY.as_posix()
    try:
        return policy_format.parse(decode(content), path) if content else Policy(path)
    except EyamlgpgError:
        return Policy(path)
