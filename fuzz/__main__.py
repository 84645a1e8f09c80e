"""Fuzz one target, or each in turn: `tox run -e fuzz -- [TARGET…] [--seconds N]`.

Guided by coverage (atheris). It begins with the target's seeds, and ends with the first input that breaks it: libFuzzer
writes that into the working directory, and `python -m fuzz TARGET FILE` shows it again. Made small, it belongs into
`fixtures/fuzz/TARGET`, where the tests hold it.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["eyamlgpg.formats", "eyamlgpg.model"]):
    from fuzz.targets import TARGETS

MAX_LENGTH = 20_000
"""Of an input, in bytes: what is quadratic shows well before."""
TOO_SLOW = 10
"""Seconds for one input."""


def main() -> int:
    """Run what the command line names; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description="Fuzz the parsers, guided by coverage.")
    parser.add_argument("names", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)} [default: each]")
    parser.add_argument("--seconds", type=int, default=60, help="for each target [default: 60]")
    wanted = parser.parse_args()
    if unknown := sorted(set(wanted.names) - set(TARGETS)):
        parser.error(f"there is no target {', '.join(unknown)}")
    names = wanted.names or list(TARGETS)
    broken = [name for name in names if _fuzz(name, wanted.seconds)]
    if len(names) > 1:
        print(f"{len(names)} targets, {len(broken)} broken: {', '.join(broken) or 'none'}")  # noqa: T201
    return 1 if broken else 0


def _fuzz(name: str, seconds: int) -> int:
    """The status of a process of its own: libFuzzer ends the one that it runs in."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    target = TARGETS[name]
    with tempfile.TemporaryDirectory() as folder:
        for index, seed in enumerate(target.inputs()):
            (Path(folder) / f"{index}").write_bytes(seed)
        flags = [f"-max_total_time={seconds}", f"-max_len={MAX_LENGTH}", f"-timeout={TOO_SLOW}"]
        flags += ["-print_final_stats=1", "-verbosity=0", f"-artifact_prefix={name}-"]
        atheris.Setup([sys.argv[0], *flags, folder], target.hold)
        atheris.Fuzz()
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
