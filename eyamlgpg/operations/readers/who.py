"""`who`: the people who can read each value, told from the ciphertext alone, and how they differ from its list."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError, RecipientError
from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.formats.eyaml.values import Scan, find_values
from eyamlgpg.formats.text import decode
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.model.access import AccessDrift, HiddenReader, Reader, UnknownReader, readers
from eyamlgpg.model.claimed_names import without_claims
from eyamlgpg.model.governed import Governed
from eyamlgpg.model.keys import HIDDEN_KEY_ID, KeyId
from eyamlgpg.model.matching import Form, Identifier, KeyNames
from eyamlgpg.operations.ports import Files, Keyring
from eyamlgpg.operations.tree.drift import Judged, judge_scan
from eyamlgpg.operations.tree.governance import Governance
from eyamlgpg.operations.tree.selection import Selection, TreeFile

Readers = tuple[Reader | UnknownReader | HiddenReader, ...]


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """Which values are asked about; all that are given must hold."""

    default: Method | None = None
    person: frozenset[KeyId] | None = None
    """Key IDs of one person: only values that they can read, or should and cannot."""
    key: KeyPath | None = None
    """Only values at this key path or further in."""
    only_drift: bool = False
    """Only values that are not in line (`--check`)."""


@dataclass(frozen=True, slots=True)
class ValueAccess:
    """Who can read one value."""

    line: int
    path: KeyPath | None
    """None in a comment, and where the file is not YAML."""
    readers: Readers
    """In the order of the message."""
    passphrase: bool
    """Whether a passphrase opens it, too."""
    drift: AccessDrift | None
    """None where the recipients that govern the file are not known."""
    copied_from: tuple[Path, ...] = ()
    """Other recipients files whose readers are exactly those of a value that is not in line."""

    @property
    def is_in_line(self) -> bool:
        """Readable by exactly those who should."""
        return self.drift is not None and self.drift.is_clean and not self.passphrase


@dataclass(frozen=True, slots=True)
class FileAccess:
    """The values of one file that were asked for."""

    name: str
    governed: Governed
    values: tuple[ValueAccess, ...]


@dataclass(frozen=True, slots=True)
class AccessReport:
    """Who can read the values of a tree."""

    files: tuple[FileAccess, ...]
    """Those with values that were asked for."""
    looked_at: int
    """Files that hold values."""
    in_line: int
    drifted: int
    """Values that differ from their lists; both count all values, asked for or not."""
    unjudged: int
    """Values whose recipients are not known."""
    left_alone: int
    """Values of another method."""
    errors: tuple[EyamlgpgError, ...] = ()
    policy_errors: tuple[EyamlgpgError, ...] = ()
    """What is wrong with recipients files: it matters where values are held against them."""
    warnings: tuple[str, ...] = ()


def find_person(name: str, keyring: Keyring) -> frozenset[KeyId]:
    """Every key ID of the person whom a name means, by the rules for recipients.

    A fingerprint or key ID that is not on the keyring stands for itself: its owner may be among the unknown readers.
    Two keys of one address are one person's, but for one on which nobody certified it while the other has it certified.
    Raises RecipientError for a name that means nobody, or a part of several.
    """
    found = KeyNames(keyring.keys()).find(name)
    identifier = Identifier.read(name)
    if not found.matches and identifier is not None and found.form is not Form.SHORT_KEY_ID:
        return frozenset({KeyId(identifier.digits[-16:])})
    if not found.matches:
        raise RecipientError(f"{name}: no such key on the keyring", "`eyamlgpg keys list` lists them all")
    matches = without_claims(found.matches)
    if found.form is Form.PART and len(matches) > 1:
        listed = (f"{match.key.fingerprint}  {match.key.user_id}" for match in matches)
        raise RecipientError(f"{name}: is a part of the names of {len(matches)} keys", *listed)
    return frozenset(
        part.key_id for match in matches for part in ((match.forced,) if match.forced is not None else match.key.parts)
    )


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
        self.left_alone += judged.left_alone
        self.looked_at += bool(judged.values or judged.left_alone or judged.errors)
        if not judged.values:
            return
        if governed.error is not None:
            self.policy_errors.setdefault(id(governed), governed.error)
        else:
            self.warnings |= dict.fromkeys(governed.warnings)
        for one in judged.values:
            self.unjudged += one.drift is None
            self.in_line += one.is_in_line
            self.drifted += one.drift is not None and not one.is_in_line
        values = tuple(self._access(text, judged.values, governed))
        if values:
            self.files.append(FileAccess(file.name, governed, values))

    def _access(self, text: str, judged: Sequence[Judged], governed: Governed) -> Iterator[ValueAccess]:
        chosen = [one for one in judged if self._is_asked_for(one)]
        if not chosen:
            return
        scan = find_values(text)
        paths = _paths(scan)
        for one in chosen:
            path = paths[one.value.token.start]
            if self._request.key is not None and not _is_at(path, self._request.key):
                continue
            yield ValueAccess(
                line=one.value.line,
                path=path,
                readers=self._readers_of(one.told.key_ids),
                passphrase=one.told.symmetric,
                drift=one.drift,
                copied_from=() if one.drift is None or one.is_in_line else self._copied_from(one, governed),
            )

    def _is_asked_for(self, one: Judged) -> bool:
        if self._request.only_drift and (one.drift is None or one.is_in_line):
            return False
        person = self._request.person
        if person is None:
            return True
        named = {*one.told.key_ids}
        # A hidden reader may be anybody.
        if named & person or HIDDEN_KEY_ID in named:
            return True
        return one.drift is not None and any(missing.subkey.key_id in person for missing in one.drift.missing)

    def _readers_of(self, key_ids: tuple[KeyId, ...]) -> Readers:
        if key_ids not in self._readers:
            self._readers[key_ids] = readers(key_ids, self._governance.resolver.index)
        return self._readers[key_ids]

    def _copied_from(self, one: Judged, governed: Governed) -> tuple[Path, ...]:
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
