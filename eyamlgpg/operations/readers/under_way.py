"""A file whose values are under way: what is due in it, what came back, and its new text, which is proved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.eyaml import tokens
from eyamlgpg.formats.eyaml.values import Scan, find_values
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.formats.splice import Edit, splice
from eyamlgpg.formats.text import decode, encode
from eyamlgpg.model.messages import RecipientSubkeys, Recrypted
from eyamlgpg.operations.ports import Files
from eyamlgpg.operations.readers.recrypt_plan import FilePlan, RecryptRequest, is_due
from eyamlgpg.operations.tree.drift import ValueDrift, judge_scan
from eyamlgpg.operations.values.proof import Rewritten, prove


@dataclass(slots=True)
class Result:
    """What is to come for one ciphertext: for everybody who is to read a copy of it."""

    recipient_sets: tuple[RecipientSubkeys, ...]
    recrypted: Recrypted | None = None
    size: int = 0
    """Bytes in the new messages."""
    is_shared: bool = False
    """Whether it is kept for copies in files to come."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one value."""

    judged: ValueDrift
    place: int
    """Of its readers among those of the result."""
    recrypted: Recrypted

    @property
    def verified(self) -> bool | None:
        """Whether the new message was opened again; None where nobody asked for that."""
        return self.recrypted.verified[self.place] if self.recrypted.verified else None

    @property
    def is_extended(self) -> bool:
        """Whether it is the old message with readers added."""
        return bool(self.recrypted.extended) and self.recrypted.extended[self.place]

    def edit(self) -> Edit:
        """The new token in the place of the old one."""
        token = self.judged.value.token
        message = self.recrypted.messages[self.place]
        return Edit(token.start, token.end, tokens.render(message, layout=token.layout))


@dataclass(slots=True)
class FileUnderWay:
    """One file, and a result for each of its values that was ordered so far."""

    plan: FilePlan
    content: bytes = field(repr=False)
    text: str = field(repr=False)
    scan: Scan
    due: Sequence[ValueDrift]
    results: list[Result]

    settled: int = 0
    """How many results, from the first on, are known to be here."""

    def is_complete(self) -> bool:
        """Whether every value was ordered and every result is here."""
        while self.settled < len(self.results) and self.results[self.settled].recrypted is not None:
            self.settled += 1
        return self.settled == len(self.due)

    def outcomes(self) -> Iterator[Outcome]:
        """What came of each value, once all are here."""
        readers = self.plan.governed.subkeys
        for judged, result in zip(self.due, self.results, strict=True):
            if result.recrypted is not None:
                yield Outcome(judged, result.recipient_sets.index(readers), result.recrypted)

    def write(self, edits: Sequence[Edit], files: Files) -> None:
        """Replace the file by its new text, if that is proved.

        All else is untouched; it is as good YAML as it was, with as many values; and each new value is encrypted to
        exactly the wanted readers.
        """
        new = splice(self.text, edits)
        self._prove(new, edits)
        files.replace(self.plan.file.path, encode(new), expected=self.content)

    def _prove(self, new: str, edits: Sequence[Edit]) -> None:
        name = self.plan.file.name
        scan = prove(Rewritten(name, self.text, new, edits), ())
        places = {value.token.start: value for value in scan.values}
        shift = 0
        for edit in edits:
            value = places.get(edit.start + shift)
            shift += len(edit.replacement) - (edit.end - edit.start)
            if value is None or not self._is_in_line(value.token):
                raise FormatError(f"{name}: a value would not be encrypted to its recipients as planned")
        if len(scan.values) != len(self.scan.values):
            raise FormatError(f"{name}: re-encrypted, it would hold another number of values")

    def _is_in_line(self, token: tokens.Token) -> bool:
        audience = self.plan.governed.judged_by
        told = packets.read(token.message())
        return audience is not None and audience.drift(told.key_ids).is_clean and not told.symmetric


def opened(planned: FilePlan, request: RecryptRequest, files: Files) -> FileUnderWay:
    """A file of the plan, read and judged once more: somebody may have changed it since."""
    content = files.read(planned.file.path)
    text = decode(content)
    scan = find_values(text)
    audience, moves = planned.governed.judged_by, request.moves_pkcs7
    judged = judge_scan(text, scan, planned.file.name, audience, request.default, moves_pkcs7=moves)
    due = [one for one in judged.values if is_due(one, request)]
    return FileUnderWay(planned, content, text, scan, due, [])
