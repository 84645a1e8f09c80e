"""One GnuPG home, and the only place that builds gpg's command line and environment.

gpg runs in the C locale, so that its words can be told apart; never asks on the terminal itself (that is pinentry's,
which gets GPG_TTY and the user's character set); and never goes to the network.
"""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from eyamlgpg.errors import GnupgError
from eyamlgpg.formats.gnupg import status
from eyamlgpg.formats.gnupg.status import Statuses
from eyamlgpg.gpg import waiting
from eyamlgpg.gpg.talk import Talk
from eyamlgpg.gpg.waiting import Waiting
from eyamlgpg.model.ended import ending

if TYPE_CHECKING:
    from eyamlgpg.model.owner import Owner

OLDEST = (2, 2, 0)
"""The oldest gpg that its makers still kept alive, and that the tests have run with."""

ALWAYS = (
    "--batch",
    "--no-tty",
    "--no-verbose",
    "--display-charset=utf-8",
    "--status-fd=2",
    # An unknown address or a strange signature must not send gpg to a key server, a WKD or DNS.
    "--no-auto-key-locate",
    "--disable-dirmngr",
)

ASKING = "--pinentry-mode=ask"
"""Passphrases by pinentry, where gpg.conf says `pinentry-mode loopback` and has none itself."""

_CANNOT_ASK = b"gpg: Sorry, we are in batchmode - can't get input"

_VERSION = re.compile(rb"gpg \(GnuPG[^()]*\) ([0-9]+)\.([0-9]+)(?:\.([0-9]+))?")
_LOCALE = ("LC_ALL", "LC_CTYPE", "LANG")
"""Where the user's character set stands, the first one set wins (POSIX, "Environment Variables", 8.2)."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of one run of gpg."""

    returncode: int
    stdout: bytes = field(repr=False)
    stderr: bytes
    statuses: Statuses

    @property
    def reason(self) -> str:
        """The last words of gpg, for a sentence; they never hold a plaintext."""
        words = [line.removeprefix(b"gpg: ") for line in self.stderr.splitlines() if line.startswith(b"gpg: ")]
        if words and self.returncode >= 0:
            return words[-1].decode("utf-8", "replace")
        if self.returncode == 0:
            return "it ended well and wrote nothing, as `dry-run` in gpg.conf makes it do"
        return f"gpg {ending(self.returncode)}"

    @property
    def must_ask(self) -> bool:
        """Whether gpg gave up since gpg.conf bids it ask for a passphrase itself (`pinentry-mode loopback`)."""
        return self.returncode != 0 and _CANNOT_ASK in self.stderr


class Session:
    """gpg with one home. Cheap to make: gpg is looked for when it is first needed."""

    def __init__(
        self, homedir: Path, environ: Mapping[str, str], owner: "Owner | None" = None, waiting: Waiting | None = None
    ) -> None:
        """`owner`: whom gpg and its agent run as, where root makes a key for somebody else.

        `waiting`: who tells the user what the run waits for.
        """
        self.homedir = homedir
        self.waiting = waiting or Waiting()
        self._owner = owner
        self._patience: float | None = None
        self._environ = dict(environ) if owner is None else _environment_of(owner, environ)

    def moved(self, homedir: Path) -> "Session":
        """The same gpg with another home."""
        made = copy(self)
        made.homedir = homedir
        made.__dict__.pop("environment", None)
        return made

    def hurried(self, seconds: float) -> "Session":
        """The same, with GnupgError for a program that takes longer; for what must never hang."""
        made = copy(self)
        made._patience = seconds  # noqa: SLF001 - our own
        return made

    @cached_property
    def environment(self) -> dict[str, str]:
        """What gpg, the agent that it starts, and its pinentry get."""
        environment = {name: value for name, value in self._environ.items() if name not in (*_LOCALE, "LANGUAGE")}
        environment |= {"LC_ALL": "C", "GNUPGHOME": str(self.homedir)}
        terminal = self._environ.get("GPG_TTY") or _terminal()
        if terminal is not None:
            environment["GPG_TTY"] = terminal
        return environment

    @property
    def charset(self) -> str | None:
        """The locale that a pinentry on the terminal should write in: the user's own, though gpg's is C."""
        return next((self._environ[name] for name in _LOCALE if self._environ.get(name)), None)

    def argv(self, arguments: Sequence[str]) -> list[str]:
        """The whole command line for these options and this command."""
        charset = [] if self.charset is None else [f"--lc-ctype={self.charset}"]
        return ["gpg", f"--homedir={self.homedir}", *ALWAYS, *charset, *arguments]

    def run(self, arguments: Sequence[str], stdin: bytes = b"") -> Ran:
        """Run gpg to its end; a status other than 0 is the caller's to judge, a missing or old gpg is a GnupgError."""
        self.require()
        return self._run(self.argv(arguments), stdin)

    def run_asking(self, arguments: Sequence[str], stdin: bytes = b"") -> Ran:
        """The same where a passphrase may be needed: gpg.conf's own (`passphrase-file`), or else pinentry asks."""
        ran = self.run(arguments, stdin)
        return self.run([ASKING, *arguments], stdin) if ran.must_ask else ran

    def require(self) -> None:
        """Raise GnupgError unless there is a gpg that is new enough; it is looked for once."""
        if self.version < OLDEST:
            found = ".".join(map(str, self.version))
            raise GnupgError(
                f"gpg {found} is too old: 2.2 or newer is needed",
                "install GnuPG 2.2 or 2.4, and put it first on PATH",
            )

    @cached_property
    def version(self) -> tuple[int, int, int]:
        """The version of gpg; GnupgError where there is no gpg."""
        ran = self._run(["gpg", "--version"], b"")
        found = _VERSION.search(ran.stdout)
        if found is None:
            raise GnupgError("the `gpg` on PATH does not tell its version: it seems not to be GnuPG")
        major, minor, patch = (int(part or 0) for part in found.groups())
        return major, minor, patch

    def stop_agent(self) -> None:
        """Stop the agent of this home and its like, as the user whom they run as."""
        for action in (["--kill", "all"], ["--remove-socketdir"]):
            self.run_tool("gpgconf", action)

    def run_tool(self, program: str, arguments: Sequence[str]) -> Ran:
        """Run one of gpg's companions with this home: `gpgconf`, `gpg-connect-agent`."""
        return self._run([program, "--homedir", str(self.homedir), *arguments], b"")

    def _run(self, argv: list[str], stdin: bytes) -> Ran:
        try:
            # Both pipes are read at once; on Ctrl-C the process is killed and waited for.
            ran = self._process(argv, stdin)
        except (FileNotFoundError, PermissionError) as error:
            raise missing() from error
        except subprocess.TimeoutExpired as error:
            raise GnupgError(f"{argv[0]} did not answer within {self._patience:g} seconds") from error
        except OSError as error:
            raise GnupgError(f"gpg could not be started: {error.strerror}", FEWER) from error
        return Ran(ran.returncode, ran.stdout, ran.stderr, status.parse(ran.stderr))

    def _process(self, argv: list[str], stdin: bytes) -> "subprocess.CompletedProcess[bytes]":
        pipe = subprocess.PIPE
        if self._owner is None:
            # Python ignores SIGXFSZ, and so shall gpg: a limit on the size of files is an error then, not its end in
            # the middle of a keyring. SIGPIPE it ignores anyway.
            started = subprocess.Popen(
                argv, stdin=pipe, stdout=pipe, stderr=pipe, env=self.environment, restore_signals=False
            )
        else:
            started = subprocess.Popen(
                argv,
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                env=self.environment,
                cwd="/",  # ours may be one that the other user cannot enter
                user=self._owner.uid,
                group=self._owner.gid,
                extra_groups=[],
                umask=0o077,
                restore_signals=False,
            )
        with started as process:
            try:
                stdout, stderr = self._talk(process, stdin)
            except BaseException:
                process.kill()
                raise
        return subprocess.CompletedProcess(argv, process.returncode, stdout, stderr)

    def _talk(self, process: "subprocess.Popen[bytes]", stdin: bytes) -> tuple[bytes, bytes]:
        """All that a program writes; what takes long is told, or a subprocess.TimeoutExpired where nobody waits."""
        talk = Talk(process)
        if self._patience is not None:
            return talk.communicate(stdin, self._patience)
        try:
            return talk.communicate(stdin, waiting.QUIET_SECONDS)
        except subprocess.TimeoutExpired as late:
            self.waiting.tell(Path(str(process.args[0])).name, late.stderr or b"")  # type: ignore[index]
            return talk.communicate()


SEE_PATH = "see what runs as `gpg` on PATH: type -a gpg"

FEWER = "the machine may have no memory or processes to spare; `ulimit -a` tells what you may have"


def missing() -> GnupgError:
    """The error for a gpg that is not there."""
    return GnupgError(
        "gpg was not found on PATH",
        "install GnuPG: `apt install gnupg`, `dnf install gnupg2`, `brew install gnupg`",
    )


def _environment_of(owner: "Owner", environ: Mapping[str, str]) -> dict[str, str]:
    """What a process of another user's gets of ours: where the programs are, and nothing that says who we are."""
    kept = {name: environ[name] for name in ("PATH", *_LOCALE) if name in environ}
    return {**kept, "HOME": str(owner.home), "USER": owner.user, "LOGNAME": owner.user}


def _terminal() -> str | None:
    """The terminal that a pinentry could ask on; gpg itself would only look at its own stdin, which is a pipe."""
    for descriptor in (0, 1, 2):
        try:
            return os.ttyname(descriptor)
        except OSError:
            continue
    return None
