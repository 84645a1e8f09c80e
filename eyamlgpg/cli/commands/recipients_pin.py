"""`eyamlgpg recipients pin`: every line becomes a full fingerprint, and no value is touched."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from eyamlgpg.cli.commands.recipients_change import dry_run_option
from eyamlgpg.cli.list_changes import as_difference, ports
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import (
    PLACE,
    gnupg_options,
    judging_trust_option,
    sign_option,
)
from eyamlgpg.cli.sources import folder_around, require_there
from eyamlgpg.cli.teaching import TeachingCommand
from eyamlgpg.cli.world import World, open_world
from eyamlgpg.errors import RecipientError
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.operations.recipients.apply import (
    refuse_links_out,
    tell_of_proposal,
    tell_of_signatures,
    who,
    write_signatures,
)
from eyamlgpg.operations.recipients.approve import approve, refuse_unapproved
from eyamlgpg.operations.recipients.change import write
from eyamlgpg.operations.recipients.pin import plan_pin
from eyamlgpg.operations.recipients.roles import refuse_broken
from eyamlgpg.operations.recipients.target import TargetList, find_place


@click.command("pin", cls=TeachingCommand)
@click.argument("path", metavar="[PATH]", default=".", type=PLACE)
@dry_run_option
@sign_option
@judging_trust_option
@gnupg_options
def pin(path: Path, **options: Any) -> int:
    """Write every recipient as a full fingerprint. Takes the key that each line means today; the name stands above.

    Changes the recipients file that governs PATH (default: the working directory). Who can read stays the same, so no
    value is touched; from then on nobody else's key can take the place of one.

    $ eyamlgpg recipients pin hieradata
    """
    world = open_world(options)
    require_there(path)
    place = find_place(world.recipients_request, None, folder_around(path), world.files)
    if place.content is None:
        raise RecipientError(f"{path}: there is no {RECIPIENTS_FILE} in it or above it")
    refuse_broken([place], lambda: world.tree_settings.roster)
    if world.approvals.are_asked_for(place.path):
        return _pin(place, world, options)
    with world.files.turn(place.path):
        place = find_place(world.recipients_request, None, folder_around(path), world.files)
        return _pin(place, world, options)


def _pin(place: TargetList, world: World, options: Mapping[str, Any]) -> int:
    change, outside = plan_pin(place, world.resolver), ports(world)
    refuse_links_out((change,), outside)
    if options["dry_run"]:
        answer(as_difference([change]))
        return 0
    refuse_unapproved((change,), (), outside.approvals, world.files)
    approved = approve((change,), (), outside.approvals)
    write([change], world.files)
    write_signatures(approved, outside)
    for resolved in change.added:
        world.messages.say(f"{resolved.recipient.where}: {resolved.recipient.shown} is {who(resolved, world.now)}")
    if not change.added:
        world.messages.say(f"{place.name}: every recipient is pinned already")
    tell_of_signatures(approved, outside)
    if approved.proposed:
        tell_of_proposal(approved, None, outside)
    return 0
