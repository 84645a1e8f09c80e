"""What was measured, and the file that keeps it: the table and the picture are both made of it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

STORED = Path(__file__).with_name("measured.json")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one command needed on one tree."""

    values: int
    """Of the tree."""
    seconds: float
    """By the clock."""
    processor: float
    """Processor seconds, with what it started and the agent."""
    mib: float
    """The most memory at once, with what it started."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One command on all trees, the smallest first."""

    command: str
    costs: tuple[Cost, ...]

    def growth(self) -> tuple[float, float]:
        """How many times the processor seconds and the memory of the second largest tree the largest one takes."""
        before, last = self.costs[-2:]
        return last.processor / before.processor, last.mib / before.mib


@dataclass(frozen=True, slots=True)
class Load:
    """One run over trees of growing size."""

    machine: str
    files: tuple[int, ...]
    """Of each tree."""
    megabytes: tuple[int, ...]
    """Of each tree."""
    curves: tuple[Curve, ...]


def store(load: Load, path: Path = STORED) -> None:
    """Keep a run."""
    path.write_text(json.dumps(asdict(load), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def stored(path: Path = STORED) -> Load:
    """The run that was kept."""
    read = json.loads(path.read_text(encoding="utf-8"))
    curves = tuple(Curve(one["command"], tuple(Cost(**cost) for cost in one["costs"])) for one in read["curves"])
    return Load(read["machine"], tuple(read["files"]), tuple(read["megabytes"]), curves)
