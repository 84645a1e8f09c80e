"""The session keys that a message begins with, which for sixty readers are most of what there is to read of it."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from eyamlgpg.model.key_ids import KeyId

PKESK = 1
"""The type of a packet with a session key for one public key (RFC 9580, 5.1)."""


class _Layout(NamedTuple):
    """Where the session keys of a message begin, and what stands there."""

    begin: Callable[[bytes], tuple[bytes, ...]]
    """Gives the header, version and key ID of each, and the first octet behind it."""
    beginnings: tuple[bytes, ...]
    key_ids: tuple[KeyId, ...]
    end: int


_FIRST = 12
"""Octets that hold the header, version and key ID of the first session key."""
_MOST_LAYOUTS, _MOST_BEGINNINGS = 1024, 256
_layouts: dict[bytes, _Layout] = {}
"""The last one met, by the octets that a message begins with."""


def leading_key_ids(message: bytes) -> tuple[list[KeyId], int]:
    """The key IDs of the session keys of version 3 that a message begins with, and where they end.

    That is all of a message of today but the encrypted data, which may be for sixty people, so it is read in one loop.
    Whatever looks otherwise is left to the packets' own reading, from there on. Where a message has the same headers
    and key IDs at the same places as one before, as those of a tree mostly have, they are compared and not read again.
    """
    known = _layouts.get(message[:_FIRST])
    if known is not None and known.begin(message) == known.beginnings:
        return [*known.key_ids], known.end
    found: list[bytes] = []
    beginnings: list[slice] = []
    place, whole = 0, len(message)
    while True:
        first = message[place]
        length = message[place + 1]
        if first == 0xC0 | PKESK and length < 224:
            body = place + 2
            if length >= 192:
                length, body = (length - 192 << 8) + message[body] + 192, body + 1
        elif first == 0x80 | PKESK << 2:
            body = place + 2
        elif first == 0x81 | PKESK << 2:
            length, body = length << 8 | message[place + 2], place + 3
        else:
            if found and first != 0xC0 | PKESK:
                _remember(message, [*beginnings, slice(place, place + 1)], _named(b"".join(found)))
            break
        if length < 9 or message[body] != 3 or body + length >= whole:
            break
        found.append(message[body + 1 : body + 9])
        beginnings.append(slice(place, body + 9))
        place = body + length
    return [*_named(b"".join(found))], place


def _remember(message: bytes, beginnings: Sequence[slice], key_ids: tuple[KeyId, ...]) -> None:
    if len(beginnings) > _MOST_BEGINNINGS:
        return
    if len(_layouts) >= _MOST_LAYOUTS:
        _layouts.clear()
    begin = itemgetter(*beginnings)
    _layouts[message[:_FIRST]] = _Layout(begin, begin(message), key_ids, beginnings[-1].start)


@lru_cache(maxsize=1024)
def _named(key_ids: bytes) -> tuple[KeyId, ...]:
    """Key IDs of eight octets each, as they are written; most messages of a tree name the same."""
    digits = key_ids.hex().upper()
    return tuple(KeyId(digits[start : start + 16]) for start in range(0, len(digits), 16))
