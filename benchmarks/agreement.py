"""`rotation` over a repository that grew for three years, against the slow reference that knows every plaintext.

    python -m benchmarks.agreement [--small] [--people 5] [--seed 1]

Prints what the repository went through, and for each person, without and with a private key, how many lines there are,
whether all of them agree, and what the worklist took; the memory counts git's processes too. Linux only.
"""

import argparse
import pickle
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks import measure
from tests.support.grown import FULL, SMALL, Grown, grow, keyring_of, people_of
from tests.support.grown_worklists import answers_of, worklist_of
from tests.support.rotation_reference import Reference

MEMORY_MIB = 300
_ONE = "one"


def main() -> int:
    """Print both tables; 1 if a line differs or the memory is beyond the bar."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.agreement")
    parser.add_argument("--small", action="store_true", help="the repository of the tests: to see that it works")
    parser.add_argument("--people", type=int, default=5, help="how many people are asked about")
    parser.add_argument("--seed", type=int, default=1, help="what the repository is grown from")
    parser.add_argument("--list", metavar="FILE", dest=_ONE, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        return _list(Path(options.one))
    with tempfile.TemporaryDirectory(prefix="egb") as folder:
        grown = grow(Path(folder) / "grown", options.seed, SMALL if options.small else FULL)
        _tell(grown, options.seed)
        print("| person | private key | lines | due | unknown | changed | gone | agree | seconds | MiB |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        good = [
            _compared(grown, who, Path(folder), with_key=with_key)
            for who in _people(grown, options.people)
            for with_key in (False, True)
        ]
    return int(not all(good))


def _tell(grown: Grown, seed: int) -> None:
    values, git = sum(map(len, grown.trees[-1].values())), grown.repository.git
    objects = git("count-objects", "-v").split("in-pack: ")[1].split()[0]
    merges = git("rev-list", "--all", "--merges", "--count").strip()
    print(f"seed {seed}: {len(grown.trees):,} commits, {merges} of them merges, {len(grown.key_ids)} people,", end=" ")
    print(f"{values:,} values, {objects} objects of git; done {_steps(grown.steps)}\n")


def _people(grown: Grown, count: int) -> list[int]:
    """Those who read least today, of them those with the most subkeys; the last one reads most."""
    head = grown.commit_ids.index(grown.repository.git("rev-parse", "HEAD").strip())
    today = Counter(key_id for file in grown.trees[head].values() for one in file.values() for key_id in one.readers)
    everybody = people_of(grown, len(grown.key_ids))
    by_access = sorted(everybody, key=lambda who: sum(today[key_id] for key_id in grown.key_ids[who]))
    return [*by_access[: count - 1], by_access[-1]]


def _steps(steps: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,} ×" for name, count in steps.most_common())


def _compared(grown: Grown, who: int, folder: Path, *, with_key: bool) -> bool:
    own = grown.admin if with_key else None
    asked = folder / "asked"
    asked.write_bytes(pickle.dumps((grown.repository.root, keyring_of(grown), who, own)))
    started = time.monotonic()
    argv = [sys.executable, "-m", "benchmarks.agreement", "--list", str(asked)]
    process = subprocess.Popen(argv)
    peak = measure.peak_kib_with_children(process) / 1024
    seconds = time.monotonic() - started
    answers = pickle.loads(asked.with_suffix(".answers").read_bytes()) if process.returncode == 0 else []  # noqa: S301
    expected = Reference(grown, grown.key_ids[who], own).worklist()
    counts = Counter(answer.status for answer in answers)
    told = " | ".join(f"{counts[status]:,}" for status in ("due", "unknown", "changed", "gone"))
    differing = sum(one != other for one, other in zip(answers, expected, strict=False))
    differing += abs(len(answers) - len(expected))
    agree = "all" if not differing else f"{differing} DIFFER"
    key = "yes" if with_key else "no"
    print(f"| p{who} | {key} | {len(answers):,} | {told} | {agree} | {seconds:.1f} | {peak:.0f} |", flush=True)
    return not differing and bool(answers) and peak <= MEMORY_MIB


def _list(asked: Path) -> int:
    """One worklist in a process of its own, so that its memory can be told."""
    root, keyring, who, own = pickle.loads(asked.read_bytes())  # noqa: S301 - our own
    answers = answers_of(worklist_of(root, keyring, who, own))
    asked.with_suffix(".answers").write_bytes(pickle.dumps(answers))
    return 0


if __name__ == "__main__":
    sys.exit(main())
