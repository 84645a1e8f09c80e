"""Where a value may be set."""

import os
from pathlib import Path

from eyamlgpg.errors import FileProblem
from eyamlgpg.host import paths


def require_place(file: Path) -> None:
    """Refuse a file that cannot be saved, or whose folder does not exist; it need not exist itself."""
    if paths.is_folder(file):
        raise FileProblem(f"{file}: is a folder")
    if paths.exists(file) and not os.access(file, os.W_OK):
        raise FileProblem(f"{file}: is read-only", "give yourself the right to write to it first")
    if not paths.is_folder(file.parent):
        import shlex

        raise FileProblem(f"{file.parent}: there is no such folder", f"mkdir -p {shlex.quote(str(file.parent))}")
