"""What is run and measured: processor seconds, seconds and memory; and the agent's share."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

TICKS = os.sysconf("SC_CLK_TCK")
CORES = len(os.sched_getaffinity(0))
LOOK = 0.02
"""Seconds between two looks at the memory of a process."""


class Row(Protocol):
    """Takes what was measured."""

    def __call__(self, claim: str, measured: str, bar: str, *, met: bool | None) -> None:
        """A row of the table."""


@dataclass(frozen=True)
class Cost:
    """What one run took."""

    seconds: float
    processor: float
    """Processor seconds, those of its children included."""
    peak_kib: int
    """The most memory at once, as `resident_kib` counts it."""
    stdout: str
    stderr: str
    status: int


def run(words: Sequence[str], folder: Path, environ: Mapping[str, str], *, stdin: bytes = b"") -> Cost:
    """One program to its end."""
    start = time.perf_counter()
    process = subprocess.Popen(
        list(words),
        cwd=folder,
        env=dict(environ),
        stdin=subprocess.PIPE,
        stdout=(out := (folder / ".stdout").open("w+")),
        stderr=(err := (folder / ".stderr").open("w+")),
    )
    peak = Peak(process.pid)
    peak.start()
    assert process.stdin
    process.stdin.write(stdin)
    process.stdin.close()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    peak.stop()
    process.returncode = os.waitstatus_to_exitcode(status)
    texts = []
    for stream in (out, err):
        stream.seek(0)
        texts.append(stream.read())
        stream.close()
        Path(stream.name).unlink()
    return Cost(seconds, usage.ru_utime + usage.ru_stime, peak.kib, texts[0], texts[1], process.returncode)


def environment(home: Path) -> dict[str, str]:
    """The environment of what is run: a GnuPG home, this version, and modules that are compiled once, as for users."""
    environ = {**os.environ, "GNUPGHOME": str(home), "PYTHONPATH": str(Path.cwd())}
    for name in ("HIERA_EYAML_GPG_GNUPGHOME", "PYTHONDONTWRITEBYTECODE"):
        environ.pop(name, None)
    return environ


def compile_first() -> None:
    """Compile the package; what it uses of other packages is compiled by the first run of each command."""
    subprocess.run([sys.executable, "-m", "compileall", "-q", "eyamlgpg"], check=True)


def eyamlgpg(*words: str) -> list[str]:
    """The command line of this very version."""
    return [sys.executable, "-m", "eyamlgpg", *words]


def agent_seconds(home: Path) -> float:
    """Processor seconds that the agent of a home has used so far (Linux, proc(5))."""
    asked = subprocess.run(
        ["gpg-connect-agent", "--homedir", str(home), "GETINFO pid", "/bye"], capture_output=True, text=True, check=True
    )
    pid = next(line.split()[1] for line in asked.stdout.splitlines() if line.startswith("D "))
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def peak_kib_with_children(process: subprocess.Popen[bytes]) -> int:
    """The most memory that a process and all that it started had at once, looked at until it ends (Linux, proc(5)).

    As `resident_kib` counts it.
    """
    peak = 0
    while process.poll() is None:
        peak = max(peak, resident_kib(process.pid))
        time.sleep(LOOK)
    return peak


class Peak(threading.Thread):
    """Looks at the memory of a process and of all that it started, until it is told to stop.

    The peak that wait4(2) tells is never less than what the caller itself had when it started the process.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.kib = 0
        self._pid = pid
        self._ended = threading.Event()

    def run(self) -> None:
        """Look again and again."""
        while not self._ended.wait(LOOK):
            self.kib = max(self.kib, resident_kib(self._pid))

    def stop(self) -> None:
        """End of looking."""
        self._ended.set()
        self.join()


def resident_kib(pid: int, parent: bytes = b"") -> int:
    """The memory that a process and all that it started have now; 0 for one that has ended (Linux, proc(5)).

    A child that runs the same command line as its parent is about to become another program, and still has the
    parent's memory: it is not counted. Nor are the pages of files that a child maps, as git does with a whole pack.
    """
    place = Path(f"/proc/{pid}")
    try:
        words = (place / "cmdline").read_bytes()
        if words == parent:
            return 0
        _, resident, mapped = map(int, (place / "statm").read_text().split()[:3])
        children = [child for task in (place / "task").iterdir() for child in (task / "children").read_text().split()]
    except (OSError, ValueError):
        return 0  # it ended meanwhile
    pages = resident - mapped if parent else resident
    own = pages * os.sysconf("SC_PAGE_SIZE") // 1024
    return own + sum(resident_kib(int(child), words) for child in children)


def processor_seconds(work: Callable[[], object], times: int = 3) -> float:
    """Processor seconds of this process for doing it, the best of some tries."""
    tries = []
    for _ in range(times):
        start = time.process_time()
        work()
        tries.append(time.process_time() - start)
    return min(tries)
