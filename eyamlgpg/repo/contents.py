"""The content of many objects in one stream, `git cat-file --batch`, held one at a time."""

from collections.abc import Callable, Iterator, Sequence
from threading import Thread
from typing import IO

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo import surroundings
from eyamlgpg.repo.git import Git

LARGEST = 64 * 1024 * 1024
"""Bytes; no file of Hiera data is larger, and a larger one is named as not looked into."""

Wanted = Callable[[bytes], bool]
"""Whether a content, a line end behind it, is worth a copy."""

_LITTLE_CACHE = ("-c", "core.deltaBaseCacheLimit=8m")
"""Git keeps 96 MB of what it unpacked; where versions of one file are asked for one after the other 8 do as well."""


def read(git: Git, object_ids: Sequence[str], wanted: Wanted | None) -> Iterator[tuple[str, bytes | None]]:
    """Each of these objects whose content is wanted, in order; None for one that is missing or too large."""
    if not object_ids:
        return
    process = surroundings.start(git.root, git.environ, *_LITTLE_CACHE, "cat-file", "--batch", "--buffer")
    stdin, stdout = process.stdin, process.stdout
    assert stdin is not None  # noqa: S101 - both are pipes, see `surroundings.start`
    assert stdout is not None  # noqa: S101

    def ask() -> None:
        try:
            with stdin:
                stdin.write("".join(f"{one}\n" for one in object_ids).encode("ascii"))
        except BrokenPipeError:
            pass  # the reader below says so

    # Git answers while it is still being asked, and both pipes are bounded.
    asking = Thread(target=ask, daemon=True)
    asking.start()
    try:
        for object_id in object_ids:
            told, kind, *size = stdout.readline().split()
            if told.decode("ascii") != object_id:
                raise ValueError(told)
            if kind == b"missing":
                yield object_id, None
                continue
            content = _content(stdout, int(size[0]))
            if content is None:
                yield object_id, None
            elif wanted is None or wanted(content):
                yield object_id, content[:-1]
    except (ValueError, IndexError):
        raise FileProblem("git cat-file failed in the middle of the history", "look after it: git fsck") from None
    finally:
        process.kill()
        stdout.close()
        process.wait()
        asking.join()


def _content(stream: IO[bytes], size: int) -> bytes | None:
    """So many bytes and the line end behind them; None for a content that is too large, which is passed over."""
    if size > LARGEST:
        while size > 0:
            size -= len(stream.read(min(size, 1 << 20))) or size
        content, end = None, stream.read(1)
    else:
        content = stream.read(size + 1)
        end = content[size:]
    if end != b"\n":
        raise ValueError(size)
    return content
