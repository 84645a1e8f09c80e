"""What is run and measured: processor seconds, seconds and memory; and the agent's share."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

TICKS = os.sysconf("SC_CLK_TCK")
CORES = len(os.sched_getaffinity(0))


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
    """Of the process itself, not of its children."""
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
    assert process.stdin
    process.stdin.write(stdin)
    process.stdin.close()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    texts = []
    for stream in (out, err):
        stream.seek(0)
        texts.append(stream.read())
        stream.close()
        Path(stream.name).unlink()
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, texts[0], texts[1], process.returncode)


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

    What several of them share is counted for each, but for a child that has not started its own program yet: until then
    all of its memory is its parent's.
    """
    peak = 0
    while process.poll() is None:
        peak = max(peak, _resident_kib(process.pid))
        time.sleep(0.02)
    return peak


def _resident_kib(pid: int) -> int:
    try:
        own = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024
        program = _program(pid)
        children = [
            child for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
        ]
    except (OSError, IndexError):
        return 0  # it ended meanwhile
    return own + sum(_resident_kib(int(child)) for child in children if _program(child) != program)


def _program(pid: int | str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def processor_seconds(work: Callable[[], object], times: int = 3) -> float:
    """Processor seconds of this process for doing it, the best of some tries."""
    tries = []
    for _ in range(times):
        start = time.process_time()
        work()
        tries.append(time.process_time() - start)
    return min(tries)
