"""Measure everything that docs/performance.md claims, in one run, and print the table.

    python -m benchmarks [--quick] [--history REPOSITORY]

Bars are ratios of processor time, each taken side by side, as the median of several: they hold on a machine that
others use too, and seconds do not. Seconds without more words are those of the wall. Modules are compiled first, as
they are for everybody else. The peer's rows need `eyaml` with hiera-eyaml-gpg on PATH, and say so where it is absent.
Linux only: the share of gpg-agent is read from /proc.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks import measure, opening, re_encrypting, session_keys
from benchmarks.checking import Checking
from benchmarks.growing import Growing
from benchmarks.measure import CORES, Cost, agent_seconds, eyamlgpg, processor_seconds
from benchmarks.rotation import Rotation
from benchmarks.starting import Starting
from benchmarks.world import People, Sealer, people, write_recipients, write_values
from eyamlgpg.formats.eyaml.values import find_values
from eyamlgpg.formats.text import decode
from eyamlgpg.model.resolve import Resolver
from eyamlgpg.operations.readers.recrypt_plan import RecryptRequest, make_plan
from eyamlgpg.operations.tree.governance import DiskLists, Governance
from eyamlgpg.operations.tree.selection import select_files
from eyamlgpg.operations.tree.source import RecipientsRequest
from eyamlgpg.trees.around import Trees
from eyamlgpg.trees.files import TreeFiles
from tests.support.grown import FULL as GROWN
from tests.support.grown import SMALL, Scale, grow

EVERYBODY = 60
FEW = 3


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    who: tuple[int, ...]
    recrypted: tuple[int, ...]
    checked: int
    """Files, of ten values each."""
    repeats: int
    grown: Scale
    """Of the history for `rotation`, where no repository is named."""


FULL = Size(who=(10_000, 100_000), recrypted=(1_000, 10_000), checked=10_000, repeats=3, grown=GROWN)
QUICK = Size(who=(1_000, 10_000), recrypted=(100, 1_000), checked=1_000, repeats=1, grown=SMALL)


class Bench:
    """One run over one set of people."""

    def __init__(self, folder: Path, who: People, size: Size) -> None:
        self.folder = folder
        self.who = who
        self.size = size
        self.sealer = Sealer(who)
        self.environ = measure.environment(who.home)
        self.rows: list[tuple[str, str, str, str]] = []

    def row(self, claim: str, measured: str, bar: str, *, met: bool | None) -> None:
        """One line of the table, shown at once on stderr."""
        verdict = "" if met is None else "yes" if met else "NO"
        self.rows.append((claim, measured, bar, verdict))
        print(f"{claim}: {measured} (bar {bar}) {verdict}", file=sys.stderr)

    def tree(self, name: str, count: int, *, was: int, wanted: int) -> Path:
        """A tree whose values are for `was` people, and should be for `wanted`."""
        root = self.folder / name
        write_values(root / "data", count, self.who.keys[:was], self.sealer)
        write_recipients(root, self.who.keys[:wanted])
        return root

    def recrypt(self, root: Path, *words: str, expected: int = 0) -> Cost:
        """Our `recrypt` on a tree."""
        cost = measure.run(eyamlgpg("recrypt", *words), root, self.environ)
        if cost.status != expected:
            raise SystemExit(f"eyamlgpg recrypt ended with {cost.status}: {cost.stderr}")
        return cost

    def in_line(self) -> None:
        """A tree that is in line: what it costs beyond reading and parsing, and that nothing is opened."""
        for people_count in (FEW, EVERYBODY):
            root = self.tree(f"line{people_count}", 1000, was=people_count, wanted=people_count)
            before = agent_seconds(self.who.home)
            times = [self.recrypt(root).seconds for _ in range(self.size.repeats)]
            agent = agent_seconds(self.who.home) - before
            what = f"recrypt of 1,000 values in line, {people_count} recipients"
            self.row(
                what, f"{median(times):.2f} s, the agent {agent:.2f} s", "no private-key operation", met=agent < 0.02
            )
            beyond = self.beyond_parsing(root) / 1000
            self.row("… beyond reading and parsing", f"{beyond * 1e6:.0f} µs a value", "<= 40 µs", met=beyond <= 40e-6)

    def beyond_parsing(self, root: Path) -> float:
        """Processor seconds of a plan, less those of reading the files and finding and decoding their values."""
        files = TreeFiles()
        keyring = self.who.keyring
        keyring.keys()
        selection = select_files([root], Trees({}), files)

        def parse() -> None:
            for file in selection.files:
                for value in find_values(decode(files.read(file.path)), with_paths=False).values:
                    value.token.message()

        def plan() -> None:
            governance = Governance(DiskLists(RecipientsRequest(), files), Resolver(keyring.keys, datetime.now(UTC)))
            made = make_plan(selection, RecryptRequest(), governance, files)
            if made.due or made.errors:
                raise SystemExit("the tree was not in line")

        return processor_seconds(plan, 5) - processor_seconds(parse, 5)

    def one_subfolder(self) -> None:
        """One recipient more in one folder of five."""
        root = self.folder / "folders"
        for number in range(5):
            write_values(root / f"team{number}", 100, self.who.keys[:FEW], self.sealer)
            write_recipients(root / f"team{number}", self.who.keys[:FEW])
        write_recipients(root / "team3", self.who.keys[: FEW + 1])
        before = {path: path.read_bytes() for path in root.rglob("*.eyaml")}
        self.recrypt(root)
        changed = {path.parent.name for path, content in before.items() if path.read_bytes() != content}
        count = sum(path.read_bytes() != content for path, content in before.items())
        text = f"{count} of {len(before)} files changed, all in {', '.join(sorted(changed))}"
        self.row("one recipient added to one folder of five", text, "only that folder", met=changed == {"team3"})


def main() -> int:
    """Print the table; 1 if a bar is not met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--quick", action="store_true", help="small trees, one repeat: to see that it works")
    parser.add_argument(
        "--history", type=Path, metavar="REPOSITORY", help="read this one's history, and not a grown one"
    )
    options = parser.parse_args()
    size = QUICK if options.quick else FULL
    started = time.monotonic()
    measure.compile_first()
    with tempfile.TemporaryDirectory(prefix="egb") as folder, people(EVERYBODY) as who:
        bench = Bench(Path(folder), who, size)
        Starting(Path(folder), who, bench.environ, size.repeats, bench.row).measure()
        opening.measure_all(Path(folder), who, size.repeats, bench.row, quick=options.quick)
        bench.in_line()
        bench.one_subfolder()
        Growing(Path(folder), who, bench.environ, bench.row).measure(size.who, size.recrypted)
        re_encrypting.measure_all(Path(folder), who, size.repeats, bench.row, quick=options.quick)
        session_keys.measure_all(Path(folder), bench.row)
        Checking(Path(folder), who, bench.environ, size.repeats, bench.row).measure(size.checked)
        past = options.history or grow(Path(folder) / "grown", scale=size.grown).repository.root
        Rotation(past, bench.environ, size.repeats, bench.row).measure()
    version = subprocess.run(["gpg", "--version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]
    print(f"{CORES} processors, {version}, Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.1f}, ", end="")
    print(f"medians of {size.repeats}, {time.monotonic() - started:.0f} s\n")
    print("| claim | measured | bar | met |\n| --- | --- | --- | --- |")
    for row in bench.rows:
        print(f"| {' | '.join(row)} |")
    return int(any(row[3] == "NO" for row in bench.rows))


if __name__ == "__main__":
    sys.exit(main())
