"""The user's editor: which one, and a session of it that leaves no process and no copy behind."""

import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from eyamlgpg.errors import EditorError
from eyamlgpg.host.editing.editor_options import family, quiet, waits
from eyamlgpg.host.signals import deferred, left_to_the_child

FALLBACKS = ("sensible-editor", "editor", "vim", "vi", "nano")
"""What is looked for on PATH where neither $VISUAL nor $EDITOR is set."""

GRACE_SECONDS = 2.0
"""How long an editor has to end by itself once it was told to."""

AT_ONCE_SECONDS = 1.0
"""Who leaves an editor sooner has not read what it shows."""

_TERMINAL = 0
"""The descriptor of the terminal that the editor inherits as its standard input."""


def choose(environ: Mapping[str, str]) -> list[str]:
    """The program of $VISUAL, else $EDITOR, with its arguments; else the first of FALLBACKS; raises EditorError."""
    for variable in ("VISUAL", "EDITOR"):
        written = environ.get(variable, "").strip()
        if written:
            return _words(variable, written, environ)
    for name in FALLBACKS:
        if shutil.which(name, path=environ.get("PATH")) is not None:
            return [name]
    raise EditorError(
        "there is no editor: VISUAL and EDITOR are not set, and none of the usual ones is installed",
        "set EDITOR to yours, for instance EDITOR=nano",
    )


@dataclass(frozen=True, slots=True)
class Editor:
    """An editor that can be run on a scratch file."""

    argv: Sequence[str]
    """As `choose` gives it: the program and its arguments, without our options and the file."""
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)

    def run(self, path: Path) -> bool:
        """Edit the file at our terminal until the user leaves the editor.

        False where it came back sooner than anybody reads a text, and is none that surely waits: its window may still
        be open, on a file that nobody will read any more.

        Raises EditorError where it cannot be started, ends with a status other than 0, or is killed. What is typed
        to interrupt is the editor's. Where a signal ends our run meanwhile, the editor and all that it started are
        ended first, so that nobody is left to write the plaintext after the scratch folder is gone.
        """
        environ = dict(self.environ)
        if self.is_known:
            # Filters such as vim's :%!sort go through temporary files: beside the scratch file they vanish with it.
            environ["TMPDIR"] = str(path.parent)
        command = [*quiet(self.argv, self.environ), str(path)]
        begun = time.monotonic()
        with left_to_the_child(), _terminal_restored():
            status = _run(command, environ, self.name)
        took = time.monotonic() - begun
        if status < 0:
            raise EditorError(f"the editor ({self.name}) was killed by {signal.Signals(-status).name}")
        if status > 0:
            raise EditorError(f"the editor ({self.name}) ended with status {status}")
        return took >= AT_ONCE_SECONDS or waits(self.argv, self.environ)

    @property
    def is_known(self) -> bool:
        """Whether this editor is started so that it leaves no copies; any other one's copies are its own."""
        return family(self.argv, self.environ) is not None

    @property
    def name(self) -> str:
        """The program and its arguments, as in $EDITOR."""
        return shlex.join(self.argv)


def _words(variable: str, written: str, environ: Mapping[str, str]) -> list[str]:
    spaced = _with_blanks(written, environ)
    if spaced is not None:
        return spaced
    try:
        words = shlex.split(written)
    except ValueError:
        words = []
    if not words:
        raise EditorError(f"{variable} is not a command: {written}", "its quotes must come in pairs")
    return words


def _with_blanks(written: str, environ: Mapping[str, str]) -> list[str] | None:
    """A path with blanks that nobody quoted, with its arguments; None where no program stands at such a path."""
    for blank in (None, *(blank.start() for blank in reversed(list(re.finditer(r"\s", written))))):
        program = written[:blank]
        if program.strip() and shutil.which(program, path=environ.get("PATH")) is not None:
            with contextlib.suppress(ValueError):
                return [program, *shlex.split(written[len(program) :])]
    return None


def _run(command: Sequence[str], environ: Mapping[str, str], name: str) -> int:
    """Run to its end, and give the status; on the way of any exception out of here the child is ended."""
    child = None
    try:
        with deferred():
            child = subprocess.Popen(command, env=environ)
        return child.wait()
    except OSError as error:
        raise EditorError(
            f"the editor ({name}) cannot be started: {error.strerror}", "set EDITOR to another one"
        ) from None
    except BaseException:
        if child is not None:
            _end(child)
        raise


def _end(child: "subprocess.Popen[bytes]") -> None:
    """End the child and its descendants: asked first, and killed where they do not follow.

    A wrapper script that is told to end leaves the editor that it started running, hence the descendants.
    SIGTERM, not SIGHUP, on which some editors save what they hold into $HOME.
    """
    everybody = [child.pid, *descendants(child.pid)]
    for number in (signal.SIGTERM, signal.SIGCONT):  # a stopped one must go on to hear of it
        _send(number, everybody)
    deadline = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < deadline and (child.poll() is None or _alive(everybody[1:])):
        time.sleep(0.02)
    _send(signal.SIGKILL, everybody if child.poll() is None else _alive(everybody[1:]))
    child.wait()


def descendants(ancestor: int) -> list[int]:
    """The process ids of all that a process started, directly or not, and that still have it as an ancestor."""
    parent_of = _parents_by_proc() or _parents_by_ps()
    found = [ancestor]
    for known in found:  # grows while it is walked
        found.extend(pid for pid, parent in parent_of.items() if parent == known)
    return found[1:]


def _parents_by_proc() -> dict[int, int]:
    """Each process and its parent, from /proc (proc(5), stat); nothing where there is no /proc (macOS)."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            # The name, in parentheses, may itself hold blanks and parentheses.
            parents[int(stat.parent.name)] = int(stat.read_bytes().rpartition(b")")[2].split()[1])
    return parents


def _parents_by_ps() -> dict[int, int]:
    """Each process and its parent, as POSIX ps tells them."""
    try:
        listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, check=False).stdout
    except OSError:
        return {}
    return {int(pid): int(parent) for pid, parent in (line.split() for line in listing.splitlines())}


def _alive(pids: Sequence[int]) -> list[int]:
    alive = []
    for pid in pids:
        with contextlib.suppress(OSError):
            os.kill(pid, 0)
            alive.append(pid)
    return alive


def _send(number: signal.Signals, pids: Sequence[int]) -> None:
    for pid in pids:
        with contextlib.suppress(OSError):
            os.kill(pid, number)


@contextmanager
def _terminal_restored() -> Iterator[None]:
    """Afterwards the terminal echoes and takes lines as before, even where the editor was killed in raw mode."""
    try:
        saved = termios.tcgetattr(_TERMINAL)
    except (termios.error, OSError):
        yield
        return
    try:
        yield
    finally:
        with contextlib.suppress(termios.error, OSError):  # the terminal was closed
            if os.tcgetpgrp(_TERMINAL) == os.getpgrp():
                termios.tcsetattr(_TERMINAL, termios.TCSADRAIN, saved)
