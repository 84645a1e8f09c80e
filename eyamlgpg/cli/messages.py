"""What goes to stderr: errors, warnings, notes. stdout is for the answer alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TextIO

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.host import streams
from eyamlgpg.render.words import MOST, counted, error_lines, escaped

_PIPE = 1 << 16
"""Bytes that a pipe takes at once (pipe(7)), so that `| head -1` does not stop a short answer in its middle."""


@dataclass(slots=True)
class Messages:
    """The voice of one run; every line starts with the program's name."""

    quiet: bool = False
    verbose: bool = False
    trace: bool = False
    """Whether an error is followed by the traceback that it came with."""
    stream: TextIO | None = None

    def _line(self, text: str) -> None:
        streams.tell(f"eyamlgpg: {text}", self.stream)

    def error(self, error: EyamlgpgError) -> None:
        """An error with its hints; never silenced."""
        for line in error_lines(error):
            self._line(line)

    def traceback(self) -> None:
        """That of the error being handled, where it is wished for: Python's shows source lines, never values."""
        if self.trace:
            from traceback import format_exc

            streams.tell(format_exc().rstrip(), self.stream)

    def warn(self, *sentences: str) -> None:
        """What the user should know although the run goes on; `-q` silences it."""
        if not self.quiet:
            for sentence in sentences[:MOST]:
                self._line(f"warning: {escaped(sentence)}")
            if len(sentences) > MOST:
                self._line(f"warning: and {counted(len(sentences) - MOST, 'more warning')}")

    def say(self, sentence: str) -> None:
        """What was done; `-q` silences it."""
        if not self.quiet:
            self._line(escaped(sentence))

    def note(self, sentence: str) -> None:
        """What only `-v` wants to know."""
        if self.verbose:
            self._line(escaped(sentence))


def answer(content: bytes | str | Iterable[str]) -> None:
    """Write the answer to stdout, exactly, at once or piece by piece; FileProblem where it is closed or full."""
    if isinstance(content, bytes):
        streams.write_output(content)
        return
    waiting = bytearray()
    for piece in (content,) if isinstance(content, str) else content:
        waiting += piece.encode("utf-8", "surrogateescape")
        if len(waiting) >= _PIPE:
            streams.write_output(bytes(waiting))
            waiting.clear()
    streams.write_output(bytes(waiting))
