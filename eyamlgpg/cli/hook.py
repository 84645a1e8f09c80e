"""`eyamlgpg hook`."""

import os
import sys

import click

from eyamlgpg.cli.commands import Commands
from eyamlgpg.cli.messages import answer
from eyamlgpg.host.paths import working_folder
from eyamlgpg.render.text import escaped
from eyamlgpg.repo import hooks
from eyamlgpg.repo.git import require_repository
from eyamlgpg.repo.hooks import Hook, State


@click.group("hook", cls=Commands)
def command() -> None:
    """Git's pre-commit hook, which runs `check --staged` before each commit."""


@command.command("install")
def install() -> int:
    """Install the hook where git looks for it; a hook that is already there is kept and runs first."""
    return _told(hooks.install(require_repository(working_folder(), os.environ), sys.executable), good=True)


@command.command("uninstall")
def uninstall() -> int:
    """Take the hook away; a hook that was there before gets its name back, and another's is left alone."""
    _told(hooks.uninstall(require_repository(working_folder(), os.environ)), good=False)
    return 0


@command.command("status")
def status() -> int:
    """Say whether the hook is installed; the exit status is 1 where it is not."""
    return _told(hooks.look(require_repository(working_folder(), os.environ)), good=True)


def _told(hook: Hook, *, good: bool) -> int:
    answer(f"{escaped(str(hook.path))}: {hook.state}\n")
    return 0 if (hook.state in (State.INSTALLED, State.CHAINED)) == good else 1
