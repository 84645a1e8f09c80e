"""`recrypt`: bring the values of a tree in line with their recipients files, touching only what must change.

The plan says which files have values that are due. Here each of them is read again, its messages are handed to the
recrypter, and it is replaced once all of them are back: whole, and verified before. A few files are under way at a
time, so memory does not grow with the tree, and a run that is cut short is taken up by the next one, since what is
due is found out anew.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

from eyamlgpg.errors import EyamlgpgError, OversizedPlaintext
from eyamlgpg.model import limits
from eyamlgpg.model.messages import Order, RecipientSubkeys, Recrypted
from eyamlgpg.operations.ports import Files, Recrypter
from eyamlgpg.operations.readers.newcomers import newcomers
from eyamlgpg.operations.readers.recrypt_plan import Digest, FilePlan, Plan, RecryptRequest, digest
from eyamlgpg.operations.readers.under_way import FileUnderWay, Result, opened
from eyamlgpg.operations.shown import where
from eyamlgpg.operations.tree.drift import ValueDrift


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
    extended: int = 0
    """Of those rewritten: only their header changed, readers were added."""


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

    @property
    def extended(self) -> int:
        """To how many of them readers were added, and nothing else changed."""
        return sum(file.extended for file in self.files)


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
        self._open: deque[FileUnderWay] = deque()
        self._ordered: deque[Result] = deque()
        self._copies: dict[Digest, Result] = {}
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
                file = opened(planned, self._request, self._files)
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
                yield self._order(judged, result, planned)
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

    def _order(self, judged: ValueDrift, result: Result, planned: FilePlan) -> Order:
        added: tuple[RecipientSubkeys, ...] = ()
        if not (self._request.fresh or self._request.every or self._request.moves_pkcs7):
            added = tuple(newcomers(judged.told, readers) for readers in result.recipient_sets)
        return Order(judged.message, result.recipient_sets, added, planned.file.path)

    def _result(self, judged: ValueDrift, planned: FilePlan) -> tuple[Result, bool]:
        """The result that is to come for a value, and whether it has to be ordered."""
        known, readers = digest(judged.message), planned.governed.subkeys
        shared = self._copies.get(known)
        if shared is not None and readers in shared.recipient_sets:
            return shared, False
        result = Result(self._plan.copies.get(known, (readers,)))
        if known in self._plan.copies:
            self._copies[known] = result
            result.is_shared = True
        return result, True

    def _finish(self, file: FileUnderWay) -> None:
        name = file.plan.file.name
        outcomes = list(file.outcomes())
        made = [outcome for outcome in outcomes if outcome.recrypted.error is None]
        try:
            if made:
                file.write([outcome.edit() for outcome in made], self._files)
        except EyamlgpgError as error:
            self._give_up(file.plan, error)
            return
        errors = [(outcome.recrypted.error, outcome.judged.value) for outcome in outcomes]
        failed = [error.located(where(name, value)) for error, value in errors if error is not None]
        self.errors += failed
        self.done.append(FileRecrypted(name, len(made), len(failed), sum(one.is_extended for one in made)))
        self.verified += sum(one.verified is True for one in made)
        self.unverified += sum(one.verified is False for one in made)
        self._written += len(made)

    def _give_up(self, planned: FilePlan, error: EyamlgpgError) -> None:
        self.errors.append(error)
        self.done.append(FileRecrypted(planned.file.name, 0, planned.due))

    def _tell(self) -> None:
        self._watch(Progress(self._back, self._written, len(self.done)))


def _too_much() -> OversizedPlaintext:
    return OversizedPlaintext(
        f"with the values before it, it unfolds to more than {limits.in_words(limits.TOGETHER)}, which is refused"
    )
