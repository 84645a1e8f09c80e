"""The values of one version of a file, and its other text."""

from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.formats.eyaml.values import Value, find_values
from eyamlgpg.formats.openpgp.data_packet import data_packet
from eyamlgpg.formats.text import decode
from eyamlgpg.formats.yaml.structure import Scalar, Structure
from eyamlgpg.operations.readers.past_values import PastMessage
from eyamlgpg.operations.tree.drift import judge_scan

_GONE = "\0"
_SIZE = 16


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """One value in one version of its file."""

    path: str
    key: str | None
    number: int
    """Which one of those at the same key, from 0."""
    line: int
    value: Value = field(repr=False)
    message: bytes = field(repr=False)
    past: PastMessage = field(repr=False)
    passphrase: bool = False

    @property
    def place(self) -> tuple[str | None, int]:
        """What makes it the same value in another version of the file."""
        return self.key, self.number


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a file."""

    path: str
    text: str = field(default="", repr=False)
    values: tuple[Standing, ...] = ()
    structure: Structure | None = field(default=None, repr=False)
    errors: tuple[EyamlgpgError, ...] = ()

    def clear(self) -> dict[str, Scalar]:
        """The scalars without any `ENC[`, by their keys; empty ones are left out."""
        scalars = () if self.structure is None else self.structure.scalars
        return {
            str(scalar.path): scalar
            for scalar in scalars
            if scalar.path is not None and not scalar.is_key and scalar.value.strip() and "ENC[" not in scalar.value
        }

    def lines(self, leaving: set[str | None]) -> "Counter[str]":
        """Its lines, every message taken out; without those of the values and texts at the keys that are `leaving`."""
        spans: list[tuple[int, int, str]] = []
        for one in self.values:
            scalar = self._around(one.value)
            if one.key in leaving:
                start = one.value.token.start if scalar is None else scalar.start
                spans.append((start, max(one.value.token.end, 0 if scalar is None else scalar.end), _GONE))
            else:
                spans.append((one.value.token.start, one.value.token.end, "ENC[]"))
        values = {one.key for one in self.values}
        clear = self.clear() if leaving else {}
        spans += [(at.start, at.end, _GONE) for key, at in clear.items() if key in leaving and key not in values]
        pieces, place = [], 0
        for start, end, put in sorted(spans):
            if start >= place:
                pieces += [self.text[place:start], put]
                place = end
        pieces.append(self.text[place:])
        return Counter(line for line in "".join(pieces).split("\n") if _GONE not in line and line.strip())

    def _around(self, value: Value) -> Scalar | None:
        token = value.token
        return None if self.structure is None else self.structure.scalar_around(token.start, token.end)


def read_version(path: str, content: bytes, default: Method | None) -> Version:
    """A version of a file; values of another method are text to it."""
    text = decode(content)
    scan = find_values(text)
    judged = judge_scan(text, scan, path, None, default)
    numbers: Counter[str | None] = Counter()
    values: list[Standing] = []
    for one in judged.values:
        key = None if one.value.path is None else str(one.value.path)
        packet = _digest(data_packet(one.message, one.told.behind_first))
        past = PastMessage(one.told.key_ids, packet, _digest(one.message), "")
        place = (path, key, numbers[key], one.value.line)
        values.append(Standing(*place, one.value, one.message, past, one.told.symmetric))
        numbers[key] += 1
    return Version(path, text, tuple(values), scan.structure, judged.errors)


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=_SIZE).digest()
