"""Every command on one tree: seconds, processor seconds and memory."""

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load.measured import Cost
from benchmarks.load.trees import COMMON, Tree
from benchmarks.measure import Peak, agent_seconds, environment, eyamlgpg


@dataclass(frozen=True, slots=True)
class Command:
    """What is run, and how it must end."""

    name: str
    words: tuple[str, ...]
    status: int = 0
    with_key: bool = True
    """Whether the home has a secret key."""


def commands(tree: Tree) -> list[Command]:
    """All that is measured; the last one writes."""
    reading = [
        Command(words, tuple(words.split()))
        for words in (
            "check",
            "who",
            "who --check",
            "recrypt --check",
            "audit",
            "audit --format json",
            "audit --format html",
        )
    ]
    return [
        *reading,
        Command("rotation PERSON", ("rotation", tree.leaver.fingerprint), status=1, with_key=False),
        Command("recrypt --all, a tenth", ("recrypt", "--all", COMMON)),
    ]


@dataclass(frozen=True)
class Runner:
    """Runs commands as one person, or with public keys alone."""

    home: Path
    public: Path

    def middle(self, command: Command, tree: Tree, values: int, repeats: int) -> Cost:
        """The run in the middle of some, by its processor seconds."""
        costs = [self.once(command, tree, values) for _ in range(repeats)]
        return sorted(costs, key=lambda cost: cost.processor)[statistics.median_low(range(repeats))]

    def once(self, command: Command, tree: Tree, values: int) -> Cost:
        """One run to its end; what it prints goes to a file, as into a pipe."""
        home = self.home if command.with_key else self.public
        before = agent_seconds(home)
        start = time.perf_counter()
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            process = subprocess.Popen(
                eyamlgpg(*command.words),
                cwd=tree.root,
                env=environment(home),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )
            peak = Peak(process.pid)
            peak.start()
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
            peak.stop()
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != command.status:
                err.seek(0)
                raise SystemExit(f"{command.name} ended with {process.returncode}: {err.read()[-2000:].decode()}")
        processor = usage.ru_utime + usage.ru_stime + agent_seconds(home) - before
        return Cost(values, round(seconds, 2), round(processor, 2), round(peak.kib / 1024, 1))


def measure(tree: Tree, values: int, runner: Runner, repeats: int, say: Callable[[str], None]) -> dict[str, Cost]:
    """The cost of each command by its name; `say` is told of each."""
    costs = {}
    for command in commands(tree):
        cost = costs[command.name] = runner.middle(command, tree, values, repeats)
        told = f"{cost.seconds:.1f} s, {cost.processor:.1f} s of processor, {cost.mib:,.0f} MiB"
        say(f"{values:,} values, {command.name}: {told}")
    return costs
