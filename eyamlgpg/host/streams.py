"""Standard input, output and error, any of which may be closed, full, or a pipe that nobody reads any more."""

import contextlib
import os
import sys
from pathlib import Path
from typing import BinaryIO, TextIO

from eyamlgpg.errors import FileProblem
from eyamlgpg.model.limits import refuse_large

_PART = 1 << 18

_LAST = 2
"""The descriptor of standard error."""


def occupy() -> None:
    """Give the standard descriptors that were closed before we were started to nobody.

    Else the next file that is opened would get one of them, and what a child says would end up in that file.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= _LAST:
        os.set_inheritable(descriptor, True)  # noqa: FBT003 - it takes no keyword
    os.close(descriptor)


def read_input() -> bytes:
    """All of standard input; raises FileProblem where it is closed, cannot be read, or has no end."""
    if sys.stdin is None:
        raise FileProblem("standard input: is closed")
    return _bounded(sys.stdin.buffer, "standard input")


def read_pipe(path: Path) -> bytes:
    """All that comes out of a pipe with a name, such as bash's `<(command)`; raises FileProblem as `read_input`."""
    try:
        with path.open("rb") as pipe:
            return _bounded(pipe, str(path))
    except OSError as error:
        raise FileProblem(f"{path}: cannot be read: {error.strerror}") from None


def read_all(stream: BinaryIO, name: str) -> bytes:
    """All of a stream that may have no end, or grow meanwhile; FileProblem for more than a file may have."""
    content = bytearray()
    while part := stream.read(_PART):
        content += part
        refuse_large(name, len(content))
    return bytes(content)


def _bounded(stream: BinaryIO, name: str) -> bytes:
    try:
        return read_all(stream, name)
    except OSError as error:
        raise FileProblem(f"{name}: {error.strerror}") from None


def write_output(content: bytes) -> None:
    """Write to standard output, exactly; FileProblem where it is closed or full, BrokenPipeError as ever."""
    if sys.stdout is None:
        raise FileProblem("standard output: is closed")
    if not content:
        return  # a full disk refuses even nothing
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        give_up(sys.stdout)
        raise FileProblem(f"standard output: {error.strerror}") from None


def end_line_at_terminal() -> None:
    """Where a value without a newline was written to a terminal, keep the shell's prompt off its line, by stderr."""
    if sys.stdout is not None and sys.stderr is not None and sys.stdout.isatty() and sys.stderr.isatty():
        tell("")


def tell(text: str, stream: TextIO | None = None) -> None:
    """A line to standard error, or the stream; lost where that is closed or full, for the work must not end by it."""
    stream = stream or sys.stderr
    if stream is None:
        return
    try:
        stream.write(f"{text}\n")
        stream.flush()
    except (OSError, ValueError):
        give_up(stream)


def give_up(stream: TextIO | None) -> None:
    """Turn a stream that failed into one that leads nowhere: Python flushes it at exit, and would complain there."""
    with contextlib.suppress(OSError, ValueError, AttributeError):  # a stream that is closed, or in memory only
        null = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(null, stream.fileno())  # type: ignore[union-attr]
        finally:
            os.close(null)
