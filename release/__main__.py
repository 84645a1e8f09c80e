"""Build a release, check it, and install it everywhere: `tox run -e dist`.

    python -m release [--to FOLDER] [--python PATH]…

Makes the wheel and the sdist twice and compares the bytes, lets twine check them, installs each into an empty
environment of every Python found from 3.11 on and plays the demo there, then writes the bill of materials of what was
installed and the list of licences. The status is 1 if any of it failed; the table says what.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from release.bill import write_bill
from release.installing import Installed, install
from release.pythons import Interpreter, found

ROOT = Path(__file__).resolve().parent.parent
EARLIEST_IN_A_ZIP = "315532800"
"""1980-01-01: a wheel is a zip file, which knows no earlier time."""


def main() -> int:
    """Run every step; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m release", description="Build a release, check and install it.")
    parser.add_argument("--to", type=Path, default=ROOT / "dist", help="where to put it [default: dist]")
    parser.add_argument("--python", type=Path, action="append", help="a Python to install on [default: all found]")
    wanted = parser.parse_args()
    pythons = found(wanted.python)
    if not pythons:
        print("no Python from 3.11 on", file=sys.stderr)  # noqa: T201 - a program of its own
        return 1
    made = build(wanted.to)
    subprocess.run([sys.executable, "-m", "twine", "check", "--strict", *made], check=True)
    with tempfile.TemporaryDirectory() as scratch:
        rows = [
            install(python, archive, Path(scratch) / f"{python.version}{archive.suffix}")
            for python in pythons
            for archive in made
        ]
        sound = [row for row in rows if row.failure is None]
        if sound:
            write_bill(sound[0].folder, wanted.to)
    _show(rows, pythons)
    return 0 if len(sound) == len(rows) else 1


def build(folder: Path) -> list[Path]:
    """The wheel and the sdist, made anew into `folder`; CalledProcessError where a second build has other bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in [*folder.glob("eyamlgpg-*.whl"), *folder.glob("eyamlgpg-*.tar.gz")]:
        old.unlink()
    _build(folder)
    made = sorted([*folder.glob("eyamlgpg-*.whl"), *folder.glob("eyamlgpg-*.tar.gz")])
    with tempfile.TemporaryDirectory() as again:
        _build(Path(again))
        for archive in made:
            subprocess.run(["cmp", archive, Path(again) / archive.name], check=True)
    return made


def _build(folder: Path) -> None:
    environ = {"SOURCE_DATE_EPOCH": EARLIEST_IN_A_ZIP, **os.environ}
    subprocess.run([sys.executable, "-m", "build", "--outdir", folder, ROOT], check=True, env=environ)


def _show(rows: list[Installed], pythons: list[Interpreter]) -> None:
    table = Table("Python", "archive", "version", "demo")
    for row in rows:
        table.add_row(row.python.version, row.archive.name, row.version, row.failure or "played")
    console = Console()
    console.print(table)
    missing = sorted({f"3.{minor}" for minor in range(11, 15)} - {python.short for python in pythons})
    if missing:
        console.print(f"Not on this machine, so not tried: Python {', '.join(missing)}.")


if __name__ == "__main__":
    sys.exit(main())
