"""Faults at system calls: each call of a run that touches the user's files fails once, or the process is killed there.

strace (6.0 or later) fails the Nth call of a name, or sends a signal at it. A first run tells which calls there are: of
our own process, on a path below the user's folders. gpg and git, which we start, are not touched.
"""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGCONT

WARM = Path(__file__).with_name("warm.py")
CALLS = (
    "openat,read,write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,"
    "chmod,fchmod,fchmodat,fchown,fchownat,ftruncate,symlink,symlinkat,rmdir,utimensat,flock,newfstatat,getdents64"
)
STARTS = "clone,clone3,vfork,fork"
"""Not failed, but seen: what happens before a program is started is told from what happens after."""

CHANGING = frozenset(CALLS.split(",")) - {"read", "newfstatat", "getdents64", "flock"}
LINE = re.compile(r"^(?P<call>\w+)\((?P<words>.*)\)\s+= ")
HERE = re.compile(r"AT_FDCWD<[^>]*>")
INJECTED = ("(INJECTED)", "+++ killed by SIGKILL", "--- SIGINT")


@dataclass(frozen=True)
class Call:
    """The Nth call of one name, from 1."""

    name: str
    number: int
    shown: str
    """As strace writes it."""
    after: int
    """How many changes and starts of programs came before it."""

    @property
    def changes(self) -> bool:
        """False for what only reads."""
        return self.name in CHANGING and not (self.name == "openat" and "O_RDONLY" in self.shown)


@dataclass(frozen=True)
class Fault:
    """What happens at a call."""

    name: str
    inject: str
    """In strace's words."""
    only_changes: bool = False
    """Whether it can only happen to calls that change something."""

    @property
    def is_end(self) -> bool:
        """Whether our process ends without a word."""
        return "SIGKILL" in self.inject

    def calls(self, traced: Sequence[Call]) -> list[Call]:
        """Those at which it is tried: to be killed twice with no change between is the same.

        So it is to be interrupted twice at the same look at the same file with no change between.
        """
        if self.is_end:
            return list({call.after: call for call in traced}.values())
        if "SIGINT" in self.inject:
            return list({(call.after, call.shown): call for call in traced}.values())
        return [call for call in traced if call.changes or not self.only_changes]


FAULTS = {
    fault.name: fault
    for fault in (
        Fault("input/output error", "error=EIO"),
        Fault("disk full", "error=ENOSPC", only_changes=True),
        Fault("read-only file system", "error=EROFS", only_changes=True),
        Fault("killed", "signal=SIGKILL"),
        Fault("interrupted", "signal=SIGINT"),
    )
}


@dataclass(frozen=True)
class Traced:
    """Result of a run."""

    status: int
    out: bytes
    err: bytes
    calls: tuple[Call, ...] = ()
    was_hit: bool = False
    """Whether the fault came at a call that touches the user's files; which call is the Nth may differ by run."""


@dataclass(frozen=True)
class Runner:
    """Runs `eyamlgpg WORDS` under strace, by a process of `warm`; `folder` is for what they write."""

    process: "subprocess.Popen[str]"
    folder: Path

    def run(self, where: "Where", words: Sequence[str], stdin: bytes, *extra: str) -> Traced:
        """One command line."""
        log, out, err = (self.folder / name for name in ("strace", "out", "err"))
        (self.folder / "stdin").write_bytes(stdin)
        order = {name: str(self.folder / name) for name in ("stdin", "out", "err")}
        child = int(self._say({**order, "folder": str(where.folder), "words": words, "environ": dict(where.environ)}))
        strace = ["strace", "-y", "-o", str(log), "-e", f"trace={CALLS},{STARTS}", *extra, "-p", str(child)]
        with subprocess.Popen(strace, stderr=subprocess.PIPE) as tracer:
            assert tracer.stderr is not None
            assert b"attached" in (said := tracer.stderr.readline()), said
            os.kill(child, SIGCONT)
            tracer.communicate(timeout=120)
        lines = log.read_text(errors="surrogateescape").splitlines()
        calls = tuple(_calls(lines, where.users))
        return Traced(self._answer(), out.read_bytes(), err.read_bytes(), calls, _was_hit(lines, where.users))

    def at(self, call: Call, fault: Fault, where: "Where", words: Sequence[str], stdin: bytes) -> Traced:
        """The same with a fault at one call."""
        return self.run(where, words, stdin, "-e", f"inject={call.name}:{fault.inject}:when={call.number}")

    def _say(self, order: Mapping[str, object]) -> int:
        assert self.process.stdin is not None
        print(json.dumps(order), file=self.process.stdin, flush=True)
        child = self._answer()
        # Stopped, so that nothing of it happens before strace is there.
        while Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] not in "TtZ":
            os.sched_yield()
        return child

    def _answer(self) -> int:
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())


@dataclass(frozen=True)
class Where:
    """Where a command line is run."""

    folder: Path
    environ: Mapping[str, str]
    users: Sequence[Path]
    """The folders of the user, whose calls count."""


@contextmanager
def runner(folder: Path) -> Iterator[Runner]:
    """A process that has imported everything, for any number of runs."""
    with subprocess.Popen(
        [sys.executable, "-P", str(WARM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Runner(process, folder)
        process.communicate()


def _calls(lines: Sequence[str], users: Sequence[Path]) -> Iterator[Call]:
    counted: Counter[str] = Counter()
    after = 0
    for line in lines:
        if (found := LINE.match(line)) is None:
            continue
        counted[found["call"]] += 1
        if found["call"] in STARTS.split(","):
            after += 1
        elif _touches(line, users):
            call = Call(found["call"], counted[found["call"]], line, after)
            after += call.changes
            yield call


def _touches(line: str, users: Sequence[Path]) -> bool:
    words = HERE.sub("", line)
    return any(os.fspath(folder) in words for folder in users)


def _was_hit(lines: Sequence[str], users: Sequence[Path]) -> bool:
    """A signal is told in the line behind the call, or, where it kills, behind the call that never returned."""
    for before, line in zip(["", *lines], lines, strict=False):
        if any(mark in line for mark in INJECTED):
            return _touches(before if line[0] in "+-" else line, users)
    return False


def why_not() -> str | None:
    """Why no fault can be injected here; None where it can."""
    try:
        ran = subprocess.run(
            ["strace", "-qq", "-e", "inject=getcwd:error=EIO", "pwd", "-P"], capture_output=True, check=False
        )
    except FileNotFoundError:
        return "strace is not installed"
    return None if b"INJECTED" in ran.stderr or ran.returncode else "strace may not trace here"
