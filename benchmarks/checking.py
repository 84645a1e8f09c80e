"""`check`: a tree of many files, the growth of time and memory, and what is staged in it."""

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import measure
from benchmarks.measure import Cost, Row, eyamlgpg, processor_seconds
from benchmarks.world import People, Sealer, write_recipients
from eyamlgpg.formats.eyaml import tokens
from eyamlgpg.formats.eyaml.values import find_values
from eyamlgpg.formats.text import decode

VALUES = 10
"""A file."""
STAGED = 20
TIMES = 3
"""Parsing each file once."""
READERS = 3


@dataclass(frozen=True)
class Checking:
    """`check` on trees of one set of people."""

    folder: Path
    who: People
    environ: Mapping[str, str]
    repeats: int
    row: Row

    def measure(self, files: int) -> None:
        """So many files, and a tenth as many; then what is staged in the tenth."""
        tenth, whole = self.tree(files // 10), self.tree(files)
        # On fewer files the start is most of it.
        bar = TIMES if files // 10 >= 1000 else None
        small = self.against_parsing(tenth, files // 10, bar)
        large = self.against_parsing(whole, files, None)
        ratio = large.processor / small.processor / 10
        self.row("… a file, against a tenth of the files", f"{ratio:.2f} ×", "linear", met=ratio <= 1.1)
        grown = (large.peak_kib - small.peak_kib) / (files - files // 10)
        memory = f"{large.peak_kib / 1024:.0f} MiB, {grown:.1f} KiB a file"
        self.row("… its memory", memory, "<= 2 KiB a file", met=grown <= 2)
        for path in sorted(tenth.rglob("*.eyaml"))[:STAGED]:
            path.write_text(f"{path.read_text()}app::more: one\n")
        self.git(tenth, "add", "-A")
        staged = self.median_of(tenth, "--staged")
        share = staged.processor / small.processor
        text = f"{staged.processor:.2f} s of processor, {share:.2f} × of the whole tree; {staged.seconds:.1f} s"
        what = f"check --staged, {STAGED} of {files // 10:,} files changed"
        self.row(what, text, "<= 0.3 ×" if bar else "", met=share <= 0.3 if bar else None)
        for root in (tenth, whole):
            shutil.rmtree(root)

    def against_parsing(self, root: Path, files: int, bar: int | None) -> Cost:
        """The row of a tree: `check` against parsing each of its files once, in one process."""
        parsing = processor_seconds(lambda: _parse(root))
        cost = self.median_of(root)
        ratio = cost.processor / parsing
        text = f"{cost.processor:.1f} s of processor, {ratio:.1f} × of parsing each file once; {cost.seconds:.1f} s"
        what = f"check of {files:,} files with {files * VALUES:,} values"
        self.row(what, text, f"<= {bar} ×" if bar else "", met=None if bar is None else ratio <= bar)
        return cost

    def median_of(self, root: Path, *words: str) -> Cost:
        """The run in the middle of some; each must find nothing."""
        costs = [measure.run(eyamlgpg("check", *words), root, self.environ) for _ in range(min(2, self.repeats))]
        for cost in costs:
            if cost.status:
                raise SystemExit(f"check ended with {cost.status}: {cost.stdout[:500]}{cost.stderr}")
        return sorted(costs, key=lambda cost: cost.processor)[len(costs) // 2]

    def tree(self, files: int) -> Path:
        """A committed tree; the values are few, since who may read them is all that counts here."""
        root = self.folder / f"check{files}"
        readers = self.who.keys[:READERS]
        write_recipients(root, readers)
        sealer = Sealer(self.who)
        sealed = [tokens.render(sealer.seal(f"secret {n}".encode(), readers), layout=None) for n in range(VALUES)]
        (root / ".eyamlgpg").mkdir()
        master = f"version: 1\npuppetmasters:\n  master: {readers[0].fingerprint}\n"
        (root / ".eyamlgpg" / "policy.yaml").write_text(master)
        for number in range(files):
            path = root / f"area{number % 40}" / f"app{number}.eyaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text("---\n" + "".join(_value(number, at, one) for at, one in enumerate(sealed)))
        self.git(root, "init", "-q")
        self.git(root, "add", "-A")
        self.git(root, "commit", "-qm", "all")
        return root

    def git(self, root: Path, *words: str) -> None:
        """Git, as nobody in particular."""
        somebody = ("-c", "user.name=bench", "-c", "user.email=bench@example.com")
        subprocess.run(["git", *somebody, *words], cwd=root, env=dict(self.environ), check=True)


def _value(number: int, at: int, token: str) -> str:
    name = f"profile::app{number}::item{at}"
    return f"{name}::password: {token}\n{name}::host: db{at}.example.com\n{name}::port: 5432\n"


def _parse(root: Path) -> None:
    for path in root.rglob("*.eyaml"):
        find_values(decode(path.read_bytes()))
