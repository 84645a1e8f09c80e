"""Which keys are encrypted somewhere in a tree, and where: a large tree has a hundred thousand of them."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Protocol

_LINE_BITS = 28
_PLACE_BITS = 2 * _LINE_BITS
_HASH = (1 << 64) - 1


class Places(Protocol):
    """Where keys are encrypted, as far as anybody knows."""

    def get(self, key: str) -> str | None:
        """The place of a key; None where it is not encrypted."""
        ...


class EncryptedKeys:
    """General keys, and of each the first place: by the files in their order, then by the lines.

    What is kept of a key is one number: its hash, the number of the file and the line, from the highest bits down.
    Sorted, the places of one key stand together with the first in front. Nobody has to expect two keys of one tree to
    share a hash of 64 bits, which is another one in each run.
    """

    def __init__(self, files: Sequence[str] = ()) -> None:
        """`files`: those that come first, in this order, whenever they are added; any other follows as it is added."""
        self._files: list[str] = [*files]
        self._numbers = {path: number for number, path in enumerate(files)}
        self._remarks: dict[int, str] = {}
        self._entries: list[int] = []
        self._is_sorted = True

    def add(self, path: str, keys: Iterable[tuple[str, int]], remark: str = "") -> None:
        """The keys of one file with their lines; the remark is said behind each of these places."""
        file = self._numbers.get(path)
        if file is None:
            file = len(self._files)
            self._files.append(path)
        self._entries += [_above(hash(key)) | file << _LINE_BITS | line for key, line in keys]
        self._is_sorted = False
        if remark:
            self._remarks[file] = remark

    def get(self, key: str) -> str | None:
        """The place of a key, `hieradata/a.eyaml:3`; None where it is not encrypted."""
        place = self._place(hash(key))
        if place is None:
            return None
        file, line = divmod(place, 1 << _LINE_BITS)
        return f"{self._files[file]}:{line}{self._remarks.get(file, '')}"

    def knows_any(self, hashes: Iterable[int]) -> bool:
        """Whether one of the keys with these hashes is encrypted."""
        return any(self._place(one) is not None for one in hashes)

    def _place(self, key: int) -> int | None:
        if not self._is_sorted:
            self._entries.sort()
            self._is_sorted = True
        wanted = _above(key)
        found = bisect_left(self._entries, wanted)
        if found == len(self._entries):
            return None
        place = self._entries[found] - wanted
        return None if place >> _PLACE_BITS else place


class AskedKeys:
    """Stands for EncryptedKeys while not all files are known: knows no key, and remembers what was asked of it."""

    def __init__(self) -> None:
        self.hashes = array("q")

    def get(self, key: str) -> str | None:
        """None; the answer is to be looked at once more, when all files are known."""
        self.hashes.append(hash(key))
        return None


def _above(key: int) -> int:
    """The hash of a key, above the bits of a place."""
    return (key & _HASH) << _PLACE_BITS
