"""Faults at system calls: each call of a run that touches the user's files fails once, or the process is killed there.

strace (6.0 or later) fails the Nth call of a name, or sends a signal at it. A first run tells which calls there are: of
our own process, on a path below the user's folders. gpg and git, which we start, are not touched.
"""

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CALLS = (
    "openat,read,write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,"
    "chmod,fchmod,fchmodat,fchown,fchownat,ftruncate,symlink,symlinkat,rmdir,utimensat,flock,newfstatat,getdents64"
)
CHANGING = frozenset(CALLS.split(",")) - {"read", "newfstatat", "getdents64", "flock"}
LINE = re.compile(r"^(?P<call>\w+)\((?P<words>.*)\)\s+= ")
HERE = re.compile(r"AT_FDCWD<[^>]*>")


@dataclass(frozen=True)
class Call:
    """The Nth call of one name, from 1."""

    name: str
    number: int
    shown: str
    """As strace writes it."""

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
    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Runner:
    """Runs `eyamlgpg WORDS` in `folder` under strace; `log` is where strace writes."""

    folder: Path
    users: Sequence[Path]
    """The folders of the user, whose calls count."""
    environ: Mapping[str, str]
    log: Path

    def run(self, words: Sequence[str], stdin: bytes, *extra: str) -> Traced:
        """One command line."""
        self.log.unlink(missing_ok=True)
        strace = ["strace", "-qq", "-y", "-o", str(self.log), "-e", f"trace={CALLS}", *extra]
        ran = subprocess.run(
            [*strace, sys.executable, "-P", "-m", "eyamlgpg", *words],
            cwd=self.folder,
            env={**self.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"},
            input=stdin,
            capture_output=True,
            check=False,
            timeout=60,
        )
        return Traced(ran.returncode, ran.stdout, ran.stderr, tuple(self._calls()))

    def at(self, call: Call, fault: Fault, words: Sequence[str], stdin: bytes) -> Traced:
        """The same with a fault at one call."""
        return self.run(words, stdin, "-e", f"inject={call.name}:{fault.inject}:when={call.number}")

    def _calls(self) -> Iterator[Call]:
        counted: Counter[str] = Counter()
        for line in self.log.read_text(errors="surrogateescape").splitlines():
            if (found := LINE.match(line)) is None:
                continue
            counted[found["call"]] += 1
            words = HERE.sub("", found["words"])
            if any(os.fspath(folder) in words for folder in self.users):
                yield Call(found["call"], counted[found["call"]], line)


def why_not() -> str | None:
    """Why no fault can be injected here; None where it can."""
    try:
        ran = subprocess.run(
            ["strace", "-qq", "-e", "inject=getcwd:error=EIO", "pwd", "-P"], capture_output=True, check=False
        )
    except FileNotFoundError:
        return "strace is not installed"
    return None if b"INJECTED" in ran.stderr or ran.returncode else "strace may not trace here"
