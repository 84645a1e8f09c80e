"""A pinentry for a test's home that answers as told, so that passphrases can be right, wrong or refused."""

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support import keyrings

PROGRAM = Path(__file__).with_name("pinentry_program.py")


@dataclass(frozen=True, slots=True)
class Pinentry:
    """The pinentry of one home; `install` it before the first question."""

    home: Path

    def answer(self, *answers: str) -> None:
        """What comes to the next questions, the last one for ever: `say WORDS`, `cancel`, `fail CODE WORDS`."""
        (self.home / "pinentry-answers").write_text("".join(f"{answer}\n" for answer in answers))
        (self.home / "pinentry-log").unlink(missing_ok=True)

    @property
    def questions(self) -> list[str]:
        """The descriptions it was asked with since the last `answer`, one for each time."""
        return [line.removeprefix("GETPIN ") for line in self._log() if line.startswith("GETPIN")]

    @property
    def options(self) -> list[str]:
        """What the agent told it of the terminal: `ttyname=/dev/pts/3`, …"""
        return [line.removeprefix("OPTION ") for line in self._log() if line.startswith("OPTION")]

    def forget(self) -> None:
        """Stop the agent, and with it every passphrase that it remembers."""
        keyrings.stop(self.home)

    def _log(self) -> list[str]:
        log = self.home / "pinentry-log"
        return log.read_text().splitlines() if log.exists() else []


def install(home: Path, *answers: str) -> Pinentry:
    """Make this home's agent ask our pinentry, which gives these answers."""
    files = [PROGRAM, home / "pinentry-answers", home / "pinentry-log"]
    program = home / "pinentry"
    program.write_text("#!/bin/sh\nexec " + shlex.join([sys.executable, "-I", *map(str, files)]) + "\n")
    program.chmod(0o700)
    return install_program(home, program, *answers)


def install_program(home: Path, program: Path, *answers: str) -> Pinentry:
    """Make this home's agent ask this program; one that does not exist is what a missing pinentry looks like."""
    (home / "gpg-agent.conf").write_text(f"pinentry-program {program}\n{keyrings.QUICK_PASSPHRASES}")
    pinentry = Pinentry(home)
    pinentry.answer(*answers)
    pinentry.forget()
    return pinentry
