"""What the methods of `Repository` return: frozen values that keep their fields under semantic versioning.

Fields are given by keyword, so a later minor version may add some. Nothing here holds a plaintext.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from eyamlgpg.model.findings import Severity


class Access(StrEnum):
    """How somebody stands to one value; the words are those of `eyamlgpg who --format csv`."""

    READER = "reader"
    """Can read it, and should as far as the recipients are known."""
    UNEXPECTED = "unexpected"
    """Can read it, and should not."""
    STALE = "stale"
    """Should read it, and the value names an older subkey of theirs."""
    UNKNOWN = "unknown"
    """Can read it; their key is not on the keyring."""
    HIDDEN = "hidden"
    """Can read it; the message does not say who it is."""
    PASSPHRASE = "passphrase"  # noqa: S105 - a word
    """Anybody who has the passphrase can read it."""
    MISSING = "missing"
    """Should read it, and cannot."""


class Before(StrEnum):
    """What stood at a key before a value was set."""

    NO_FILE = "no-file"
    """The file was made."""
    NO_KEY = "no-key"
    """The key was made, with its parents."""
    VALUE = "value"
    """A value, which was replaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who can or should read a value."""

    access: Access
    """Whether they can read it, and whether they should."""
    user_id: str | None
    """The name and address on their key; None where the key is not known."""
    fingerprint: str | None
    """Of their primary key; None where the key is not known."""
    key_id: str | None
    """Of the (sub)key that the value names, or should name; None for hidden readers and passphrases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One encrypted value, and who can read it."""

    file: Path
    """From the repository's path; absolute where the file stands elsewhere."""
    line: int
    """From 1."""
    key: str | None
    """The Hiera key path; None in a comment, and where the file is not YAML."""
    readers: tuple[Reader, ...]
    """Who can read it, then who should and cannot."""
    in_line: bool | None
    """Whether exactly those can read it who should; None where its recipients cannot be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoResult:
    """The values that were asked about."""

    values: tuple[Value, ...]
    """By file, then by line."""
    warnings: tuple[str, ...]
    """What was passed over, and what is wrong with recipients files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetResult:
    """What came of setting a value."""

    before: Before
    """What stood at the key."""
    readers: tuple[Reader, ...]
    """Everybody who can read the new value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that somebody should look at; the fields are those of `eyamlgpg check --format json`."""

    rule: str
    """The rule's id, which keeps its meaning for good: `recipient-expired`."""
    severity: Severity
    """As the rule has it."""
    path: str
    """From the root of the tree."""
    line: int | None
    """From 1; None where the whole file is meant."""
    column: int | None
    """From 1; None where the whole line is meant."""
    key: str | None
    """The Hiera key path; None where no value is meant, or where it is not known."""
    message: str
    """What is wrong, in one sentence; never a value."""
    hint: str | None
    """How to mend it; several steps or ways stand on lines of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What a check found."""

    root: Path
    """The root of the tree, from which the findings' paths are told."""
    findings: tuple[Finding, ...]
    """Without those that an exception or the baseline accepts."""
    failing: tuple[Finding, ...]
    """Those that fail the check by the policy of the tree: with any, `eyamlgpg check` ends with status 1."""
    files: int
    """How many files were looked into."""
    values: int
    """How many encrypted values they hold."""
    accepted: int
    """How many findings an exception or the baseline accepts."""
    warnings: tuple[str, ...]
    """What was passed over, and why."""
