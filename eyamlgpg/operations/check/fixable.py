"""Which findings of a file can be mended by encrypting the value where it stands, and what to do about the others."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from eyamlgpg.errors import KeyPathError
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.formats.eyaml.tokens import find, find_wider
from eyamlgpg.formats.text import Lines
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.lookup import target_at
from eyamlgpg.formats.yaml.own_value import repeated_key
from eyamlgpg.formats.yaml.parse import locate
from eyamlgpg.formats.yaml.structure import MERGE_KEY, NotYaml, Scalar, Structure
from eyamlgpg.model.findings import Finding
from eyamlgpg.operations.check.hiera_data import OURS
from eyamlgpg.operations.values.in_place import ClearValue, clear_value
from eyamlgpg.rules.plaintext import (
    assignment,
    edit_marker,
    editor_leftover,
    near_marker,
    provider_token,
    url_credentials,
)
from eyamlgpg.rules.reading.clear import is_encrypted

PREFIX = "plaintext-"
"""Begins the ids of the rules about values in clear text."""

_BY_HAND = {
    editor_leftover.RULE.id: "the whole file is a copy that an editor left behind",
    edit_marker.RULE.id: "it is a marker",
    near_marker.RULE.id: "it only looks like a marker",
}
"""Rules whose values are not encrypted as they stand, and why."""

_ALONE = (provider_token.RULE.id, url_credentials.RULE.id)
"""Rules on the form of a value, which may be a part of a longer text."""


@dataclass(frozen=True, slots=True)
class Fixable:
    """A finding, and the value that can be encrypted where it stands."""

    finding: Finding
    value: ClearValue = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotFixable:
    """A finding that somebody has to mend by hand."""

    finding: Finding
    why: str
    hint: str | None


def sort_out(text: str, findings: Iterable[Finding]) -> Iterator[Fixable | NotFixable]:
    """Judge the findings on clear text of one file; of several findings on one value the first alone is given."""
    sorting = _Sorting(text, locate(text), Lines(text))
    seen = set()
    for finding in findings:
        judged = sorting.judged(finding)
        if isinstance(judged, Fixable):
            if judged.value.key in seen:
                continue
            seen.add(judged.value.key)
        yield judged


@dataclass(frozen=True, slots=True)
class _Sorting:
    text: str = field(repr=False)
    structure: Structure | NotYaml = field(repr=False)
    lines: Lines = field(repr=False)

    def judged(self, finding: Finding) -> Fixable | NotFixable:
        if finding.rule in _BY_HAND:
            return NotFixable(finding, _BY_HAND[finding.rule], finding.hint)
        if finding.path.startswith(OURS) or PurePosixPath(finding.path).name == RECIPIENTS_FILE:
            return NotFixable(finding, "nothing is decrypted in this file", "take it out by hand")
        if isinstance(self.structure, NotYaml):
            return NotFixable(
                finding,
                "the file cannot be read as YAML",
                "print the encrypted value with `eyamlgpg encrypt -p`, and put it there by hand",
            )
        if finding.line is None:
            return NotFixable(finding, "it has no place of its own", finding.hint)
        return self._in_yaml(finding, finding.line, self.structure)

    def _in_yaml(self, finding: Finding, line: int, structure: Structure) -> Fixable | NotFixable:
        offset = self.lines.start(line) + (finding.column or 1) - 1
        scalar = structure.scalar_around(offset, offset)
        if self.text.startswith("*", offset) and (scalar is None or scalar.start != offset):
            return NotFixable(finding, "it is an alias", "encrypt the value that it stands for")
        if scalar is None:
            return NotFixable(finding, "it stands in a comment, or in no value", "take it out by hand")
        reason = _reason(finding, scalar)
        if reason is not None:
            return NotFixable(finding, *reason)
        assert scalar.path is not None  # noqa: S101 - else there is a reason
        is_read = _is_read(structure, scalar.path, scalar)
        if repeated_key(structure, scalar.path) is not None:
            which = "this value alone" if is_read else "the other value"
            return NotFixable(
                finding, f"its key stands twice, and Puppet reads {which}", "take one of the two out by hand"
            )
        if not is_read:
            why = "Puppet finds another value at its key, by a merge key << or an alias"
            return NotFixable(finding, why, "take one of the two out by hand")
        try:
            value = clear_value(self.text, structure, scalar.path)
        except KeyPathError as error:
            # Its sentence names the key, which may be one that is not to be shown.
            return NotFixable(finding, "no encrypted value can be put there", error.hints[0] if error.hints else None)
        if value is None:
            return NotFixable(finding, "it is encrypted already", None)
        return Fixable(finding, value)


def _is_read(structure: Structure, path: KeyPath, scalar: Scalar) -> bool:
    """True if a scalar is the value that Puppet finds at its path."""
    try:
        return target_at(structure, path) is scalar
    except KeyPathError:
        return False


def _reason(finding: Finding, scalar: Scalar) -> tuple[str, str | None] | None:
    """Why a scalar is not to be encrypted as a whole, and what to do."""
    if scalar.is_key:
        return "it is a key, and Puppet decrypts no keys", "move it into a value by hand"
    if scalar.document:
        return "it stands in another document than the first, which Puppet does not read", "take it out by hand"
    if scalar.path is None:
        return "it stands inside of a key", "move it into a value by hand"
    if MERGE_KEY in scalar.path.segments:
        return "it stands inside of a merge key <<", "write its key below the << by hand"
    if any(is_encrypted(token) for token in (*find(scalar.value), *find_wider(scalar.value))):
        return "it stands beside an encrypted value", "write the rest as DEC::GPG[…]! in: eyamlgpg edit"
    if finding.rule == assignment.RULE.id or (finding.rule in _ALONE and len(scalar.value.split()) > 1):
        return "it stands inside a longer text", finding.hint
    return None
