"""`eyamlgpg hook`."""

import os
import sys
from collections.abc import Sequence

import click

from eyamlgpg.cli.groups import Commands
from eyamlgpg.cli.messages import answer
from eyamlgpg.host.paths import working_folder
from eyamlgpg.render.words import escaped
from eyamlgpg.repo.git import Git, require_repository
from eyamlgpg.repo.hooks import hooks
from eyamlgpg.repo.hooks.hooks import Hook


@click.group("hook", cls=Commands)
def command() -> None:
    """Git's hooks, which run `check --staged` before each commit."""


@command.command("install")
def install() -> int:
    """Install the hooks where git looks for them. A hook that is already there is kept and runs first.

    $ eyamlgpg hook install
    """
    return _told(hooks.install(_git(), sys.executable), good=True)


@command.command("uninstall")
def uninstall() -> int:
    """Take the hooks away. A hook that was there before gets its name back, and others are left alone.

    $ eyamlgpg hook uninstall
    """
    return _told(hooks.uninstall(_git()), good=False)


@command.command("status")
def status() -> int:
    """Say whether the hooks are installed. The exit status is 1 where one is not.

    $ eyamlgpg hook status
    """
    return _told(hooks.look(_git()), good=True)


def _git() -> Git:
    return require_repository(working_folder(), os.environ)


def _told(found: Sequence[Hook], *, good: bool) -> int:
    answer("".join(f"{escaped(str(hook.path))}: {hook.state}\n" for hook in found))
    return 0 if all(hook.is_in_place == good for hook in found) else 1
