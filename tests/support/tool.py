"""Our tool in this process: a command line in, status, stdout and stderr out."""

import io
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from eyamlgpg.cli.main import main


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run came to."""

    status: int
    out: bytes
    err: str


@dataclass(frozen=True, slots=True)
class Tool:
    """Runs `eyamlgpg WORDS` with a GnuPG home and a working directory."""

    monkeypatch: pytest.MonkeyPatch
    captured: "pytest.CaptureFixture[bytes]"

    def __call__(
        self,
        *words: str,
        home: Path | None = None,
        cwd: Path | None = None,
        stdin: bytes = b"",
        environ: Mapping[str, str] = {},
    ) -> Ran:
        with self.monkeypatch.context() as here:
            if home is not None:
                here.setenv("GNUPGHOME", str(home))
            for name, value in environ.items():
                here.setenv(name, value)
            here.chdir(cwd or Path.cwd())
            here.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
            self.captured.readouterr()
            status = main(words)
            out, err = self.captured.readouterr()
        return Ran(status, out, err.decode())
