"""The same work on trees of growing size: time grows as the tree does, and memory does not."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path

from benchmarks import measure
from benchmarks.measure import Cost, Row, agent_seconds, eyamlgpg
from benchmarks.world import People, Sealer, write_recipients, write_values
from eyamlgpg.model.keys import Key

FEW = 3
DISTINCT = 500
"""Messages that the values of a tree for `who` are made of: each value is read from its own header all the same."""


class Repeating(Sealer):
    """Seals a few messages, and gives them again and again."""

    def __init__(self, who: People, keys: Sequence[Key]) -> None:
        super().__init__(who)
        made = [super(Repeating, self).seal(f"secret {number}".encode(), keys) for number in range(DISTINCT)]
        self._given = cycle(made)

    def seal(self, plaintext: bytes, keys: Sequence[Key]) -> bytes:  # noqa: ARG002 - whatever is asked for
        """The next of them."""
        return next(islice(self._given, 1))


@dataclass(frozen=True)
class Growing:
    """Runs over trees of these people's values."""

    folder: Path
    who: People
    environ: Mapping[str, str]
    row: Row

    def measure(self, who_of: Sequence[int], recrypt_of: Sequence[int]) -> None:
        """`who --check` and `recrypt` over so many values."""
        repeating = Repeating(self.who, self.who.keys[:FEW])
        self.one(("who", "--check"), who_of, FEW, repeating)
        self.one(("recrypt",), recrypt_of, FEW - 1, Sealer(self.who))

    def one(self, words: Sequence[str], counts: Sequence[int], was: int, sealer: Sealer) -> None:
        """The row of one command; the values are for `was` people, and should be for FEW."""
        costs: list[Cost] = []
        for count in counts:
            root = self.folder / f"growth{count}"
            write_values(root / "data", count, self.who.keys[:was], sealer)
            write_recipients(root, self.who.keys[:FEW])
            before = agent_seconds(self.who.home)
            cost = measure.run(eyamlgpg(*words), root, self.environ)
            cost = replace(cost, processor=cost.processor + agent_seconds(self.who.home) - before)
            if cost.status:
                raise SystemExit(f"{words[0]} ended with {cost.status}: {cost.stderr}")
            costs.append(cost)
            shutil.rmtree(root)
        grown = ", ".join(
            f"{count:,}: {cost.processor:.1f} s of processor, {cost.seconds:.1f} s, {cost.peak_kib / 1024:.0f} MiB"
            for count, cost in zip(counts, costs, strict=True)
        )
        ratio = costs[-1].processor / costs[-2].processor / (counts[-1] / counts[-2])
        what = f"{' '.join(words)} of growing trees, {FEW} recipients"
        self.row(what, grown, "linear", met=ratio <= 1.1)
