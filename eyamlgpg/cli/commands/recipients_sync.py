"""`eyamlgpg recipients sync`."""

from pathlib import Path
from typing import Any

import click

from eyamlgpg.cli import screen
from eyamlgpg.cli.extents import lists_at
from eyamlgpg.cli.list_changes import apply_request, as_difference, carry_out, ports
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import NAMED, always_trust_option, gnupg_options, sign_option, yes_option
from eyamlgpg.cli.teaching import TeachingCommand
from eyamlgpg.cli.world import World, open_world
from eyamlgpg.errors import UsageError, raise_all
from eyamlgpg.operations.recipients.apply import foresee
from eyamlgpg.operations.recipients.change import ListChange
from eyamlgpg.operations.recipients.roles import plan_sync, refuse_broken
from eyamlgpg.operations.recipients.target import TargetList, refuse_overruled, standing
from eyamlgpg.render.shades import Shades, shaded
from eyamlgpg.render.words import counted

WORK_IS_DUE = 1
"""The exit status of --check where a block or a value is behind."""


@click.command("sync", cls=TeachingCommand)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=NAMED)
@click.option("--check", is_flag=True, help="Only report; status 1 if a block or a value is behind.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--no-recrypt", is_flag=True, help="Write the recipients files only, and leave the values as they are.")
@sign_option
@yes_option
@always_trust_option
@gnupg_options
def sync(paths: tuple[Path, ...], check: bool, **options: Any) -> int:  # noqa: FBT001 - click's flag
    """Write the role blocks of recipients files anew. Then re-encrypts what these files govern.

    A block names everybody who has the role in .eyamlgpg/people.yaml, or as a puppetmaster in .eyamlgpg/policy.yaml,
    sorted by name, without those whose last day (until) is over. Lines outside of blocks stay as they are. PATH is a
    folder or a file; by default every recipients file of the tree is meant.

    $ eyamlgpg recipients sync --check
    """
    if check and options["dry_run"]:
        raise UsageError("--check and --dry-run do not go together: give one of them")
    world = open_world(options)
    places = _places(paths, world)
    refuse_broken(places, lambda: world.tree_settings.roster)
    reencrypt = not options["no_recrypt"]
    changes = plan_sync(places, world.tree_settings.roster, world.resolver, reencrypt=reencrypt and not check)
    if not changes:
        hint = "to make one: eyamlgpg recipients add @ROLE"
        world.messages.say(f"no role block in {counted(len(places), 'recipients file')}; {hint}")
        return 0
    if check:
        return _check(changes, world, reencrypt=reencrypt)
    due = sum(change.is_due for change in changes)
    status = carry_out(changes, world, options)
    if not due:
        world.messages.say(f"the role blocks of {counted(len(changes), 'recipients file')} are up to date")
    return status


def _check(changes: tuple[ListChange, ...], world: World, *, reencrypt: bool) -> int:
    due = [change for change in changes if change.is_due]
    plan = foresee(apply_request(changes, world, reencrypt=reencrypt), ports(world))
    answer(as_difference(due))
    if plan is not None:
        from eyamlgpg.render.recrypt import plan_as_text

        answer(shaded(plan_as_text(plan), screen.paper(), Shades.DUE))
        raise_all(plan.errors)
    behind = f"{counted(len(due), 'recipients file')} of {len(changes)} out of sync: eyamlgpg recipients sync"
    world.messages.say(
        behind if due else f"the role blocks of {counted(len(changes), 'recipients file')} are up to date"
    )
    return WORK_IS_DUE if due or (plan is not None and plan.due) else 0


def _places(paths: tuple[Path, ...], world: World) -> list[TargetList]:
    refuse_overruled(world.recipients_request)
    found = {world.trees.real(list_): list_ for path in paths or (world.near_root,) for list_ in lists_at(path, world)}
    working = world.recipients_request.working
    return [standing(path, path.parent, working, world.files) for path in found.values()]
