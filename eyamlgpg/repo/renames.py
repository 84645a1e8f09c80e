"""Changes to a folder of which all are made, or none: each is a rename, and a failure takes them back."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from eyamlgpg.errors import FileProblem


class Renames:
    """What was done so far, and how to take it back."""

    def __init__(self, undo: ExitStack) -> None:
        """With the stack that takes the changes back."""
        self._undo = undo
        self._spare: list[Path] = []

    def written(self, path: Path, text: str) -> Path:
        """A new, executable file of this text beside a path, to be moved to it."""
        fresh = _beside(path, "new")
        with fresh.open("x") as opened:
            self._undo.callback(fresh.unlink, missing_ok=True)
            opened.write(text)
        fresh.chmod(0o755)
        return fresh

    def move(self, old: Path, new: Path) -> None:
        """Rename; nothing stands at the new name."""
        old.rename(new)
        self._undo.callback(new.rename, old)

    def take_away(self, path: Path) -> None:
        """Remove, at the end of all, and only if all went well."""
        self.move(path, _beside(path, "old"))
        self._spare.append(_beside(path, "old"))

    def finish(self) -> None:
        """Nothing is taken back any more."""
        self._undo.pop_all()
        for path in self._spare:
            path.unlink()


@contextmanager
def all_or_none(folder: Path) -> Iterator[Renames]:
    """Changes within this folder; FileProblem where one fails, and all is as it was."""
    try:
        with ExitStack() as undo:
            renames = Renames(undo)
            yield renames
            renames.finish()
    except OSError as error:
        raise FileProblem(f"{folder}: the hooks cannot be changed: {error.strerror}", "all is as it was") from None


def _beside(path: Path, what: str) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.{what}")
