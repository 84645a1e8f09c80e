"""Python as somebody who may not read every file, whoever runs the tests."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.support import keyrings

ROOT = str(Path(__file__).parents[2])


def as_ordinary_user(
    *words: str, cwd: Path, environ: Mapping[str, str] = {}, stdin: str = ""
) -> "subprocess.CompletedProcess[str]":
    """`python WORDS`; root gives its right to read and write everything away first."""
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    return subprocess.run(
        [*drop, sys.executable, *words],
        input=stdin,
        capture_output=True,
        check=False,
        text=True,
        cwd=cwd,
        env={**keyrings.environment(), "PYTHONPATH": ROOT, **environ},
    )
