"""A model of a file with values: what stands in clear text, and of each value its plaintext and its readers.

The model knows the exact text of all that was not changed. A value that a command made anew has no text yet: it is
read where the model says that it must stand, and then its text is known, too.
"""

import re
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from eyamlgpg.formats.eyaml import markers
from eyamlgpg.model.keys import KeyId

TOKEN = re.compile(r"ENC\[(GPG|PKCS7),([A-Za-z0-9+/=\s]*)\]")


@dataclass(frozen=True)
class Slot:
    """A value."""

    plaintext: bytes
    readers: frozenset[KeyId]
    """Whom its message names; empty for PKCS7."""
    text: str | None = None
    """As it stands; None for one that was just made anew."""
    method: str = "GPG"

    def made_anew(self, readers: Iterable[KeyId], plaintext: bytes | None = None) -> "Slot":
        """The value after a command encrypted it."""
        return Slot(self.plaintext if plaintext is None else plaintext, frozenset(readers))


Piece = str | Slot


@dataclass(frozen=True)
class Entry:
    """Some whole lines: clear text and values in turn."""

    pieces: tuple[Piece, ...]
    key: str | None = None
    """The path of its Hiera key; None for what has none, as a comment."""
    is_alone: bool = True
    """Whether the entry is one scalar that is one value, which can be set."""

    @property
    def slots(self) -> Iterator[Slot]:
        """Its values, in order."""
        return (piece for piece in self.pieces if isinstance(piece, Slot))

    def with_slots(self, change: Callable[[Slot], Slot]) -> "Entry":
        """The same entry, each value changed."""
        return replace(self, pieces=tuple(change(one) if isinstance(one, Slot) else one for one in self.pieces))


@dataclass(frozen=True)
class Modelled:
    """A file."""

    entries: tuple[Entry, ...] = ()

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All of it, in order."""
        return tuple(piece for entry in self.entries for piece in entry.pieces)

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Its values, in order."""
        return tuple(slot for entry in self.entries for slot in entry.slots)

    def with_slots(self, change: Callable[[Slot], Slot]) -> "Modelled":
        """The same file, each value changed."""
        return Modelled(tuple(entry.with_slots(change) for entry in self.entries))

    def at(self, key: str) -> Entry | None:
        """The entry with this path."""
        return next((entry for entry in self.entries if entry.key == key), None)

    def replaced(self, old: Entry, new: Entry) -> "Modelled":
        """The same file with one entry in place of another."""
        return Modelled(tuple(new if entry is old else entry for entry in self.entries))

    def read(self, text: str, opened: Callable[[Slot, bytes], tuple[bytes, frozenset[KeyId]]]) -> "Modelled":
        """The model with the texts of its new values; AssertionError where the text is not what the model says.

        `opened` gives plaintext and readers of a message that a command made.
        """
        place = 0

        def taken(slot: Slot) -> Slot:
            nonlocal place
            if slot.text is not None:
                assert text.startswith(slot.text, place), f"a value that nobody changed differs, at {place}"
                place += len(slot.text)
                return slot
            found = TOKEN.match(text, place)
            assert found is not None, f"no value stands at {place}: {text[place : place + 40]!r}"
            assert found[1] == slot.method
            plaintext, readers = opened(slot, b64decode("".join(found[2].split()), validate=True))
            assert plaintext == slot.plaintext, "a value holds another plaintext"
            assert readers == slot.readers, "a value is for other readers"
            place = found.end()
            return replace(slot, text=found.group())

        entries = []
        for entry in self.entries:
            pieces: list[Piece] = []
            for piece in entry.pieces:
                if isinstance(piece, Slot):
                    pieces.append(taken(piece))
                    continue
                assert text.startswith(piece, place), f"{piece!r} is not at {place}: {text[place : place + 60]!r}"
                place += len(piece)
                pieces.append(piece)
            entries.append(replace(entry, pieces=tuple(pieces)))
        assert place == len(text), f"{text[place:]!r} was added"
        return Modelled(tuple(entries))


@dataclass
class InEditor:
    """What the editor shows of a file: a marker, numbered in order, for each value that was opened and can be shown."""

    file: Modelled
    is_opened: Callable[[Entry, Slot], bool]
    _numbers: dict[int, int] = field(default_factory=dict)
    _kept: list[Slot] = field(default_factory=list)
    """So that no other value comes to have their identity."""

    def __post_init__(self) -> None:
        number = 0
        for entry in self.file.entries:
            for slot in entry.slots:
                if self.is_opened(entry, slot) and markers.is_showable(slot.plaintext):
                    number += 1
                    self._numbers[id(slot)] = number

    def number(self, slot: Slot) -> int | None:
        """Of the marker of a value."""
        return self._numbers.get(id(slot))

    def stand_in(self, new: Slot, old: Slot) -> None:
        """Show a value under the number of the one that it comes in place of."""
        self._kept.append(new)
        self._numbers[id(new)] = self._numbers[id(old)]

    def written(self, pieces: Sequence[Piece]) -> str:
        """Pieces as they stand in the editor; those of the model that are not of the file are new values."""
        return "".join(piece if isinstance(piece, str) else self._shown(piece) for piece in pieces)

    def _shown(self, slot: Slot) -> str:
        number = self.number(slot)
        if number is None and slot.text is not None:
            return slot.text
        return markers.render(number, slot.method, slot.plaintext.decode())

    @property
    def body(self) -> str:
        """All of it."""
        return self.written(self.file.pieces)
