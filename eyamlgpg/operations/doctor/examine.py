"""`doctor`: everything looked at once; what cannot be told is part of the report, and nothing stops it."""

import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError, flattened
from eyamlgpg.model.diagnosis import Area, Diagnosis, State
from eyamlgpg.model.health import GitFacts, SecretFacts, SettingsFacts
from eyamlgpg.model.keys import Key
from eyamlgpg.model.policy import Policy
from eyamlgpg.operations.doctor import asking, gnupg, machine, own_key, repository, settings
from eyamlgpg.operations.doctor.mending import edit_command
from eyamlgpg.operations.doctor.ports import GnupgHealth, MachineHealth, RepositoryHealth
from eyamlgpg.operations.doctor.repository import ListedReaders

_INSTALL = "sudo apt install gnupg"

_GPG = re.compile(r"(?:^|(?<=\| ))gpg ")
"""A call of gpg in a shell command."""


@dataclass(frozen=True, slots=True)
class DoctorRequest:
    """As of when, and with which settings."""

    now: datetime
    settings: SettingsFacts


@dataclass(frozen=True, slots=True)
class DoctorPorts:
    """The world of a doctor."""

    gnupg: GnupgHealth
    machine: MachineHealth
    repository: RepositoryHealth
    policy: Callable[[], Policy | None]
    """Of the tree around the working directory; raises what is wrong with it."""
    lists: Callable[[Sequence[Key]], Sequence[ListedReaders]]
    """Every recipients file of that tree, resolved against these keys; raises what cannot be read."""


@dataclass(slots=True)
class _Report:
    """The lines of the report as they come."""

    lines: list[Diagnosis] = field(default_factory=list)

    def add(self, name: str, area: Area, found: Callable[[], Iterable[Diagnosis]]) -> None:
        """The lines of one part; an error in place of those that it keeps from being told."""
        try:
            for one in found():
                self.lines.append(one)
        except EyamlgpgError as error:
            self.lines += _errors(name, area, error)


def examine(request: DoctorRequest, ports: DoctorPorts) -> tuple[Diagnosis, ...]:
    """Every line, in the order of the areas."""
    report = _Report()
    home = ports.gnupg.home()
    git = ports.repository.git()
    policy = _policy(ports)
    keys: Sequence[Key] = ()
    keyring_error: EyamlgpgError | None = None
    secrets = SecretFacts()

    report.add("gpg", Area.GNUPG, lambda: gnupg.examine_gpg(ports.gnupg))
    has_gpg = report.lines[-1].state is State.GOOD
    report.add("home", Area.GNUPG, lambda: gnupg.examine_home(home, request.settings.home_from))
    if has_gpg and home.reason is None:
        report.add("gpg-conf", Area.GNUPG, lambda: gnupg.examine_settings(ports.gnupg.settings(), home.path))
        report.add("agent", Area.GNUPG, lambda: gnupg.examine_agent(ports.gnupg.agent(), home.path))
        report.add("keyboxd", Area.GNUPG, lambda: gnupg.examine_keyboxd(ports.gnupg, home.path))
        try:
            keys, secrets = ports.gnupg.keys(), ports.gnupg.secrets()
        except EyamlgpgError as error:
            keyring_error = error
            report.lines += _errors("keyring", Area.GNUPG, error)
    own = own_key.own_keys(keys)
    if has_gpg:
        is_asked = own_key.has_to_ask(own, secrets)
        report.add("pinentry", Area.PASSPHRASES, lambda: _passphrases(ports, is_needed=is_asked))
    masters = frozenset(policy.puppetmasters.values()) if isinstance(policy, Policy) else frozenset()
    if has_gpg and keyring_error is None:
        report.add("own-key", Area.KEYS, lambda: own_key.examine_own_keys(own, secrets, request.now, masters))
        if home.reason is None:
            report.add("card", Area.KEYS, lambda: own_key.examine_card(ports.gnupg.card(), keys, own, secrets))
    report.add("clock", Area.MACHINE, lambda: machine.examine_clock(request.now, keys, git.last_commit))
    report.add("scratch", Area.MACHINE, lambda: machine.examine_scratch(ports.machine.scratch()))
    report.add("editor", Area.MACHINE, lambda: machine.examine_editor(ports.machine.editor()))
    report.add("config", Area.SETTINGS, lambda: settings.examine_settings(request.settings))
    _repository(report, ports, git, policy, keys if has_gpg and keyring_error is None else None)
    return tuple(_with_home(one, home.path, request.settings.home_from) for one in report.lines)


def _with_home(one: Diagnosis, home: Path, chosen_by: str) -> Diagnosis:
    """The same with commands that name the home, where gpg alone would take another one."""
    if chosen_by in ("", "GNUPGHOME"):
        return one
    named = f"gpg --homedir {shlex.quote(str(home))} "
    return replace(one, commands=tuple(_GPG.sub(lambda _found: named, command) for command in one.commands))


def _repository(
    report: _Report,
    ports: DoctorPorts,
    git: GitFacts,
    policy: Policy | EyamlgpgError | None,
    keys: Sequence[Key] | None,
) -> None:
    area = Area.REPOSITORY
    report.add("git", area, lambda: repository.examine_git(git))
    report.add("hook", area, lambda: repository.examine_hooks(git))
    report.add("git-drivers", area, lambda: repository.examine_drivers(git))
    if isinstance(policy, EyamlgpgError):
        report.lines += _errors("policy", area, policy)
    else:
        report.add("policy", area, lambda: repository.examine_policy(policy, keys))
    if keys is not None:
        own = own_key.own_keys(keys)
        report.add("recipients", area, lambda: repository.examine_recipients(ports.lists(keys), own))


def _passphrases(ports: DoctorPorts, *, is_needed: bool | None) -> Iterator[Diagnosis]:
    pinentry = ports.gnupg.pinentry()
    yield from asking.examine_pinentry(pinentry)
    if pinentry.is_there:
        yield from asking.examine_terminal(ports.machine.terminal(), pinentry, is_needed=is_needed)


def _policy(ports: DoctorPorts) -> Policy | EyamlgpgError | None:
    try:
        return ports.policy()
    except EyamlgpgError as error:
        return error


def _errors(name: str, area: Area, error: EyamlgpgError) -> Iterator[Diagnosis]:
    for single in flattened([error]):
        hints = " ".join(f"{hint}." for hint in single.hints)
        commands = (_INSTALL,) if name == "gpg" else edit_command(single.sentence)
        yield Diagnosis(name, area, State.PROBLEM, single.sentence, hints, commands)
