"""`eyamlgpg doctor`."""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import click

from eyamlgpg.cli import screen
from eyamlgpg.cli.messages import Messages, answer
from eyamlgpg.cli.options import format_option, gnupg_options
from eyamlgpg.cli.settings import Settings, options_alone, read_settings
from eyamlgpg.cli.teaching import TeachingCommand
from eyamlgpg.cli.world import World
from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.gpg.health import GnupgHealth
from eyamlgpg.host import paths
from eyamlgpg.host.health import MachineHealth
from eyamlgpg.model.diagnosis import State
from eyamlgpg.model.health import GitFacts, SettingFact, SettingsFacts
from eyamlgpg.model.keys import Key
from eyamlgpg.model.resolve import Resolver
from eyamlgpg.operations.doctor.examine import DoctorPorts, DoctorRequest, examine
from eyamlgpg.operations.doctor.repository import ListedReaders
from eyamlgpg.operations.paths import short_path
from eyamlgpg.operations.tree.governance import DiskLists, Governance
from eyamlgpg.operations.tree.source import RecipientsRequest
from eyamlgpg.render.doctor import doctor_as_json, doctor_as_text, doctor_summary

WORK_IS_DUE = 1
"""The exit status where something needs doing."""


@click.command("doctor", cls=TeachingCommand)
@format_option("text", "json")
@gnupg_options
def command(output_format: str, **options: Any) -> int:
    """Say what is wrong with this set-up, and what mends it.

    Looks at GnuPG, this machine, the settings and this repository. Each line is a state, what it means, and after `$`
    the command that mends it; the exit status is 1 if something needs doing. Nothing is changed, no agent is started,
    and nobody is asked for a passphrase. What does not answer within seconds is reported, not waited for.

    $ eyamlgpg doctor
    """
    messages = click.get_current_context().ensure_object(Messages)
    settings, facts = _settings(options, os.environ)
    messages.quiet, messages.verbose, messages.trace = (
        settings.flag("quiet"),
        settings.flag("verbose"),
        settings.flag("trace"),
    )
    world = World(settings, messages, os.environ, datetime.now(UTC))
    click.get_current_context().call_on_close(world.close)
    found = examine(DoctorRequest(world.now, facts), _ports(world))
    if output_format == "json":
        answer(doctor_as_json(found))
    else:
        answer(doctor_as_text(found, paper=screen.paper()))
    messages.say(doctor_summary(found))
    return WORK_IS_DUE if any(one.state is State.PROBLEM for one in found) else 0


class _Repository:
    """`operations.doctor.ports.RepositoryHealth`; git is imported when it is asked."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def git(self) -> GitFacts:
        from eyamlgpg.repo.health import git_facts

        return git_facts(paths.working_folder(), self._environ)


def _ports(world: World) -> DoctorPorts:
    return DoctorPorts(
        GnupgHealth(world.homedir, world.environ),
        MachineHealth(world.environ),
        _Repository(world.environ),
        lambda: world.tree_settings.policy,
        lambda keys: _lists(world, keys),
    )


def _lists(world: World, keys: Sequence[Key]) -> tuple[ListedReaders, ...]:
    working = paths.working_folder()
    resolver = Resolver(lambda: keys, world.now, always_trust=world.settings.always_trust)
    governance = Governance(DiskLists(RecipientsRequest(working=working), world.files), resolver)
    return tuple(
        ListedReaders(short_path(path, paths.real(working)), governance.of(path.parent))
        for path in world.trees.named(world.root, RECIPIENTS_FILE)
    )


def _settings(options: Mapping[str, Any], environ: Mapping[str, str]) -> tuple[Settings, SettingsFacts]:
    """The settings, and what is to be said of them; those of the command line alone where a file is wrong."""
    working = paths.working_folder()
    try:
        settings, error = read_settings(options, environ, working), None
    except EyamlgpgError as problem:
        settings, error = options_alone(options), problem
    made = (setting for setting in settings.merged.by_name.values() if setting.line is not None)
    facts = SettingsFacts(
        read=tuple(map(str, settings.read)),
        settings=tuple(SettingFact(one.name, _shown(one.value), one.where) for one in made),
        warnings=settings.warnings,
        error=None if error is None else error.sentence,
        hints=() if error is None else error.hints,
        home_from=_home_from(settings, environ),
    )
    return settings, facts


def _home_from(settings: Settings, environ: Mapping[str, str]) -> str:
    """What chose the GnuPG home, in the order of `gpg.homedir.choose`."""
    if environ.get("HIERA_EYAML_GPG_GNUPGHOME"):
        return "HIERA_EYAML_GPG_GNUPGHOME"
    if settings.gnupghome is not None:
        return settings.where("gpg_gnupghome")
    return "GNUPGHOME" if environ.get("GNUPGHOME") else ""


def _shown(value: str | bool) -> str:  # noqa: FBT001 - a setting's value
    return str(value).lower() if isinstance(value, bool) else value
