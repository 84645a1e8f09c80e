"""`rotation` over a long history, against what git alone needs to print the same: its log, and the same blobs."""

import os
import re
import subprocess
from base64 import b64decode
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import measure
from benchmarks.measure import Cost, Row, eyamlgpg
from eyamlgpg.errors import FormatError
from eyamlgpg.formats.openpgp.packets import read
from eyamlgpg.repo.history import read_history

TIMES = 3
MEMORY_MIB = 300
_VALUE = re.compile(rb"ENC\[GPG,([A-Za-z0-9+/=]+)\]")


@dataclass(frozen=True)
class Rotation:
    """One repository, and who is asked about: the key ID that most of its values of today, or of ever, name."""

    root: Path
    environ: Mapping[str, str]
    repeats: int
    row: Row

    def measure(self) -> None:
        """Both, by turns; the run in the middle counts."""
        history = read_history(self.root, self.environ)
        ids = list(dict.fromkeys(c.object_id for commit in history.commits for c in commit.changes if c.object_id))
        person = self._person(ids)
        pairs = [(self._git(ids), self._rotation(person)) for _ in range(self.repeats)]
        by_time = sorted(pairs, key=lambda pair: pair[1].seconds / pair[0][0])
        (seconds, processor), ours = by_time[len(by_time) // 2]
        what = f"rotation over {len(history.commits):,} commits, {len(ids):,} file versions"
        ratio = ours.seconds / seconds
        text = f"{ours.seconds:.1f} s, {ratio:.1f} × of git log --raw and git cat-file"
        self.row(what, text, f"<= {TIMES} ×", met=ratio <= TIMES)
        self.row("… processor seconds", f"{ours.processor:.1f} s, {ours.processor / processor:.1f} ×", "", met=None)
        memory = ours.peak_kib / 1024
        self.row("… its memory", f"{memory:.0f} MiB", f"<= {MEMORY_MIB} MiB", met=memory <= MEMORY_MIB)

    def _git(self, ids: list[str]) -> tuple[float, float]:
        """Seconds and processor seconds of the log and of the contents, one after the other."""
        asked = "".join(f"{one}\n" for one in ids).encode()
        costs = []
        for words in (["log", "--all", "--raw", "--no-abbrev"], ["cat-file", "--batch", "--buffer"]):
            before = os.times()
            argv = ["git", "-C", str(self.root), *words]
            subprocess.run(argv, input=asked, env=dict(self.environ), stdout=subprocess.DEVNULL, check=True)
            after = os.times()
            used = after.children_user + after.children_system - before.children_user - before.children_system
            costs.append((after.elapsed - before.elapsed, used))
        tick = 1 / measure.TICKS  # a small history takes less than can be told
        return max(tick, sum(one for one, _ in costs)), max(tick, sum(one for _, one in costs))

    def _rotation(self, person: str) -> Cost:
        cost = measure.run(eyamlgpg("rotation", person), self.root, self.environ)
        if cost.status not in (0, 1):
            raise SystemExit(f"rotation ended with {cost.status}: {cost.stderr}")
        return cost

    def _person(self, ids: list[str]) -> str:
        found: Counter[str] = Counter()
        for _, content in read_history(self.root, self.environ).contents(ids[-2000:]):
            for base64 in _VALUE.findall(content or b"")[:20]:
                try:
                    found.update(read(b64decode(base64)).key_ids)
                except (FormatError, ValueError):
                    continue
        return found.most_common(1)[0][0]
