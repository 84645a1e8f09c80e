"""gpg, its home, its settings, its agent and keyboxd."""

import shlex
from collections.abc import Iterator
from pathlib import Path

from eyamlgpg.model.diagnosis import Area, Diagnosis, State
from eyamlgpg.model.health import AgentFacts, Answering, GnupgSettings, HomeFacts
from eyamlgpg.operations.doctor.mending import edit_command
from eyamlgpg.operations.doctor.ports import GnupgHealth

_AREA = Area.GNUPG
_MAKE_KEY = "eyamlgpg keys generate --person 'Your Name' --email you@example.com"
_MOST_FILES = 3


def examine_gpg(health: GnupgHealth) -> Iterator[Diagnosis]:
    """The program; raises GnupgError where there is none that can be used."""
    path, version = health.gpg()
    yield Diagnosis("gpg", _AREA, State.GOOD, f"gpg {'.'.join(map(str, version))} is {path}")


def examine_home(home: HomeFacts, chosen_by: str) -> Iterator[Diagnosis]:
    """The folder with the keys: whether it can be used, who may look into it, and whether sockets fit."""
    quoted = shlex.quote(str(home.path))
    chosen = f", chosen by {chosen_by}" if chosen_by else ""
    if not home.exists:
        yield Diagnosis(
            "home",
            _AREA,
            State.PROBLEM,
            f"the GnuPG home {home.path} does not exist{chosen}",
            "There is no keyring and no secret key. With a key of your own, gpg makes the home.",
            (_MAKE_KEY,) if not chosen_by else (f"mkdir -m 700 -p {quoted}", _MAKE_KEY),
        )
        return
    if home.reason is not None:
        yield Diagnosis(
            "home",
            _AREA,
            State.PROBLEM,
            f"the GnuPG home {home.path} cannot be used: {home.reason}{chosen}",
            "Nothing can be encrypted or decrypted.",
            (f"ls -ld {quoted}",),
        )
        return
    yield Diagnosis("home", _AREA, State.GOOD, f"the GnuPG home is {home.path}{chosen}")
    yield from _permissions(home, quoted)
    if home.socket_is_too_long:
        yield Diagnosis(
            "sockets",
            _AREA,
            State.PROBLEM,
            f"the path of the GnuPG home is too long: a socket in it has more than {home.longest_socket} bytes",
            "gpg-agent cannot start, so no secret key can be used.",
            (f"ln -s {quoted} ~/.g", "export GNUPGHOME=~/.g"),
        )
    else:
        yield Diagnosis("sockets", _AREA, State.GOOD, "gpg-agent's sockets fit into the path of the home")


def _permissions(home: HomeFacts, quoted: str) -> Iterator[Diagnosis]:
    owned = f'sudo chown -R "$(id -un)" {quoted}'
    if home.owner is not None:
        yield Diagnosis(
            "home-permissions",
            _AREA,
            State.PROBLEM,
            f"the GnuPG home belongs to {home.owner}",
            "gpg leaves files there that one of the two users cannot read.",
            (owned,),
        )
    elif home.mode & 0o077:
        yield Diagnosis(
            "home-permissions",
            _AREA,
            State.PROBLEM,
            f"the GnuPG home has mode {home.mode:o}",
            "Other users can look into it.",
            (f"chmod 700 {quoted}",),
        )
    else:
        yield Diagnosis("home-permissions", _AREA, State.GOOD, "only you can look into the GnuPG home")
    if home.foreign_files:
        more = len(home.foreign_files) - _MOST_FILES
        named = ", ".join(home.foreign_files[:_MOST_FILES]) + (f" and {more} more" if more > 0 else "")
        yield Diagnosis(
            "home-files",
            _AREA,
            State.PROBLEM,
            f"files in the GnuPG home are not yours: {named}",
            "They come from gpg run as another user, for instance with sudo. gpg cannot read or change them.",
            (owned,),
        )


def examine_settings(settings: GnupgSettings, home: Path) -> Iterator[Diagnosis]:
    """What gpg and its agent have against their configuration files."""
    for error in settings.errors:
        yield Diagnosis(
            "gpg-conf",
            _AREA,
            State.PROBLEM,
            f"a configuration file of GnuPG is wrong: {error}",
            "gpg or gpg-agent does not start with it.",
            edit_command(error),
        )
    if not settings.errors:
        yield Diagnosis("gpg-conf", _AREA, State.GOOD, "gpg and gpg-agent accept their configuration files")
    if not settings.expands_memory:
        conf = shlex.quote(str(home / "gpg-agent.conf"))
        yield Diagnosis(
            "agent-memory",
            _AREA,
            State.NOTE,
            "auto-expand-secmem is not set in gpg-agent.conf",
            "When many programs decrypt at once, gpg-agent runs out of secure memory, and gpg says `No secret key`.",
            (f"echo auto-expand-secmem >> {conf}", f"gpgconf --homedir {shlex.quote(str(home))} --kill gpg-agent"),
        )
    else:
        yield Diagnosis("agent-memory", _AREA, State.GOOD, "gpg-agent may use more secure memory when it needs some")


def examine_agent(agent: AgentFacts, home: Path) -> Iterator[Diagnosis]:
    """Whether gpg-agent answers."""
    match agent.answering:
        case Answering.ALIVE:
            where = " on another machine" if agent.is_restricted else ""
            version = f" {agent.version}" if agent.version else ""
            yield Diagnosis("agent", _AREA, State.GOOD, f"gpg-agent{version}{where} is running and answers")
        case Answering.NOT_RUNNING:
            yield Diagnosis("agent", _AREA, State.GOOD, "gpg-agent is not running; gpg starts it when it is needed")
        case Answering.SILENT:
            kill = f"gpgconf --homedir {shlex.quote(str(home))} --kill gpg-agent"
            yield Diagnosis(
                "agent",
                _AREA,
                State.PROBLEM,
                "gpg-agent does not answer",
                "Every command that needs a secret key waits for it.",
                (kill if agent.process is None else f"kill -9 {agent.process}",),
            )
        case Answering.UNKNOWN:
            yield Diagnosis(
                "agent",
                _AREA,
                State.UNKNOWN,
                "it could not be told whether gpg-agent is running",
                "",
                (f"gpg-connect-agent --homedir {shlex.quote(str(home))} 'getinfo version' /bye",),
            )


def examine_keyboxd(health: GnupgHealth, home: Path) -> Iterator[Diagnosis]:
    """keyboxd, where common.conf asks for it."""
    uses_keyboxd = health.settings().uses_keyboxd
    program = health.keyboxd() if uses_keyboxd else None
    if not uses_keyboxd:
        yield Diagnosis("keyboxd", _AREA, State.GOOD, "gpg keeps public keys in a file, without keyboxd")
    elif program is None:
        conf = shlex.quote(str(home / "common.conf"))
        yield Diagnosis(
            "keyboxd",
            _AREA,
            State.PROBLEM,
            "common.conf says `use-keyboxd`, but keyboxd is not installed",
            "gpg finds no public key.",
            ("sudo apt install keyboxd", f"sed -i '/^use-keyboxd/d' {conf}"),
        )
    else:
        yield Diagnosis("keyboxd", _AREA, State.GOOD, f"keyboxd keeps the public keys: {program}")
