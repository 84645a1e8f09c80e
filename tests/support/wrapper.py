"""This checkout's `eyamlgpg` as a command on PATH, and the pre-commit framework that runs it."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

PRE_COMMIT = shutil.which("pre-commit", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
"""That of the virtual environment, whether or not somebody activated it."""


def with_wrapper(folder: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """An environment in which `eyamlgpg` is this checkout's, as an installed package would be."""
    folder.mkdir()
    script = folder / "eyamlgpg"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m eyamlgpg "$@"\n')
    script.chmod(0o755)
    return {**environ, "PATH": f"{folder}{os.pathsep}{environ['PATH']}"}
