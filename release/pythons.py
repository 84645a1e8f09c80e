"""The Pythons of a machine that a release is installed on: one of each minor version."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

OLDEST = 11
"""Of Python 3: what `requires-python` says."""
NEWEST = 14
SYSTEM = Path("/usr/bin")


@dataclass(frozen=True)
class Interpreter:
    """A Python that answers."""

    path: Path
    version: str
    """Such as 3.11.2."""

    @property
    def short(self) -> str:
        """Such as 3.11."""
        return self.version.rpartition(".")[0]


def found(named: Sequence[Path] | None = None) -> list[Interpreter]:
    """Those named, else the first of each version from 3.11 on, of PATH and pyenv, and the system's own."""
    if named:
        return [Interpreter(path, version) for path in named if (version := _version(path))]
    first: dict[str, Interpreter] = {}
    for path in _candidates():
        if path.exists() and (version := _version(path)):
            interpreter = Interpreter(path, version)
            if _taken(interpreter.short):
                first.setdefault(version if path.parent == SYSTEM else interpreter.short, interpreter)
    return sorted(first.values(), key=lambda one: [int(part) for part in one.version.split(".")])


def _candidates() -> Iterator[Path]:
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep)]
    pyenv = sorted(Path("~/.pyenv/versions").expanduser().glob("*/bin"))
    for folder in dict.fromkeys([*folders, SYSTEM, *pyenv]):
        yield from (folder / f"python3.{minor}" for minor in range(OLDEST, NEWEST + 1))


def _taken(short: str) -> bool:
    return short in {f"3.{minor}" for minor in range(OLDEST, NEWEST + 1)}


def _version(path: Path) -> str | None:
    asked = subprocess.run(
        [path, "-c", "import sys; print(*sys.version_info[:3], sep='.')"], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() if asked.returncode == 0 else None
