"""Whether git only shows what it is given for a file, or writes it somewhere: plaintext never touches a disk.

Git asks for a text conversion (gitattributes(5), "Performing text diffs of binary files") to show a difference. It
writes the answer down in two cases: `cachetextconv` keeps it in notes, and `git commit -v` puts the difference into the
file that holds the message.
"""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.repo import surroundings

SHOWING = frozenset(
    {
        *(
            "annotate",
            "blame",
            "cat-file",
            "diff",
            "diff-files",
            "diff-index",
            "diff-tree",
            "grep",
            "log",
            "range-diff",
        ),
        *("reflog", "show", "stash", "status", "whatchanged"),
    }
)
"""The commands of git that write what they show to standard output alone."""

WITH_MESSAGE = frozenset({"am", "cherry-pick", "commit", "merge", "notes", "pull", "rebase", "revert", "tag"})
"""The commands of git that take a message, into which a hook or an editor that they run may put a difference."""

_WITH_VALUE = frozenset(
    {"-C", "-c", "--attr-source", "--config-env", "--exec-path", "--git-dir", "--namespace", "--work-tree"}
)
"""Options before git's command whose value is a word of its own; --exec-path has one only behind `=`, or prints."""

_SETTINGS = r"^(alias\..*|diff\..*\.(cachetextconv|textconv))$"
_FALSE = frozenset({"", "0", "false", "no", "off"})
_MOST_ANCESTORS = 16
_MOST_ALIASES = 8
_OURS = "git textconv"


@dataclass(frozen=True, slots=True)
class GitProcess:
    """A git that is running."""

    number: int
    started: str
    """When, as the machine counts; with the number no other process has the same."""
    argv: Sequence[str]
    parent: int = 0


UNKNOWN = GitProcess(0, "", ())
"""Where the machine does not tell who called us: it may have been any git."""


def kept_by(git: GitProcess, environ: Mapping[str, str]) -> str | None:
    """What would write the conversion down, in words for a sentence; None where it is only shown."""
    if git is UNKNOWN:
        return "this machine does not tell what git is doing: it has neither /proc nor a ps that knows -p"
    settings = _settings(environ)
    if _is_cached(settings):
        return "the setting cachetextconv makes git store them in the repository"
    aliases = {name.removeprefix("alias."): value for name, value in settings}
    command = command_of(git.argv, aliases)
    if command in SHOWING:
        return _run_by(git.parent, aliases)
    return f"`git {command}` may write them into a file" if command else "git does not tell what it is doing"


def _run_by(process: int, aliases: Mapping[str, str]) -> str | None:
    """The same for a git that shows, by another one that runs it; None where there is none."""
    git = git_above(process)
    while git is not None and git is not UNKNOWN:
        command = command_of(git.argv, aliases)
        if command in WITH_MESSAGE:
            return f"`git {command}` is under way, and its message may get them"
        git = git_above(git.parent)
    return None


def command_of(argv: Sequence[str], aliases: Mapping[str, str] = {}) -> str | None:
    """The command of a git's command line, through aliases; None where there is none."""
    name = Path(argv[0]).name
    if name.startswith("git-"):
        return name.removeprefix("git-")
    words = list(argv[1:])
    for _ in range(_MOST_ALIASES):
        while words and words[0].startswith("-"):
            del words[: 2 if words[0] in _WITH_VALUE else 1]
        if not words:
            return None
        meant = aliases.get(words[0].lower())
        if meant is None or words[0] in SHOWING:
            return words[0]
        words = meant.split()
    return None


def _is_cached(settings: Sequence[tuple[str, str]]) -> bool:
    """Whether a driver that calls us has its answers kept; also one under another name."""
    ours = {name.rpartition(".")[0] for name, value in settings if name.endswith(".textconv") and _OURS in value}
    last = {name.rpartition(".")[0]: value for name, value in settings if name.endswith(".cachetextconv")}
    return any(last.get(driver, "false").lower() not in _FALSE for driver in ours | {"diff.eyamlgpg"})


def _settings(environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """Names, with the driver's or alias's own as written, and values; a name without value counts as `true`."""
    ran = surroundings.run(Path(), environ, "config", "-z", "--get-regexp", _SETTINGS)
    found = (os.fsdecode(entry).partition("\n") for entry in ran.stdout.split(b"\0") if entry)
    return [(name, value if separator else "true") for name, separator, value in found]


def git_above(process: int | None = None) -> GitProcess | None:
    """The nearest git among a process, by default the one that called us, and its ancestors.

    None where somebody called us themselves. It may be the first process of a container.
    """
    process = os.getppid() if process is None else process
    for _ in range(_MOST_ANCESTORS):
        if process < 1:
            return None
        parent, started, argv = _process(process)
        if parent < 0:
            return UNKNOWN
        if argv and re.fullmatch(r"git(-[a-z-]+)?", Path(argv[0]).name):
            return GitProcess(process, started, argv, parent)
        process = parent
    return None


def _process(process: int) -> tuple[int, str, Sequence[str]]:
    """Its parent, its start and its command line; -1 and nothing where the machine does not tell."""
    with suppress(OSError, ValueError):
        folder = Path("/proc", str(process))
        status = (folder / "stat").read_bytes()
        fields = status.rpartition(b")")[2].split()
        words = (folder / "cmdline").read_bytes().split(b"\0")[:-1]
        return int(fields[1]), fields[19].decode("ascii"), [os.fsdecode(word) for word in words]
    with suppress(OSError, ValueError, IndexError):
        argv = ["ps", "-o", "ppid=", "-o", "command=", "-p", str(process)]
        told = subprocess.run(argv, capture_output=True, check=False, stdin=subprocess.DEVNULL).stdout
        parent, *words_ = os.fsdecode(told).split()
        return int(parent), "0", words_
    return -1, "", ()
