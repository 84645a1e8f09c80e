"""Git's own merge of three texts, `git merge-file`, in the conflict style of its user."""

from collections.abc import Mapping
from pathlib import Path

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo import surroundings

LABELS = ("-L", "ours", "-L", "base", "-L", "theirs")
MOST_CONFLICTS = 127
"""A status up to this says how many conflicts there are."""


def merge_files(
    working: Path, environ: Mapping[str, str], files: tuple[Path, Path, Path], *, width: int, union: bool = False
) -> tuple[bytes, int] | None:
    """The merged text of base, ours and theirs, and its number of conflicts; None for what is no text to git."""
    base, ours, theirs = map(str, files)
    options = ["-p", f"--marker-size={width}", *(["--union"] if union else []), *LABELS]
    ran = surroundings.run(working, environ, "merge-file", *options, ours, base, theirs)
    if ran.returncode <= MOST_CONFLICTS:
        return ran.stdout, ran.returncode
    if b"binary" in ran.stderr:
        return None
    words = ran.stderr.decode("utf-8", "replace").strip().splitlines() or [str(ran.returncode)]
    raise FileProblem(f"git merge-file failed: {words[-1]}")
