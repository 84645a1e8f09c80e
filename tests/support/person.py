"""Somebody with a GnuPG home who types eyamlgpg commands in a folder; run in this process, streams captured."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.cli.main import main


@dataclass(frozen=True, slots=True)
class Said:
    """What came of a command."""

    status: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Person:
    """A GnuPG home, and where its owner works."""

    home: Path
    folder: Path

    def __call__(self, *words: str, stdin: str = "") -> Said:
        """One command line; stdin is a pipe that ends."""
        streams = [io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8") for text in (stdin, "", "")]
        with self._place(), _streams(streams):
            status = main(words)
            for stream in streams[1:]:
                stream.flush()
        out, err = (stream.buffer.getvalue().decode() for stream in streams[1:])
        return Said(status, out, err)

    def done(self, *words: str, stdin: str = "") -> str:
        """The answer of a command that ends with status 0; anything else fails the test."""
        said = self(*words, stdin=stdin)
        assert said.status == 0, said.err
        return said.out

    @contextmanager
    def _place(self) -> Iterator[None]:
        saved, folder = dict(os.environ), Path.cwd()
        os.environ["GNUPGHOME"] = str(self.home)
        os.chdir(self.folder)
        try:
            yield
        finally:
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(saved)


@contextmanager
def _streams(streams: list[io.TextIOWrapper]) -> Iterator[None]:
    saved = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = streams
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = saved
