"""Our tool in a process that is watched: what it starts with which arguments and environment, and what it writes where.

Python's audit events (PEP 578) tell each program that is started and each file that is opened for writing; files are
looked into once more before they are renamed or removed, so that none is missed that lives for a moment only.
"""

import base64
import json
import os
import subprocess
import sys
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from eyamlgpg.host.editing.left_behind import PREFIX
from eyamlgpg.host.editing.places import candidates
from tests.support.keyrings import known

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = r"""
import json, os, sys

log = os.open(os.environ.pop("HUNT_LOG"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
marks = [bytes.fromhex(mark) for mark in os.environ.pop("HUNT_MARKS").split()]
is_full = os.environ.pop("HUNT_FULL", "")
busy = False

def tell(kind, *what):
    words = (os.fsdecode(part) if isinstance(part, (bytes, os.PathLike)) else str(part) for part in what)
    line = json.dumps([kind, *words])
    os.write(log, line.encode("utf-8", "surrogateescape") + b"\n")

def look(path):
    try:
        with open(path, "rb") as file:
            octets = file.read()
    except (OSError, ValueError):
        return
    if any(mark in octets for mark in marks):
        tell("file", path)

def watch(event, words):
    global busy
    if busy:
        return
    busy = True
    try:
        if event in ("subprocess.Popen", "os.posix_spawn", "os.exec"):
            argv, env = (words[1], words[3]) if event == "subprocess.Popen" else (words[1], words[2])
            tell("argv", *argv)
            tell("environ", *(f"{name}={value}" for name, value in (env or os.environ).items()))
        elif event == "open" and isinstance(words[0], (str, bytes)) and words[2] & (os.O_WRONLY | os.O_RDWR):
            tell("opened", words[0])
        elif event in ("os.remove", "os.rename", "os.link") and isinstance(words[0], (str, bytes)):
            look(words[0])
            if is_full and event != "os.remove":
                raise OSError(28, "No space left on device", os.fsdecode(words[0]))
        elif event in ("tempfile.mkstemp", "tempfile.mkdtemp"):
            tell("opened", words[0])
    finally:
        busy = False

sys.addaudithook(watch)
from eyamlgpg.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def spellings(secret: bytes) -> list[bytes]:
    """The secret as it may stand in a file or a log: as it is, in base64 at any offset, in hexadecimal, in UTF-16, …"""
    text = secret.decode()
    shifted = (base64.b64encode(b"x" * offset + secret)[offset and 4 : -4] for offset in range(3))
    plain = [secret, secret.hex().encode(), secret.hex().upper().encode(), text.encode("utf-16-le"), secret[::-1]]
    return [*plain, *shifted, quote(text, safe="").encode(), repr(secret).encode()[2:-1]]


@dataclass(frozen=True)
class Hunted:
    """What came of one run."""

    status: int
    out: bytes
    err: bytes
    events: tuple[tuple[str, ...], ...]

    @property
    def opened(self) -> set[str]:
        """The files that were opened for writing."""
        return {words[0] for kind, *words in self.events if kind == "opened" and words}


@dataclass(frozen=True)
class Hunter:
    """Runs commands in `folder` and looks for `secret`; all that they can write lies below `place`."""

    place: Path
    folder: Path
    secret: bytes
    environ: Mapping[str, str]

    def run(self, *words: str, stdin: bytes = b"", environ: Mapping[str, str] = {}) -> Hunted:
        """One command line, watched."""
        log = self.place / "hunt.log"
        log.unlink(missing_ok=True)
        marks = " ".join(mark.hex() for mark in spellings(self.secret))
        ran = subprocess.run(
            [sys.executable, "-c", PROGRAM, *words],
            cwd=self.folder,
            env={**self.environ, **environ, "PYTHONPATH": str(ROOT), "HUNT_LOG": str(log), "HUNT_MARKS": marks},
            input=stdin,
            capture_output=True,
            check=False,
        )
        events = [tuple(json.loads(line)) for line in log.read_bytes().splitlines()]
        log.unlink()
        return Hunted(ran.returncode, ran.stdout, ran.stderr, tuple(events))

    def finds(self, ran: Hunted, *, may_answer: bool) -> list[str]:
        """Where the secret shows though it may not; `may_answer`: stdout is for it."""
        found = [f"{kind}: {words}" for kind, *words in ran.events if self._is_told(kind, words)]
        if self.is_in(ran.err):
            found.append(f"stderr: {ran.err!r}")
        if self.is_in(ran.out) and not may_answer:
            found.append(f"stdout: {ran.out!r}")
        return [*found, *(f"file: {path}" for path in self._files())]

    def is_in(self, octets: bytes) -> bool:
        """True if the secret is in there, however it is written."""
        return any(mark in octets for mark in spellings(self.secret))

    def _is_told(self, kind: str, words: list[str]) -> bool:
        if kind == "file":
            return not any(part.startswith(PREFIX) for part in Path(words[0]).parts)
        return self.is_in("\0".join(words).encode("utf-8", "surrogateescape"))

    def _files(self) -> Iterator[Path]:
        """What is left on the disk and in memory file systems, git's objects unpacked."""
        scratch = (folder for place in candidates(self.environ) for folder in place.glob(f"{PREFIX}*"))
        for folder, _, names in (level for top in (self.place, *scratch) for level in os.walk(top)):
            for path in (Path(folder, name) for name in names):
                if path.is_file() and not path.is_symlink() and self.is_in(_content(path)):
                    yield path


def _content(path: Path) -> bytes:
    octets = path.read_bytes()
    if "objects" not in path.parts:
        return octets
    try:
        return zlib.decompress(octets)
    except zlib.error:
        return octets


FINGERPRINTS = {who: known(who).fingerprint for who in ("alice", "bob", "carol", "frank")}
