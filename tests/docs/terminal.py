"""One shell at a terminal of 80 columns, in which a page's commands are typed one after the other."""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pexpect

from tests.support.keyrings import remove, short_folder, stop
from tests.support.terminals import matched, shown

PROMPT = re.compile("\x1d(\\d+)\x1e")
QUESTION = re.compile(r"(?:\[y/n\]|\[y/N\]:?) \Z")
HIDDEN = re.compile(r"[^\n]+: \Z")
ANSWERED = re.compile(r"(?:\[y/n\]|\[y/N\]:?) (\w+)$", re.MULTILINE)
ALICES = "/home/alice"
"""What pages show for the session's home."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command put on the screen, with its exit status."""

    text: str
    status: int


class Terminal:
    """A bash whose HOME is a throwaway folder; `close` stops the agents that were started in it."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.home = short_folder()
        self._environ = {**environ, "HOME": str(self.home), "PS1": "\x1d$?\x1e", "PS2": "", "TERM": "dumb"}
        self._environ |= {"NO_COLOR": "1", "LC_ALL": "C.UTF-8", "HISTFILE": "", "TZ": "UTC"}
        self._environ["PATH"] = f"{self.home / '.bin'}:{environ['PATH']}"
        self._environ["EDITOR"] = "nano"
        self._shell: pexpect.spawn[str] | None = None

    def start(self, folder: Path) -> None:
        """Start the shell there; the set-up has filled the home before."""
        argv = ["--norc", "--noprofile", "--noediting"]
        self._shell = pexpect.spawn(
            "bash", argv, cwd=str(folder), env=self._environ, echo=False, dimensions=(50, 80), encoding="utf-8"
        )
        self._shell.delaybeforesend = None
        self._shell.expect(PROMPT, timeout=20)

    def type(self, command: str, page: str = "", hidden: Sequence[str] = ()) -> Printed:
        """Type one command; questions get the answers that the page shows, `y` where it shows none."""
        assert self._shell is not None
        answers, secrets, screen = ANSWERED.findall(page), list(hidden), ""
        self._shell.sendline(command)
        while True:
            awaited: Any = [PROMPT, QUESTION, *([HIDDEN] if secrets else [])]
            found = self._shell.expect(awaited, timeout=60)
            screen += shown(self._shell)
            if found == 0:
                return Printed(self._as_alices(screen), int(matched(self._shell).group(1)))
            screen += matched(self._shell).group()
            typed = (answers.pop(0) if answers else "y") if found == 1 else secrets.pop(0)
            self._shell.sendline(typed)
            screen += f"{typed}\n" if found == 1 else ""

    def _as_alices(self, screen: str) -> str:
        text = screen.replace("\r\n", "\n").replace("\r", "").replace(str(self.home), ALICES)
        return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")

    def real(self, shown: str) -> Path:
        """The folder that a page would show so."""
        return Path(shown.replace(ALICES, str(self.home)))

    def close(self) -> None:
        """End the shell, the agents and the folder."""
        if self._shell is not None:
            self._shell.close(force=True)
        for name in ("pubring.kbx", "private-keys-v1.d", "public-keys.d"):
            for found in self.home.rglob(name):
                stop(found.parent)
        remove(self.home)


def program(folder: Path, name: str, text: str) -> None:
    """An executable script of the session."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!{sys.executable}\n{text}" if text.startswith("import") else f"#!/bin/sh\n{text}")
    (folder / name).chmod(0o755)
