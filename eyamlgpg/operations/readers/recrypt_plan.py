"""What `recrypt` would do: which values of which files are due, and why; told without any secret key."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError, RecipientError, flattened
from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.formats.text import decode
from eyamlgpg.model.governed import Governed
from eyamlgpg.model.messages import RecipientSubkeys
from eyamlgpg.operations.ports import Files
from eyamlgpg.operations.tree.drift import TextDrift, ValueDrift, judge
from eyamlgpg.operations.tree.governance import Governance
from eyamlgpg.operations.tree.selection import Selection, TreeFile
from eyamlgpg.operations.tree.tally import Tally

Digest = bytes
"""16 bytes that stand for one ciphertext."""


@dataclass(frozen=True, slots=True)
class RecryptRequest:
    """What is to be brought in line."""

    every: bool = False
    """Rewrite values that are in line, too, and make each message anew (`--all`)."""
    fresh: bool = False
    """Make a new message also where readers could be added to the old one (`--fresh`)."""
    default: Method | None = None
    governed_by: frozenset[Path] | None = None
    """Only what these recipients files, links resolved, govern; files under nested ones excepted."""
    moves_pkcs7: bool = False
    """Move the values of PKCS7 to GPG, and touch no others (`--from pkcs7`)."""


@dataclass(frozen=True, slots=True)
class FilePlan:
    """A file with values that are due; its text is not kept."""

    file: TreeFile
    governed: Governed
    due: int
    in_line: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is due in a run."""

    files: tuple[FilePlan, ...]
    looked_at: int
    """Files that hold values, due or not."""
    due: int
    in_line: int
    left_alone: int
    """Values of another method, which stay as they are."""
    pkcs7: int = 0
    """Of these, the values of PKCS7."""
    errors: tuple[EyamlgpgError, ...] = ()
    """Of whole files, of recipients files, and of single values that cannot be judged."""
    warnings: tuple[str, ...] = ()
    copies: Mapping[Digest, tuple[RecipientSubkeys, ...]] = field(default_factory=dict, repr=False)
    """Of each ciphertext that is due in several places everybody's readers, so that it is opened once."""


@dataclass(slots=True)
class _Stop:
    """What a list with an error holds up."""

    error: EyamlgpgError
    source: str
    first: str
    files: int = 0
    values: int = 0


@dataclass(slots=True)
class _Draft:
    """A plan in the making."""

    files: list[FilePlan] = field(default_factory=list)
    looked_at: int = 0
    in_line: int = 0
    left_alone: int = 0
    pkcs7: int = 0
    errors: list[EyamlgpgError] = field(default_factory=list)
    warnings: dict[str, None] = field(default_factory=dict)
    seen: dict[Digest, RecipientSubkeys] = field(default_factory=dict)
    copies: dict[Digest, tuple[RecipientSubkeys, ...]] = field(default_factory=dict)
    stopped: dict[int, _Stop] = field(default_factory=dict)

    def take(self, file: TreeFile, governed: Governed, judged: TextDrift, request: RecryptRequest) -> None:
        """Count one file."""
        self.looked_at += 1
        self.left_alone += judged.left_alone
        self.pkcs7 += judged.pkcs7
        self.errors += judged.errors
        if governed.error is not None:
            self._stop(file, governed, len(judged.values))
            return
        self.warnings |= dict.fromkeys(governed.warnings)
        due = [one for one in judged.values if is_due(one, request)]
        self.in_line += len(judged.values) - len(due)
        if due:
            tally = Tally()
            for one in due:
                if one.method is Method.GPG:
                    tally.add(one)
                self._note(one, governed)
            self.files.append(FilePlan(file, governed, len(due), len(judged.values) - len(due), tally))

    def _stop(self, file: TreeFile, governed: Governed, values: int) -> None:
        if values and governed.error is not None:
            stop = self.stopped.setdefault(id(governed), _Stop(governed.error, governed.source, file.name))
            stop.files += 1
            stop.values += values

    def _note(self, judged: ValueDrift, governed: Governed) -> None:
        """Remember the ciphertext, and once it stands in a second place, everybody who is to read it anew."""
        known, readers = digest(judged.message), governed.subkeys
        if known not in self.seen:
            self.seen[known] = readers
            return
        so_far = self.copies.get(known, (self.seen[known],))
        self.copies[known] = so_far if readers in so_far else (*so_far, readers)


def digest(message: bytes) -> Digest:
    """What two copies of a ciphertext have in common, and nothing else has."""
    return blake2b(message, digest_size=16).digest()


def is_due(judged: ValueDrift, request: RecryptRequest) -> bool:
    """Whether a value is to be encrypted anew."""
    if request.moves_pkcs7:
        return judged.method is Method.PKCS7
    return request.every or not judged.is_in_line


def make_plan(selection: Selection, request: RecryptRequest, governance: Governance, files: Files) -> Plan:
    """Read every file once and judge its values; what is wrong with one file or list stops that part alone."""

    def governs(folder: Path) -> bool:
        return request.governed_by is None or governance.of(folder).real in request.governed_by

    passed_over = [one.warning("eyamlgpg recrypt") for one in selection.passed_over if governs(one.path)]
    draft = _Draft(errors=list(selection.errors), warnings=dict.fromkeys([*selection.warnings, *passed_over]))
    for file in selection.files:
        try:
            text = decode(files.read(file.path))
        except EyamlgpgError as error:
            draft.errors.append(error)
            continue
        governed = governance.of(file.path.parent)
        if file.counts(text) and governs(file.path.parent):
            judged = judge(text, file.name, governed.judged_by, request.default, moves_pkcs7=request.moves_pkcs7)
            if judged.values or judged.left_alone or judged.errors:
                draft.take(file, governed, judged, request)
    return Plan(
        files=tuple(draft.files),
        looked_at=draft.looked_at,
        due=sum(planned.due for planned in draft.files),
        in_line=draft.in_line,
        left_alone=draft.left_alone,
        pkcs7=draft.pkcs7,
        errors=(*draft.errors, *_stopped(draft.stopped.values())),
        warnings=(*draft.warnings, *(_shut_out(draft.files) if governance.knows_own_keys else ())),
        copies=draft.copies,
    )


def _stopped(stops: Iterable[_Stop]) -> Iterator[EyamlgpgError]:
    for stop in stops:
        yield from flattened([stop.error])
        yield RecipientError(
            f"{stop.source}: {_counted(stop.values, 'value')} in {_counted(stop.files, 'file')} left as before, the "
            f"first in {stop.first}"
        )


def _shut_out(planned: Iterable[FilePlan]) -> Iterator[str]:
    """A warning for each list whose values this user will not be able to read."""
    due: dict[int, tuple[Governed, int]] = {}
    for one in planned:
        _, before = due.get(id(one.governed), (one.governed, 0))
        due[id(one.governed)] = (one.governed, before + one.due)
    for governed, values in due.values():
        if governed.error is None and not any(reader.key.has_secret for reader in governed.readers):
            yield (
                f"{governed.source}: names nobody whose secret key is here, so you cannot read its "
                f"{_counted(values, 'value')} once encrypted anew"
            )


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
