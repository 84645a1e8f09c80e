"""`recrypt` for sixty readers, anew and by adding one reader, against the peer and a loop of gpg, in processor time.

The agent's share is in all numbers. Where others use the machine, too, times differ from run to run; ratios hold.

    python -m benchmarks.re_encrypting [--quick]
"""

import argparse
import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks import measure
from benchmarks.measure import agent_seconds, environment, eyamlgpg, processor_seconds
from benchmarks.world import People, Sealer, people, write_recipients, write_values
from eyamlgpg.formats.eyaml.values import find_values
from eyamlgpg.formats.text import decode
from eyamlgpg.gpg.sealing.in_process import seal

EVERYBODY = 60
PR_SET_CHILD_SUBREAPER = 36
"""From linux/prctl.h."""

Row = Callable[..., None]
"""`Bench.row`: claim, measured, bar, and whether it is met."""


@dataclass(frozen=True)
class Bars:
    """What is to be reached with one kind of key."""

    loop: float
    added: float


READERS = {"RSA-2048": (0, Bars(loop=2.5, added=150)), "cv25519": (1, Bars(loop=4, added=250))}
"""Whose key is ours: its place among the people, who have these kinds by turns."""


class Taken(NamedTuple):
    """Seconds a value, the agent's processor time included."""

    processor: float
    seconds: float


@dataclass
class ReEncrypting:
    """One reader's side."""

    folder: Path
    who: People
    repeats: int
    count: int
    few: int
    """Values for the peer and the loop, which take longer."""

    def __post_init__(self) -> None:
        self.environ = environment(self.who.home)
        self.root = self.folder / "re-encrypted"
        write_values(self.root / "data", self.count, self.who.keys[: EVERYBODY - 1], Sealer(self.who))
        write_recipients(self.root, self.who.keys[:EVERYBODY])

    def measured(self, reader: str, bars: Bars, row: Row) -> None:
        """The rows of this reader."""
        tries: list[list[Taken]] = []
        for _ in range(self.repeats):
            has_peer = shutil.which("eyaml") is not None
            ours, added = self.ours("--fresh"), self.ours()
            tries.append([ours, added, self.loop(), self.peer() if has_peer else Taken(0, 0)])
        columns = [*zip(*tries, strict=True)]
        fresh, added, loop, peer = (median(one.processor for one in column) for column in columns)
        wall = [median(one.seconds for one in column) for column in columns]
        what = f"recrypt --fresh of {self.count:,} values to {EVERYBODY}, reader with {reader}, processor time"
        row(what, f"{_ms(fresh)}; {_ms(wall[0])} of wall time", "", met=None)
        _against(row, "… against eyaml recrypt", peer, fresh, 100)
        _against(row, "… against gpg -d \\| gpg -e", loop, fresh, bars.loop)
        floor = self.floor()
        row("… against its floor: the agent and the sealing", f"{_ms(floor)}, {fresh / floor:.2f} ×", "", met=None)
        text = f"{_ms(added)}; {_ms(wall[1])} of wall time"
        row(f"one reader added to {EVERYBODY}, reader with {reader}, processor time", text, "", met=None)
        _against(row, "… against eyaml recrypt", peer, added, bars.added)
        row("… against gpg -d \\| gpg -e", f"{loop / added:.1f} ×", "", met=None)

    def ours(self, *words: str) -> "Taken":
        """Processor seconds a value of our `recrypt`, its start included."""
        with _copied(self.root, self.folder) as copied:
            return self._cost(eyamlgpg("recrypt", *words), copied, self.count)

    def loop(self) -> "Taken":
        """The same of a gpg that opens and one that encrypts."""
        with _copied(self.root, self.folder) as copied:
            texts = [decode(path.read_bytes()) for path in sorted((copied / "data").glob("*.eyaml"))]
            messages = [value.token.message() for text in texts for value in find_values(text).values][: self.few]
            for number, message in enumerate(messages):
                (copied / f"{number}.gpg").write_bytes(message)
            recipients = " ".join(f"-r {key.fingerprint}" for key in self.who.keys[:EVERYBODY])
            one = f'gpg -q --batch -d "$f" | gpg -q --batch --trust-model always -e {recipients} > "$f.new"'
            (copied / "all.sh").write_text(f"set -e\nfor f in *.gpg; do {one}; done\n")
            return self._cost(["sh", "all.sh"], copied, len(messages))

    def peer(self) -> "Taken":
        """The same of `eyaml recrypt`."""
        with _copied(self.root, self.folder) as copied:
            path = min((copied / "data").glob("*.eyaml"))
            text = decode(path.read_bytes())
            found = find_values(text).values[: self.few]
            path.write_text(text[: found[-1].token.end] + "\n")
            words = ["eyaml", "recrypt", "-n", "gpg", "-d", "gpg", "--gpg-gnupghome", str(self.who.home), str(path)]
            return self._cost(words, copied, len(found))

    def floor(self) -> float:
        """Processor seconds a value of what nobody can do without: the agent's operation, and the sealing."""
        before = agent_seconds(self.who.home)
        self.ours("--fresh")
        agent = (agent_seconds(self.who.home) - before) / self.count
        readers, times = self.who.readers(self.who.keys[:EVERYBODY]), 40
        sealing = processor_seconds(lambda: [seal(b"x" * 20, readers) for _ in range(times)]) / times
        return agent + sealing

    def _cost(self, words: list[str], folder: Path, values: int) -> "Taken":
        before = agent_seconds(self.who.home)
        cost = measure.run(words, folder, self.environ)
        if cost.status:
            raise SystemExit(f"{words[0]} ended with {cost.status}: {cost.stderr}")
        processor = cost.processor + _orphans() + agent_seconds(self.who.home) - before
        return Taken(processor / values, cost.seconds / values)


@contextmanager
def _copied(root: Path, folder: Path) -> Iterator[Path]:
    """The same tree to work on."""
    copied = folder / "re-encrypted-copy"
    shutil.copytree(root, copied)
    try:
        yield copied
    finally:
        shutil.rmtree(copied)


def _adopt_orphans() -> None:
    """Become the parent of what other programs start and leave behind, as gpgme does with every gpg (prctl(2))."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _orphans() -> float:
    """Processor seconds of those that have ended."""
    seconds = 0.0
    while True:
        try:
            pid, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return seconds
        if not pid:
            return seconds
        seconds += usage.ru_utime + usage.ru_stime


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.2f} ms a value"


def _against(row: Row, claim: str, other: float, ours: float, bar: float) -> None:
    if other:
        ratio = other / ours
        row(claim, f"{other * 1e3:.0f} ms, {ratio:.1f} ×", f">= {bar:g} ×", met=ratio >= bar)
    else:
        row(claim, "eyaml is not here", f">= {bar:g} ×", met=None)


def measure_all(folder: Path, who: People, repeats: int, row: Row, *, quick: bool) -> None:
    """The rows of both kinds of reader; `who`: people of whom the first is us."""
    _adopt_orphans()
    count, few = (200, 3) if quick else (1000, 10)
    for reader, (us, bars) in READERS.items():
        part = folder / reader
        part.mkdir()
        if us == 0:
            ReEncrypting(part, who, repeats, count, few).measured(reader, bars, row)
            continue
        with people(EVERYBODY, us) as others:
            ReEncrypting(part, others, repeats, count, few).measured(reader, bars, row)


def main() -> int:
    """Only these rows; 1 if a bar is not met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.re_encrypting")
    parser.add_argument("--quick", action="store_true", help="small trees, one repeat")
    quick = parser.parse_args().quick
    verdicts: list[bool | None] = []

    def row(claim: str, measured: str, bar: str, *, met: bool | None) -> None:
        verdicts.append(met)
        print(f"| {claim} | {measured} | {bar} | {'' if met is None else 'yes' if met else 'NO'} |", flush=True)

    with tempfile.TemporaryDirectory(prefix="egb") as folder, people(EVERYBODY) as who:
        measure_all(Path(folder), who, 1 if quick else 3, row, quick=quick)
    return int(False in verdicts)


if __name__ == "__main__":
    sys.exit(main())
