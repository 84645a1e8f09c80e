"""How GnuPG stands: gpg, its home, its settings and its keys, without changing anything or waiting for anybody.

No agent is started, no file is made, and every program has a few seconds to answer.
"""

import os
import pwd
import re
import shutil
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from eyamlgpg.errors import GnupgError
from eyamlgpg.formats.gnupg import colons
from eyamlgpg.gpg.agent_health import AgentHealth
from eyamlgpg.gpg.homedir import LONGEST_SOCKET, socket_is_too_long
from eyamlgpg.gpg.opening.assuan import Connection, Unexpected
from eyamlgpg.gpg.secret_files import secret_keygrips, with_secrets
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.health import AgentFacts, CardFacts, GnupgSettings, HomeFacts, PinentryFacts, SecretFacts
from eyamlgpg.model.keys import Fingerprint, Key

PATIENCE_SECONDS = 8.0
"""How long a program of gpg's may take to answer."""

_KEYRINGS = ("pubring.kbx", "pubring.gpg", "public-keys.d")
_LARGEST_CONF = 1 << 20
_CONF_ERROR = re.compile(r"^(?:gpg(?:-agent(?:\[[0-9]+\])?)?: )?([^\n:]*\.conf:[0-9]+: .+)$", re.MULTILINE)
_FLAVOUR = re.compile(r"pinentry-(curses|tty|gnome3|gtk-2|gtk|qt5|qt|mac|x11|fltk|efl|emacs)")
_LIST = ("--with-colons", "--fixed-list-mode", "--with-fingerprint", "--with-fingerprint", "--with-keygrip")


class GnupgHealth:
    """GnuPG with one home, looked at and left alone."""

    def __init__(self, homedir: Path, environ: Mapping[str, str]) -> None:
        self._session = Session(homedir, environ).hurried(PATIENCE_SECONDS)
        self._environ = environ
        self._agent = AgentHealth(self._session)

    def gpg(self) -> tuple[Path, tuple[int, int, int]]:
        """The program and its version; GnupgError where there is none, or one that is too old."""
        self._session.require()
        return Path(shutil.which("gpg", path=self._environ.get("PATH")) or "gpg"), self._session.version

    def home(self) -> HomeFacts:
        """The folder, whose it is, and whether the agent's sockets fit into it."""
        path = self._session.homedir
        try:
            state = path.stat()
        except FileNotFoundError:
            return HomeFacts(path, "there is no such folder", exists=False)
        except OSError as error:
            return HomeFacts(path, f"it cannot be looked at: {error.strerror}")
        if not path.is_dir():
            return HomeFacts(path, "it is not a folder")
        if not os.access(path, os.R_OK | os.X_OK):
            return HomeFacts(path, "you may not read it", owner=_owner(state.st_uid))
        return HomeFacts(
            path,
            mode=state.st_mode & 0o777,
            owner=_owner(state.st_uid),
            foreign_files=tuple(_foreign(path)),
            socket_is_too_long=socket_is_too_long(path),
            longest_socket=LONGEST_SOCKET,
        )

    def settings(self) -> GnupgSettings:
        """What gpg.conf, gpg-agent.conf and common.conf say, and what gpg and the agent have against them."""
        agent = self._options("gpg-agent.conf")
        return GnupgSettings(
            errors=tuple(dict.fromkeys((*self._objections("gpg"), *self._objections("gpg-agent")))),
            pinentry=agent.get("pinentry-program") or None,
            expands_memory="auto-expand-secmem" in agent,
            uses_keyboxd="use-keyboxd" in self._options("common.conf"),
        )

    def pinentry(self) -> PinentryFacts:
        """The pinentry that gpg-agent would start; GnupgError where gpgconf does not tell."""
        chosen = self.settings().pinentry or self._component("pinentry") or "pinentry"
        found = shutil.which(chosen, path=self._environ.get("PATH"))
        names = [Path(name).name for name in (os.path.realpath(found) if found else "", chosen) if name]
        flavours = [known[1] for name in names if (known := _FLAVOUR.search(name))]
        return PinentryFacts(chosen, found is not None, flavours[0] if flavours else "")

    def keyboxd(self) -> Path | None:
        """The program that keeps public keys where common.conf says so; None where it is not installed."""
        program = self._component("keyboxd")
        return Path(program) if program and os.access(program, os.X_OK) else None

    def agent(self) -> AgentFacts:
        """Whether the agent of this home answers."""
        return self._agent.facts()

    def card(self) -> CardFacts:
        """The smart card; the agent is asked for it where it runs."""
        if self._agent.connection is None:
            return CardFacts(self._agent.no_card)
        scdaemon = self._options("gpg-agent.conf").get("scdaemon-program") or self._component("scdaemon")
        return self._agent.card(is_installed=bool(scdaemon) and os.access(str(scdaemon), os.X_OK))

    def keys(self) -> tuple[Key, ...]:
        """Every key of the keyring, those whose secret part is here being marked; GnupgError."""
        return self._listed[0]

    def secrets(self) -> SecretFacts:
        """How each secret key is kept, where the agent tells."""
        keygrips = self._listed[1]
        return SecretFacts({part: self._agent.protection(keygrip) for part, keygrip in keygrips.items()})

    def keygrips(self) -> dict[Fingerprint, str]:
        """The keygrip of each key and subkey whose secret part is here; GnupgError."""
        return self._listed[1]

    @cached_property
    def _listed(self) -> tuple[tuple[Key, ...], dict[Fingerprint, str]]:
        home = self._session.homedir
        if not any((home / name).exists() for name in _KEYRINGS):
            return (), {}  # gpg would make a keyring
        # The same for the trust database; and where keyboxd has the keys, it has to run.
        no_database = () if (home / "trustdb.gpg").exists() else ("--trust-model=always",)
        starts_keyboxd = self.settings().uses_keyboxd and not self._keyboxd_runs()
        quiet = () if starts_keyboxd else ("--no-autostart",)
        try:
            ran = self._session.run([*quiet, "--no-auto-check-trustdb", *no_database, *_LIST, "--list-keys"])
        finally:
            if starts_keyboxd:  # its owner's gpg could not speak with ours, where root looks
                self._session.run_tool("gpgconf", ["--kill", "keyboxd"])
        if ran.returncode != 0:
            raise GnupgError(f"gpg could not list the keys of {home}: {ran.reason}")
        keys, keygrips = colons.parse(ran.stdout), colons.keygrips(ran.stdout)
        here = secret_keygrips(home)
        if not here:
            here = self._agent.held(keygrips.values())
        own = {part: keygrip for part, keygrip in keygrips.items() if keygrip in here}
        return with_secrets(keys, own.keys()), own

    def _keyboxd_runs(self) -> bool:
        try:
            Connection(Path(self._directories.get("keyboxd-socket", "")), PATIENCE_SECONDS)
        except Unexpected:
            return False
        return True

    def _options(self, name: str) -> dict[str, str]:
        """The options of one of gpg's configuration files, those of the whole machine included."""
        options: dict[str, str] = {}
        for folder in (self._directory("sysconfdir"), self._session.homedir):
            try:
                with (Path(folder) / name).open("rb") as file:
                    text = file.read(_LARGEST_CONF).decode("utf-8", "replace")
            except (OSError, ValueError):
                continue
            lines = (line.strip().partition(" ") for line in text.replace("\t", " ").splitlines())
            options |= {option: value.strip() for option, _, value in lines}
        return options

    def _objections(self, program: str) -> Iterator[str]:
        ran = self._session.run_tool(program, ["--gpgconf-test"])
        yield from _CONF_ERROR.findall(ran.stderr.decode("utf-8", "replace"))

    def _component(self, name: str) -> str | None:
        return self._components.get(name)

    @cached_property
    def _components(self) -> dict[str, str]:
        """The programs of gpg as gpgconf tells them; `--check-programs` would have keyboxd make a folder."""
        told = self._session.run_tool("gpgconf", ["--list-components"]).stdout.decode("utf-8", "replace")
        return {name: _written(path) for name, _, path, *_ in (f"{line}:::".split(":") for line in told.splitlines())}

    def _directory(self, name: str) -> str:
        return self._directories.get(name, "/etc/gnupg")

    @cached_property
    def _directories(self) -> dict[str, str]:
        told = self._session.run_tool("gpgconf", ["--list-dirs"]).stdout.decode("utf-8", "replace")
        pairs = (line.partition(":") for line in told.splitlines())
        return {name: _written(path) for name, _, path in pairs}


def _written(path: str) -> str:
    """A path of gpgconf's, which writes some characters as `%3a`."""
    return re.sub(r"%([0-9A-Fa-f]{2})", lambda found: chr(int(found[1], 16)), path)


def _owner(uid: int) -> str | None:
    """The name of another user; None for our own."""
    if uid == os.geteuid():
        return None
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"the user ID {uid}"


def _foreign(home: Path) -> Iterator[str]:
    """Files of a home that belong to somebody else or cannot be read, as a `sudo gpg` leaves them."""
    for folder in (home, home / "private-keys-v1.d", home / "public-keys.d"):
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            try:
                state = entry.stat()
            except OSError:
                continue
            is_socket = entry.name.startswith("S.")
            if state.st_uid != os.geteuid() or not (is_socket or os.access(entry.path, os.R_OK)):
                yield str(Path(entry.path).relative_to(home))
