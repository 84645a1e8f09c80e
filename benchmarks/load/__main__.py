"""Measure what each command needs on trees of growing size; print the table.

    python -m benchmarks.load [--quick | --write | --draw]

Processor seconds are those of the command, of what it starts and of gpg-agent. Linux only: memory and the share of the
agent are read from /proc.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import measure
from benchmarks.load import picture, runs, table, trees
from benchmarks.load.measured import STORED, Curve, Load, store, stored
from benchmarks.world import people, without_secret_keys

SIZES = (1_000, 10_000, 100_000)
QUICK = (200, 2_000)
REPEATS = 3
ONCE_FROM = 100_000
"""Values of a tree that is measured only once."""


def measured(sizes: Sequence[int]) -> Load:
    """One run over trees of these sizes."""
    measure.compile_first()
    costs, files, megabytes = [], [], []
    with (
        tempfile.TemporaryDirectory(prefix="egl") as folder,
        people(trees.EVERYBODY + trees.MASTERS, trees.US) as who,
        without_secret_keys(who) as public,
    ):
        runner = runs.Runner(who.home, public)
        for values in sizes:
            root = Path(folder) / str(values)
            root.mkdir()
            tree = trees.make(root, values, who)
            _say(f"{values:,} values in {tree.files:,} files are made")
            costs.append(runs.measure(tree, values, runner, 1 if values >= ONCE_FROM else REPEATS, _say))
            files.append(tree.files)
            megabytes.append(round(tree.size / 1e6))
            shutil.rmtree(root)
    curves = tuple(Curve(name, tuple(one[name] for one in costs)) for name in costs[0])
    return Load(_machine(), tuple(files), tuple(megabytes), curves)


def _machine() -> str:
    gpg = subprocess.run(["gpg", "--version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]
    load = os.getloadavg()[0]
    return f"{measure.CORES} processors, {gpg}, Python {platform.python_version()}, load {load:.1f} at the end"


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def write(load: Load) -> None:
    """The numbers, the picture and the table of the page."""
    store(load, STORED)
    picture.DRAWN.write_text(picture.draw(load), encoding="utf-8")
    table.PAGE.write_text(table.onto_page(table.PAGE.read_text(encoding="utf-8"), load), encoding="utf-8")


def main() -> int:
    """Measure or draw."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description="What commands need on large trees.")
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--quick", action="store_true", help="small trees: to see that it works")
    chosen.add_argument("--write", action="store_true", help="also write the numbers, the picture and the page's table")
    chosen.add_argument("--draw", action="store_true", help="write picture and table from the stored numbers; no run")
    options = parser.parse_args()
    if options.draw:
        write(stored())
        return 0
    started = time.monotonic()
    load = measured(QUICK if options.quick else SIZES)
    if options.write:
        write(load)
    print(table.block(load))
    _say(f"{time.monotonic() - started:.0f} s in all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
