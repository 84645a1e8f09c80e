"""Which keys are encrypted somewhere in a tree, and where: a large tree has a hundred thousand of them."""

from bisect import bisect_left
from collections.abc import Iterable

_LINE_BITS = 28
_PLACE_BITS = 2 * _LINE_BITS
_HASH = (1 << 64) - 1


class EncryptedKeys:
    """General keys, and of each the first place that was added.

    What is kept of a key is one number: its hash, the number of the file and the line, from the highest bits down.
    Sorted, the places of one key stand together with the first in front. Nobody has to expect two keys of one tree to
    share a hash of 64 bits, which is another one in each run.
    """

    def __init__(self) -> None:
        self._files: list[str] = []
        self._remarks: dict[int, str] = {}
        self._entries: list[int] = []
        self._is_sorted = True

    def add(self, path: str, keys: Iterable[tuple[str, int]], remark: str = "") -> None:
        """The keys of one file with their lines; the remark is said behind each of these places."""
        file = len(self._files)
        self._entries += [_above(key) | file << _LINE_BITS | line for key, line in keys]
        self._files.append(path)
        self._is_sorted = False
        if remark:
            self._remarks[file] = remark

    def get(self, key: str) -> str | None:
        """The place of a key, `hieradata/a.eyaml:3`; None where it is not encrypted."""
        if not self._is_sorted:
            self._entries.sort()
            self._is_sorted = True
        wanted = _above(key)
        found = bisect_left(self._entries, wanted)
        if found == len(self._entries):
            return None
        place = self._entries[found] - wanted
        if place >> _PLACE_BITS:
            return None
        file, line = divmod(place, 1 << _LINE_BITS)
        return f"{self._files[file]}:{line}{self._remarks.get(file, '')}"


def _above(key: str) -> int:
    """The hash of a key, above the bits of a place."""
    return (hash(key) & _HASH) << _PLACE_BITS
