"""`who`: the people who can read each value, told from the ciphertext alone, and how they differ from its list."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError, RecipientError
from eyamlgpg.formats.eyaml.methods import Method, method_of
from eyamlgpg.formats.eyaml.values import Scan, find_values
from eyamlgpg.formats.text import decode
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.model.access import readers
from eyamlgpg.model.governed import Governed
from eyamlgpg.model.keys import HIDDEN_KEY_ID, KeyId
from eyamlgpg.operations.ports import Files
from eyamlgpg.operations.readers.access import AccessReport, AccessRequest, FileAccess, Readers, ValueAccess
from eyamlgpg.operations.readers.unmatched import Unmatched
from eyamlgpg.operations.tree.drift import TextDrift, ValueDrift, judge_scan
from eyamlgpg.operations.tree.governance import Governance
from eyamlgpg.operations.tree.selection import Selection, TreeFile


def report_access(
    selection: Selection,
    request: AccessRequest,
    governance: Governance,
    files: Files,
    recipients_files: Callable[[], Iterable[Path]] = tuple,
) -> AccessReport:
    """Read every file once and say who can read its values.

    `recipients_files` gives all of the tree, and is asked only where a value may be a copy from another folder.
    """
    run = _Run(request, governance, recipients_files)
    errors = list(selection.errors)
    for file in selection.files:
        try:
            run.look(file, decode(files.read(file.path)))
        except EyamlgpgError as error:
            errors.append(error)
    passed_over = (one.warning("eyamlgpg who") for one in selection.passed_over)
    return AccessReport(
        files=tuple(run.files),
        looked_at=run.looked_at,
        in_line=run.in_line,
        drifted=run.drifted,
        unjudged=run.unjudged,
        left_alone=run.left_alone,
        errors=(*errors, *run.errors),
        policy_errors=tuple(run.policy_errors.values()),
        warnings=(*selection.warnings, *passed_over, *run.warnings),
        unmatched=None if errors or run.errors else run.unmatched(),
    )


class _Run:
    """One report in the making."""

    def __init__(
        self, request: AccessRequest, governance: Governance, recipients_files: Callable[[], Iterable[Path]]
    ) -> None:
        self._request = request
        self._governance = governance
        self._recipients_files = recipients_files
        self._others: tuple[Governed, ...] | None = None
        self._unmatched = Unmatched(request.person_name if request.person is not None else None, request.key)
        self._readers: dict[tuple[KeyId, ...], Readers] = {}
        self.files: list[FileAccess] = []
        self.errors: list[EyamlgpgError] = []
        self.policy_errors: dict[int, EyamlgpgError] = {}
        self.warnings: dict[str, None] = {}
        self.looked_at = self.in_line = self.drifted = self.unjudged = self.left_alone = 0

    def look(self, file: TreeFile, text: str) -> None:
        """Take one file in."""
        if not file.counts(text):
            return
        governed = self._governance.of(file.path.parent)
        scan = find_values(text, with_paths=False)
        judged = judge_scan(text, scan, file.name, governed.judged_by, self._request.default)
        self.errors += judged.errors
        asked, left_alone = self._asked_for(text, judged)
        self.left_alone += left_alone
        self.looked_at += bool(asked or left_alone or judged.errors)
        if not asked:
            return
        if governed.error is not None:
            self.policy_errors.setdefault(id(governed), governed.error)
        else:
            self.warnings |= dict.fromkeys(governed.warnings)
        for one in asked:
            self.unjudged += one.drift is None
            self.in_line += one.is_in_line
            self.drifted += one.drift is not None and not one.is_in_line
        values = tuple(self._access(text, asked, governed))
        if values:
            self.files.append(FileAccess(file.name, governed, values))

    def unmatched(self) -> RecipientError | None:
        """The error for a person or a key that no value has."""
        if self.in_line or self.drifted or self.unjudged or self.left_alone:
            return None
        return self._unmatched.error(self._governance.resolver.index)

    def _asked_for(self, text: str, judged: TextDrift) -> tuple[Sequence[ValueDrift], int]:
        """The values of the person and at the key, and how many of another method stand at the key."""
        key = self._request.key
        values: Sequence[ValueDrift] = judged.values
        left_alone = judged.left_alone
        if key is not None and (values or left_alone):
            every = find_values(text).values
            self._unmatched.add_paths(value.path for value in every)
            there = {value.token.start for value in every if _is_at(value.path, key)}
            values = [one for one in values if one.value.token.start in there]
            left_alone = sum(
                value.token.start in there and method_of(value.token, self._request.default) is Method.PKCS7
                for value in every
            )
        if self._request.person is not None:
            self._unmatched.add_readers(key_id for one in values for key_id in one.told.key_ids)
            values = [one for one in values if self._is_theirs(one, self._request.person)]
        return values, left_alone

    def _access(self, text: str, asked: Sequence[ValueDrift], governed: Governed) -> Iterator[ValueAccess]:
        everything = not self._request.only_drift
        chosen = [one for one in asked if everything or (one.drift is not None and not one.is_in_line)]
        if not chosen:
            return
        scan = find_values(text)
        paths = _paths(scan)
        for one in chosen:
            yield ValueAccess(
                line=one.value.line,
                path=paths[one.value.token.start],
                readers=self._readers_of(one.told.key_ids),
                passphrase=one.told.symmetric,
                drift=one.drift,
                copied_from=() if one.drift is None or one.is_in_line else self._copied_from(one, governed),
            )

    def _is_theirs(self, one: ValueDrift, person: frozenset[KeyId]) -> bool:
        named = {*one.told.key_ids}
        # A hidden reader may be anybody.
        if named & person or HIDDEN_KEY_ID in named:
            return True
        return one.drift is not None and any(missing.subkey.key_id in person for missing in one.drift.missing)

    def _readers_of(self, key_ids: tuple[KeyId, ...]) -> Readers:
        if key_ids not in self._readers:
            self._readers[key_ids] = readers(key_ids, self._governance.resolver.index)
        return self._readers[key_ids]

    def _copied_from(self, one: ValueDrift, governed: Governed) -> tuple[Path, ...]:
        if self._others is None:
            self._others = tuple(self._governance.of(file.parent) for file in sorted(set(self._recipients_files())))
        return tuple(
            other.path
            for other in self._others
            if other is not governed
            and other.path is not None
            and other.judged_by is not None
            and other.judged_by.drift(one.told.key_ids).is_clean
        )


def _paths(scan: Scan) -> dict[int, KeyPath | None]:
    return {value.token.start: value.path for value in scan.values}


def _is_at(path: KeyPath | None, wanted: KeyPath) -> bool:
    """Whether a value stands at a path or further in; a segment of digits is an index, or a key of those digits."""
    if path is None or len(path.segments) < len(wanted.segments):
        return False
    return all(
        here == asked or (isinstance(asked, int) and here == str(asked))
        for here, asked in zip(path.segments, wanted.segments, strict=False)
    )
