"""`eyamlgpg recipients add`, `remove` and `replace`: plan, ask, write, then re-encrypt what the file governs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from eyamlgpg.cli.completion.offers import complete_person, complete_person_or_role, complete_recipient
from eyamlgpg.cli.list_changes import carry_out, ports
from eyamlgpg.cli.options import (
    NamedPath,
    always_trust_option,
    gnupg_options,
    sign_option,
    yes_option,
)
from eyamlgpg.cli.teaching import TeachingCommand
from eyamlgpg.cli.world import World, open_world
from eyamlgpg.errors import FileProblem, RecipientError, UsageError
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.host import paths
from eyamlgpg.model.people import Roster
from eyamlgpg.operations.keys.sign import refuse_outdated
from eyamlgpg.operations.people.files import renewed
from eyamlgpg.operations.recipients.add import plan_add, plan_add_everywhere
from eyamlgpg.operations.recipients.change import ChangeRequest
from eyamlgpg.operations.recipients.folders import every_list
from eyamlgpg.operations.recipients.nested import tell_of_nested
from eyamlgpg.operations.recipients.remainder import Remainder
from eyamlgpg.operations.recipients.remove import plan_remove, tell_of_ignored, tell_of_others
from eyamlgpg.operations.recipients.replace import ReplaceRequest, plan_replace
from eyamlgpg.operations.recipients.roles import blocks_of, named_roles, refuse_broken
from eyamlgpg.operations.recipients.target import TargetList, find_place

at_option = click.option(
    "--at",
    metavar="DIR",
    type=NamedPath(file_okay=False),
    help="The folder whose own recipients file is meant. [default: the file that governs the working directory]",
)
no_recrypt_option = click.option(
    "--no-recrypt", is_flag=True, help="Change the recipients file only, and leave the values as they are."
)
dry_run_option = click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")


@click.command("add", cls=TeachingCommand)
@click.argument("ids", metavar="ID...", nargs=-1, required=True, shell_complete=complete_person_or_role)
@at_option
@click.option("--everywhere", is_flag=True, help="Every recipients file of the tree.")
@click.option("--only", is_flag=True, help="With --at: make it a list of just these, whoever else was named.")
@no_recrypt_option
@dry_run_option
@sign_option
@yes_option
@always_trust_option
@gnupg_options
def add(ids: tuple[str, ...], at: Path | None, **options: Any) -> int:
    """Let people read. Adds them to a recipients file, then re-encrypts what it governs.

    ID is a fingerprint, a key ID or an address; the file gets the full fingerprint under the name. All recipients, old
    and new, must be usable before anything is written; a newcomer's key must not be newer in .eyamlgpg/keys than on the
    keyring. With --at, a folder without a recipients file gets one: a copy of the file that governs it plus ID, or with
    --only just ID. Lists of folders below are named but not changed.

    @ROLE makes a block of everybody who has the role in .eyamlgpg/people.yaml or in the policy; `recipients sync`
    keeps it up to date.

    $ eyamlgpg recipients add carol@example.com --at hieradata
    $ eyamlgpg recipients add @ops --everywhere --dry-run
    """
    _refuse_both(at, options)
    only = options["only"]
    if only and at is None:
        raise UsageError("--only goes with --at DIR: say whose list it is to be")
    world = open_world(options)
    request = ChangeRequest(ids, reencrypt=not options["no_recrypt"], only=only)
    if options["everywhere"]:
        places = _every_list(world)
        changes = plan_add_everywhere(request, places, world.resolver, _roster(ids, places, world))
    else:
        world.warn_of_links(*(() if at is None else (at,)))
        place = find_place(world.recipients_request, _folder(at), paths.working_folder(), world.files, only=only)
        changes = (plan_add(request, place, world.resolver, _roster(ids, [place], world)),)
    for key in dict.fromkeys(resolved.key for change in changes for resolved in change.added):
        refuse_outdated(key, world.tree, world.certificates)
    status = carry_out(changes, world, options)
    if not options["everywhere"]:
        tell_of_nested(changes[0], world.recipients_request, ports(world))
    return status


@click.command("remove", cls=TeachingCommand)
@click.argument("ids", metavar="ID...", nargs=-1, required=True, shell_complete=complete_recipient)
@at_option
@click.option("--everywhere", is_flag=True, help="Every recipients file of the tree that names one of them.")
@no_recrypt_option
@dry_run_option
@sign_option
@yes_option
@always_trust_option
@gnupg_options
def remove(ids: tuple[str, ...], at: Path | None, **options: Any) -> int:
    """Let people read no more. Takes them out of a recipients file, then re-encrypts what it governs.

    ID is a fingerprint, a key ID, an address, a name, or what stands in the file; @ROLE takes the block of a role out.
    To remove somebody whom a role adds, change their roles or use `offboard`. The last recipient cannot be removed.
    Those removed may have kept what they read, and so does git: change those secrets.

    $ eyamlgpg recipients remove bob@example.com --everywhere
    """
    _refuse_both(at, options)
    world = open_world(options)
    request = ChangeRequest(ids, reencrypt=not options["no_recrypt"])
    if options["everywhere"]:
        places = _every_list(world)
        refuse_broken(places, lambda: world.tree_settings.roster, removed=ids)
        left = Remainder(places, world.recipients_request, ports(world))
        changes = plan_remove(request, places, world.resolver, left.hints)
        tell_of_ignored(request, world.recipients_request, ports(world))
        world.messages.warn(*left.warnings(ids, [change.place.path for change in changes]))
        return carry_out(changes, world, options)
    world.warn_of_links(*(() if at is None else (at,)))
    place = find_place(world.recipients_request, _folder(at), paths.working_folder(), world.files)
    refuse_broken([place], lambda: world.tree_settings.roster, removed=ids)
    left = Remainder([place], world.recipients_request, ports(world))
    changes = plan_remove(request, [place], world.resolver, left.hints)
    tell_of_others(request, place, world.recipients_request, ports(world))
    return carry_out(changes, world, options)


@click.command("replace", cls=TeachingCommand)
@click.argument("old", metavar="OLD", shell_complete=complete_person)
@click.argument("new", metavar="NEW", shell_complete=complete_person)
@at_option
@click.option("--everywhere", is_flag=True, help="Every recipients file of the tree, as without --at.")
@no_recrypt_option
@dry_run_option
@sign_option
@yes_option
@always_trust_option
@gnupg_options
def replace(old: str, new: str, at: Path | None, **options: Any) -> int:
    """Let a new key take the place of an old one. Changes every list that has the old one, then re-encrypts.

    It is for a new key of the same person or puppetmaster. OLD may be revoked, expired or gone from the keyring, and
    both may have the same name: OLD is the one that stands in the lists. NEW must be usable. The key also changes in
    .eyamlgpg/people.yaml and in .eyamlgpg/policy.yaml, so that roles and tier rules follow. With --at only that
    folder's list changes.

    $ eyamlgpg recipients replace 51F4BC395EEF5EFE bob@example.com
    """
    _refuse_both(at, options)
    world = open_world(options)
    if at is None:
        places = _every_list(world)
    else:
        world.warn_of_links(at)
        place = find_place(world.recipients_request, _folder(at), paths.working_folder(), world.files)
        if place.content is None:
            raise RecipientError(f"{at}: has no {RECIPIENTS_FILE} of its own", "leave out --at to change every list")
        places = [place]
    refuse_broken(places, lambda: world.tree_settings.roster)
    settings = world.tree_settings
    request = ReplaceRequest(old, new, not options["no_recrypt"], roster=settings.roster, may_change_roster=at is None)
    left = Remainder(places, world.recipients_request, ports(world))
    replacement = plan_replace(request, places, world.resolver, left.hints)
    world.messages.warn(*left.warnings([old], [change.place.path for change in replacement.changes]))
    for key in dict.fromkeys(resolved.key for change in replacement.changes for resolved in change.added):
        refuse_outdated(key, world.tree, world.certificates)
    files = renewed(replacement.old, replacement.new, world.root, settings, world.files)
    return carry_out(replacement.changes, world, options, files)


def _refuse_both(at: Path | None, options: Mapping[str, Any]) -> None:
    if at is not None and options["everywhere"]:
        raise UsageError("--at and --everywhere do not go together: give one of them")


def _folder(at: Path | None) -> Path | None:
    if at is not None and not paths.is_folder(at):
        raise FileProblem(f"{at}: there is no such folder")
    return None if at is None else paths.real(at)


def _roster(ids: Sequence[str], places: Sequence[TargetList], world: World) -> Roster:
    """Who has which role, asked for only where a role is named or a list has a block."""
    refuse_broken(places, lambda: world.tree_settings.roster)
    roles, _ = named_roles(ids)
    return world.tree_settings.roster if roles or any(blocks_of(place).blocks for place in places) else Roster()


def _every_list(world: World) -> list[TargetList]:
    return every_list(world.recipients_request, world.root, world.trees, world.files)
