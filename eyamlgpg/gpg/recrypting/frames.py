"""Lists of byte strings through a pipe, each with its length before it: how a run and its workers talk."""

import struct
from collections.abc import Sequence
from io import RawIOBase

_NUMBER = struct.Struct(">I")


def write(pipe: RawIOBase, parts: Sequence[bytes]) -> None:
    """Send one list; raises OSError where the other end is gone."""
    head = struct.pack(f">{len(parts) + 1}I", len(parts), *map(len, parts))
    rest = memoryview(b"".join((head, *parts)))
    while rest:
        # A signal may cut a write short.
        rest = rest[pipe.write(rest) or 0 :]


def read(pipe: RawIOBase) -> list[bytes] | None:
    """The next list; None where the other end has closed, in the middle of a list, too.

    Nothing is read ahead, so whoever polls the pipe sees the next list as well.
    """
    try:
        (count,) = _NUMBER.unpack(_exactly(pipe, _NUMBER.size))
        lengths = _exactly(pipe, count * _NUMBER.size)
        return [_exactly(pipe, length) for (length,) in _NUMBER.iter_unpack(lengths)]
    except EOFError:
        return None


def _exactly(pipe: RawIOBase, size: int) -> bytes:
    read = bytearray()
    while len(read) < size:
        more = pipe.read(size - len(read))
        if not more:
            raise EOFError
        read += more
    return bytes(read)
