"""`eyamlgpg offboard`."""

import os
from dataclasses import replace
from typing import Any

import click

from eyamlgpg.cli.completion.offers import complete_leaver
from eyamlgpg.cli.list_changes import ports
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import (
    always_trust_option,
    format_option,
    gnupg_options,
    method_option,
    sign_option,
    yes_option,
)
from eyamlgpg.cli.teaching import TeachingCommand
from eyamlgpg.cli.world import World, open_world
from eyamlgpg.errors import RecipientError, raise_all
from eyamlgpg.model.rotation import Worklist
from eyamlgpg.operations.people.former import FormerPorts, ever_stored
from eyamlgpg.operations.people.offboard import Offboarded, OffboardPlan, OffboardRequest, carry_out, plan_offboard
from eyamlgpg.operations.readers.rotation import RotationPorts, RotationRequest, worklist
from eyamlgpg.operations.readers.whole_past import History
from eyamlgpg.operations.recipients.change import ChangeRequest
from eyamlgpg.operations.recipients.folders import every_list
from eyamlgpg.operations.recipients.remove import tell_of_ignored
from eyamlgpg.operations.recipients.roles import refuse_broken
from eyamlgpg.render.people import (
    Closing,
    offboard_as_json,
    offboard_as_text,
    offboard_closing,
    offboard_plan_as_text,
    proposal,
)
from eyamlgpg.render.rotation import rotation_as_csv


@click.command("offboard", cls=TeachingCommand)
@click.argument("name", metavar="ID", shell_complete=complete_leaver)
@click.option("--compromised", is_flag=True, help="The key is in other hands: say so, and what to do about it.")
@click.option("--no-recrypt", is_flag=True, help="Change the files of people and recipients only, and no value.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@sign_option
@yes_option
@format_option("text", "json", "csv")
@method_option
@always_trust_option
@gnupg_options
def command(name: str, compromised: bool, output_format: str, **options: Any) -> int:  # noqa: FBT001 - click's flag
    """Let somebody go.

    Takes them out of the people, every recipients file and every value, then lists the secrets to change. Shows the
    plan first and asks. The key is kept in .eyamlgpg/keys/former, so reports can name it; there, it is not approved.
    Steps already done are skipped, so a second run finishes the first. Nothing is committed.

    ID is a fingerprint, a key ID, an address, a user ID or the name of a puppetmaster in the policy; the key may be
    expired, revoked, gone from the keyring, or only in the history of .eyamlgpg/keys. A list must keep a reader.

    $ eyamlgpg offboard bob@example.com --dry-run
    $ eyamlgpg offboard bob@example.com --compromised
    """
    world = open_world(options)
    reencrypt = not options["no_recrypt"]
    places = every_list(world.recipients_request, world.root, world.trees, world.files)
    roster = world.tree_settings.roster
    refuse_broken(places, lambda: roster)
    history = _history(world)
    request = OffboardRequest(
        name,
        world.recipients_request,
        world.root,
        roster,
        ever_stored(world.tree, history),
        reencrypt=reencrypt,
        default=world.default_method,
    )
    outside = ports(world)
    plan = plan_offboard(request, places, outside)
    shown = offboard_plan_as_text(plan, reencrypt=reencrypt)
    if output_format == "text":
        answer(shown)
    else:
        for line in shown.splitlines():
            world.messages.say(line)
    named = ChangeRequest(plan.person.fingerprints or (name,))
    tell_of_ignored(named, world.recipients_request, outside)
    if options["dry_run"]:
        _report(plan, None, None, output_format, offboard_closing(plan, None, compromised=compromised))
        return 0
    if plan.is_due and not world.ask(f"Let {plan.person.user_id} go?"):
        raise RecipientError("nothing was changed, as you said")
    done = carry_out(plan, request, outside, FormerPorts(world.root, world.files, world.bounded, world.certificates))
    if done.proposed:
        plan = replace(plan, values=0, files=0)
    listed = _worklist(plan, world, history)
    is_changed = plan.is_due or bool(done.moved)
    closing = offboard_closing(plan, listed, compromised=compromised, is_changed=is_changed)
    _report(plan, done, listed, output_format, proposal(closing) if done.proposed else closing)
    if not is_changed:
        world.messages.say(f"{plan.person.user_id}: stands nowhere any more; there was nothing to do")
    raise_all(done.errors)
    return 0


def _report(
    plan: OffboardPlan, done: Offboarded | None, listed: Worklist | None, output_format: str, closing: Closing
) -> None:
    match output_format:
        case "json":
            answer(offboard_as_json(plan, done, listed, closing))
        case "csv":
            answer("" if listed is None else rotation_as_csv(listed))
        case _ if done is not None:
            answer(offboard_as_text(done, listed, closing))
        case _:
            pass


def _history(world: World) -> History | None:
    """The past of the repository; None where the tree stands in none."""
    from eyamlgpg.repo.git import find_repository
    from eyamlgpg.repo.history import read_history

    return None if find_repository(world.root, world.environ) is None else read_history(world.root, world.environ)


def _worklist(plan: OffboardPlan, world: World, history: History | None) -> Worklist | None:
    """What they could ever read, as the tree is now; the past and the index are as they were before the changes."""
    if history is None:
        world.messages.warn("no git repository here, so what they could read until now is not known: change it all")
        return None
    request = RotationRequest(
        plan.person.user_id,
        os.urandom(32),
        default=world.default_method,
        own=world.keyring.own_key_ids(),
        person=plan.person,
    )
    made = worklist(request, RotationPorts(history, world.keyring, world.decrypter))
    world.messages.warn(*made.warnings, *(f"not complete: {gap}" for gap in made.gaps))
    return made
