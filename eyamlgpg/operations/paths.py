"""How a path is shown: as short as the user would write it."""

from pathlib import Path


def short_path(path: Path, working: Path | None) -> str:
    """The path from the working directory where it stands in it or below, else as it is."""
    if working is not None and path.is_relative_to(working):
        return str(path.relative_to(working))
    return str(path)
