"""Programs that eyamlgpg starts: where each stands on PATH, and the version that it tells."""

import re
import shutil
import subprocess

_NUMBER = re.compile(r"(?<!\d)\d+(?:\.\d+)+\S*")
PATIENCE = 10.0
"""Seconds for a program to tell its version."""


def version_and_path(program: str) -> tuple[str | None, str | None]:
    """The version that `program --version` tells, and the program on PATH; None for each that is not known."""
    path = shutil.which(program)
    if path is None:
        return None, None
    try:
        ran = subprocess.run(
            [path, "--version"], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired):
        return None, path
    first = ran.stdout.decode("utf-8", "replace").partition("\n")[0]
    found = _NUMBER.search(first)
    return (found[0] if found and not ran.returncode else None), path
