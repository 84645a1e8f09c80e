"""Our tool in this process: a command line in, status, stdout and stderr out."""

import io
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.cli.main import main


@dataclass(frozen=True, slots=True)
class Ran:
    """Result of a run."""

    status: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        """Standard output as text."""
        return self.out.decode()


@dataclass(frozen=True, slots=True)
class Tool:
    """Runs `eyamlgpg WORDS` with a GnuPG home and in a folder."""

    def __call__(
        self,
        *words: str,
        home: Path | None = None,
        cwd: Path | None = None,
        stdin: bytes = b"",
        environ: Mapping[str, str] = {},
    ) -> Ran:
        """One command line; stdin is a pipe that ends."""
        here = {**environ, **({"GNUPGHOME": str(home)} if home else {})}
        out, err = io.BytesIO(), io.BytesIO()
        with _place(cwd or Path.cwd(), here), _streams(stdin, out, err):
            status = main(words)
        return Ran(status, out.getvalue(), err.getvalue().decode())


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a GnuPG home who types commands in a folder."""

    home: Path
    folder: Path

    def __call__(self, *words: str, stdin: bytes = b"") -> Ran:
        return Tool()(*words, home=self.home, cwd=self.folder, stdin=stdin)

    def text_of(self, *words: str, stdin: bytes = b"") -> str:
        """Standard output of a command that ends with status 0; any other status fails the test."""
        ran = self(*words, stdin=stdin)
        assert ran.status == 0, ran.err
        return ran.text


@contextmanager
def _place(folder: Path, environ: Mapping[str, str]) -> Iterator[None]:
    saved, before = dict(os.environ), Path.cwd()
    os.environ.update(environ)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(saved)


@contextmanager
def _streams(stdin: bytes, out: io.BytesIO, err: io.BytesIO) -> Iterator[None]:
    saved = sys.stdin, sys.stdout, sys.stderr
    written = [io.TextIOWrapper(stream, "utf-8", newline="", write_through=True) for stream in (out, err)]
    sys.stdin, (sys.stdout, sys.stderr) = io.TextIOWrapper(io.BytesIO(stdin), "utf-8"), written
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = saved
        for stream in written:
            stream.detach()
