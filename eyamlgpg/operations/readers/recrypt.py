"""`recrypt`: bring the values of a tree in line with their recipients files, touching only what must change.

The plan says which files have values that are due. Here each of them is read again, its messages are handed to the
recrypter, and it is replaced once all of them are back: whole, and verified before. A few files are under way at a
time, so memory does not grow with the tree, and a run that is cut short is taken up by the next one, since what is
due is found out anew.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from eyamlgpg.errors import EyamlgpgError, FormatError, OversizedPlaintext
from eyamlgpg.formats.eyaml import tokens
from eyamlgpg.formats.eyaml.values import Scan, find_values
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.formats.splice import Edit, splice
from eyamlgpg.formats.text import decode, encode
from eyamlgpg.model import limits
from eyamlgpg.model.messages import Order, RecipientSubkeys, Recrypted
from eyamlgpg.operations.ports import Files, Recrypter
from eyamlgpg.operations.readers.recrypt_plan import Digest, FilePlan, Plan, RecryptRequest, digest, is_due
from eyamlgpg.operations.shown import where
from eyamlgpg.operations.tree.drift import ValueDrift, judge_scan
from eyamlgpg.operations.values.proof import Rewritten, prove


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come."""

    values: int
    """Encrypted anew, or given up with an error."""
    written: int = 0
    """Of the values those that are in place, their file replaced."""
    files: int = 0
    """Files that are done."""


@dataclass(frozen=True, slots=True)
class FileRecrypted:
    """What became of one file; its errors are with those of the run."""

    name: str
    rewritten: int
    failed: int


@dataclass(frozen=True, slots=True)
class Recryption:
    """What became of a run."""

    plan: Plan
    files: tuple[FileRecrypted, ...]
    errors: tuple[EyamlgpgError, ...]
    """Those of the plan, then those of values and files."""
    verified: int = 0
    """Values that were opened again and held the same (`--verify`)."""
    unverified: int = 0
    """Values that were to be opened again, but are not for us to read."""

    @property
    def rewritten(self) -> int:
        """How many values were encrypted anew."""
        return sum(file.rewritten for file in self.files)


@dataclass(slots=True)
class _Result:
    """What is to come for one ciphertext: for everybody who is to read a copy of it."""

    recipient_sets: tuple[RecipientSubkeys, ...]
    recrypted: Recrypted | None = None
    size: int = 0
    """Bytes in the new messages."""
    is_shared: bool = False
    """Whether it is kept for copies in files to come."""


@dataclass(slots=True)
class _OpenFile:
    """A file whose values are under way."""

    plan: FilePlan
    content: bytes = field(repr=False)
    text: str = field(repr=False)
    scan: Scan
    due: Sequence[ValueDrift]
    results: list[_Result]

    settled: int = 0
    """How many results, from the first on, are known to be here."""

    def is_complete(self) -> bool:
        """Whether every value was ordered and every result is here."""
        while self.settled < len(self.results) and self.results[self.settled].recrypted is not None:
            self.settled += 1
        return self.settled == len(self.due)

    def outcomes(self) -> list[tuple[_Result, Recrypted]]:
        """The results that are here."""
        return [(result, result.recrypted) for result in self.results if result.recrypted is not None]


def recrypt(
    plan: Plan,
    request: RecryptRequest,
    files: Files,
    recrypter: Recrypter,
    watch: Callable[[Progress], None] = lambda _progress: None,
) -> Recryption:
    """Carry out a plan. A value that cannot be opened stays as it is and is among the errors; the others are done."""
    run = _Run(plan, request, files, watch)
    with closing(recrypter.recrypt_many(run.orders())) as results:
        for recrypted in results:
            run.take(recrypted)
    run.finish_complete()
    return Recryption(plan, tuple(run.done), (*plan.errors, *run.errors), run.verified, run.unverified)


class _Run:
    """The files that are under way, in order, and what came of those that were."""

    def __init__(self, plan: Plan, request: RecryptRequest, files: Files, watch: Callable[[Progress], None]) -> None:
        self._plan = plan
        self._request = request
        self._files = files
        self._watch = watch
        self._open: deque[_OpenFile] = deque()
        self._ordered: deque[_Result] = deque()
        self._copies: dict[Digest, _Result] = {}
        self._held = 0
        """Bytes in the new messages that wait for their file, or for a copy in another file."""
        self._back = 0
        self._written = 0
        self.done: list[FileRecrypted] = []
        self.errors: list[EyamlgpgError] = []
        self.verified = self.unverified = 0

    def orders(self) -> Iterator[Order]:
        """What is to be encrypted anew, file after file, each read when its turn comes."""
        for planned in self._plan.files:
            try:
                file = self._opened(planned)
            except EyamlgpgError as error:
                self._give_up(planned, error)
                continue
            self._open.append(file)
            for judged in file.due:
                result, is_new = self._result(judged, planned)
                file.results.append(result)
                if not is_new:
                    self._back += 1
                    continue
                self._ordered.append(result)
                yield Order(judged.message, result.recipient_sets)
            self.finish_complete()

    def take(self, recrypted: Recrypted) -> None:
        """The result of the oldest order that has none."""
        result = self._ordered.popleft()
        result.size = sum(map(len, recrypted.messages))
        if self._held + result.size > limits.TOGETHER:
            result.size, recrypted = 0, Recrypted((), _too_much())
        self._held += result.size
        result.recrypted = recrypted
        self._back += 1
        self.finish_complete()
        self._tell()

    def finish_complete(self) -> None:
        """Write each file at the front of the line whose results are all here."""
        while self._open and self._open[0].is_complete():
            file = self._open.popleft()
            self._finish(file)
            self._held -= sum(result.size for result in file.results if not result.is_shared)

    def _opened(self, planned: FilePlan) -> _OpenFile:
        content = self._files.read(planned.file.path)
        text = decode(content)
        scan = find_values(text)
        judged = judge_scan(text, scan, planned.file.name, planned.governed.judged_by, self._request.default)
        due = [one for one in judged.values if is_due(one, self._request)]
        return _OpenFile(planned, content, text, scan, due, [])

    def _result(self, judged: ValueDrift, planned: FilePlan) -> tuple[_Result, bool]:
        """The result that is to come for a value, and whether it has to be ordered."""
        known, readers = digest(judged.message), planned.governed.subkeys
        shared = self._copies.get(known)
        if shared is not None and readers in shared.recipient_sets:
            return shared, False
        result = _Result(self._plan.copies.get(known, (readers,)))
        if known in self._plan.copies:
            self._copies[known] = result
            result.is_shared = True
        return result, True

    def _finish(self, file: _OpenFile) -> None:
        edits: list[Edit] = []
        failed: list[EyamlgpgError] = []
        name, readers = file.plan.file.name, file.plan.governed.subkeys
        for judged, (result, recrypted) in zip(file.due, file.outcomes(), strict=True):
            if recrypted.error is not None:
                failed.append(recrypted.error.located(where(name, judged.value)))
                continue
            token = judged.value.token
            place = result.recipient_sets.index(readers)
            message = recrypted.messages[place]
            edits.append(Edit(token.start, token.end, tokens.render(message, layout=token.layout)))
            if recrypted.verified:
                self.verified += recrypted.verified[place]
                self.unverified += not recrypted.verified[place]
        try:
            if edits:
                self._write(file, edits)
        except EyamlgpgError as error:
            self._give_up(file.plan, error)
            return
        self.errors += failed
        self.done.append(FileRecrypted(name, len(edits), len(failed)))
        self._written += len(edits)

    def _write(self, file: _OpenFile, edits: Sequence[Edit]) -> None:
        new = splice(file.text, edits)
        _verify(file, new, edits)
        self._files.replace(file.plan.file.path, encode(new), expected=file.content)

    def _give_up(self, planned: FilePlan, error: EyamlgpgError) -> None:
        self.errors.append(error)
        self.done.append(FileRecrypted(planned.file.name, 0, planned.due))

    def _tell(self) -> None:
        self._watch(Progress(self._back, self._written, len(self.done)))


def _too_much() -> OversizedPlaintext:
    return OversizedPlaintext(
        f"with the values before it, it unfolds to more than {limits.in_words(limits.TOGETHER)}, which is refused"
    )


def _verify(file: _OpenFile, new: str, edits: Sequence[Edit]) -> None:
    """Prove the new text before it is written.

    All else is untouched; it is as good YAML as it was, with as many values; and each new value is encrypted to exactly
    the wanted readers.
    """
    name = file.plan.file.name
    scan = prove(Rewritten(name, file.text, new, edits), ())
    places = {value.token.start: value for value in scan.values}
    shift = 0
    for edit in edits:
        value = places.get(edit.start + shift)
        shift += len(edit.replacement) - (edit.end - edit.start)
        if value is None or not _is_in_line(value.token, file):
            raise FormatError(f"{name}: a value would not be encrypted to its recipients as planned")
    if len(scan.values) != len(file.scan.values):
        raise FormatError(f"{name}: re-encrypted, it would hold another number of values")


def _is_in_line(token: tokens.Token, file: _OpenFile) -> bool:
    audience = file.plan.governed.judged_by
    told = packets.read(token.message())
    return audience is not None and audience.drift(told.key_ids).is_clean and not told.symmetric
