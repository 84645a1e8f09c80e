"""`eyamlgpg onboard`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from eyamlgpg.cli.certifying import Certifier
from eyamlgpg.cli.completion.offers import complete_newcomer, complete_role
from eyamlgpg.cli.list_changes import ports
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import NamedPath, format_option, gnupg_options, sign_option, yes_option
from eyamlgpg.cli.teaching import TeachingCommand
from eyamlgpg.cli.world import World, open_world
from eyamlgpg.errors import FileProblem, QuestionError, RecipientError, UsageError
from eyamlgpg.formats.settings.people import read_day
from eyamlgpg.gpg import homedir
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.session import Session
from eyamlgpg.host import paths, terminal
from eyamlgpg.model.keys import Key
from eyamlgpg.model.people import ROLE
from eyamlgpg.operations.keys.export import ExportPorts
from eyamlgpg.operations.keys.sign import SigningPorts, ToSign
from eyamlgpg.operations.people.former import ever_stored
from eyamlgpg.operations.people.newcomer import Newcomer, NewcomerPorts, find, take
from eyamlgpg.operations.people.onboard import (
    OnboardPlan,
    OnboardRequest,
    apply_request,
    foreseen,
    plan_onboard,
    refuse_unusable,
)
from eyamlgpg.operations.recipients.apply import apply
from eyamlgpg.operations.recipients.approve import refuse_unapproved
from eyamlgpg.operations.recipients.folders import every_list
from eyamlgpg.operations.recipients.roles import refuse_broken
from eyamlgpg.operations.recipients.target import TargetList, find_place, refuse_overruled
from eyamlgpg.operations.tree.stored_keys import KEYS
from eyamlgpg.render.keys_changes import grouped, key_to_sign_as_text
from eyamlgpg.render.onboard import onboard_as_json, onboard_as_text, onboard_closing, onboard_plan_as_text
from eyamlgpg.render.people import proposal

_KEY_FILES = (".asc", ".gpg", ".pgp", ".pub", ".key")


@click.command("onboard", cls=TeachingCommand)
@click.argument("who", metavar="KEYFILE|ID", shell_complete=complete_newcomer)
@click.option(
    "--role", "roles", metavar="R", multiple=True, shell_complete=complete_role, help="A role; may be repeated."
)
@click.option(
    "--at",
    metavar="DIR",
    multiple=True,
    type=NamedPath(file_okay=False),
    help="A folder whose own recipients file will name them, whatever their role; may be repeated. "
    "[default, without --role: the file that governs the working directory]",
)
@click.option("--until", metavar="DATE", help="The last day on which they may read, such as 2027-03-31.")
@click.option("--exportable", is_flag=True, help="Certify for everybody, not only on this keyring.")
@click.option("--fingerprint", metavar="FPR", help="The fingerprint as its owner told it; answers that question.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@sign_option
@yes_option
@format_option("text", "json")
@gnupg_options
def command(who: str, roles: tuple[str, ...], at: tuple[Path, ...], output_format: str, **options: Any) -> int:
    """Let somebody join. Imports and certifies their key, stores it, gives them roles or lists, and re-encrypts.

    KEYFILE is a public key; ID names one of the keyring or of .eyamlgpg/keys. Shows the plan first. Compare the
    fingerprint with its owner, on the phone or face to face: -y does not answer that question, --fingerprint does.
    Steps that are already done are skipped, so a second run finishes the first. Nothing is committed.

    $ eyamlgpg onboard carol.asc --role ops --dry-run
    $ eyamlgpg onboard carol@example.com --at hieradata/production
    """
    wanted = _roles(roles)
    until = _until(options["until"])
    world = open_world(options)
    if until is not None and until < world.now.date():
        raise UsageError(f"--until {until}: that day has passed")
    refuse_overruled(world.recipients_request)
    if not options["dry_run"]:
        world.make_home()
    exportable, of_key = options["exportable"], _newcomer_ports(world)
    newcomer = find(who, _file(who), of_key, exportable=exportable)
    refuse_unusable(newcomer.key, world.resolver)
    _compare(options["fingerprint"], newcomer.key)
    request = _request(wanted, at, until, world)
    places = _every_list(world)
    refuse_broken([*places, *request.at], lambda: request.roster)
    before = replace(ports(world), resolver=foreseen(newcomer, world.resolver))
    plan = plan_onboard(request, newcomer.key, places, before)
    refuse_unapproved(plan.changes, plan.settings, before.approvals, world.files)
    _show(onboard_plan_as_text(newcomer, plan), output_format, world)
    world.messages.warn(*plan.warnings)
    closing = onboard_closing(newcomer, plan, exportable=exportable)
    if options["dry_run"]:
        if output_format == "json":
            answer(onboard_as_json(newcomer, plan, None, closing))
        return 0
    is_due = plan.is_due or not all(done for _, done in newcomer.steps)
    if is_due and not world.ask(f"Let {newcomer.key.user_id} join?"):
        raise RecipientError("nothing was changed, as you said")
    _confirm(newcomer, options["fingerprint"], output_format, world)
    done, plan, is_proposal = _carry_out(newcomer, request, of_key, world, exportable=exportable)
    if is_proposal:
        plan = replace(plan, values=0, files=0)
        closing = proposal(onboard_closing(newcomer, plan, exportable=exportable))
    if output_format == "json":
        answer(onboard_as_json(newcomer, plan, done, closing))
    elif is_due:
        answer(onboard_as_text(done, closing))
    if not is_due:
        world.messages.say(f"{newcomer.key.user_id}: is there already; there was nothing to do")
    return 0


def _carry_out(
    newcomer: Newcomer, request: OnboardRequest, of_key: NewcomerPorts, world: World, *, exportable: bool
) -> tuple[tuple[str, ...], OnboardPlan, bool]:
    """What was done with the key, the plan that was carried out, and whether an approver has yet to sign it."""
    done = take(newcomer, of_key, exportable=exportable)
    world.look_again()
    # Once more by the keyring as it is now: what was foreseen is not what is carried out.
    plan = plan_onboard(request, newcomer.key, _every_list(world), ports(world))
    if plan.settings:
        world.bounded.make(world.root / KEYS.parent)
    is_proposal = False
    if plan.is_due:
        is_proposal = bool(apply(apply_request(request, plan.changes, plan.settings), ports(world)).proposed)
    return done, plan, is_proposal


def _show(text: str, output_format: str, world: World) -> None:
    if output_format == "text":
        answer(text)
        return
    for line in text.splitlines():
        world.messages.say(line)


def _roles(roles: Sequence[str]) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(role.removeprefix("@") for role in roles))
    for role in named:
        if not ROLE.fullmatch(role):
            raise UsageError(
                f"--role {role!r}: is not the name of a role",
                "letters, digits, `.`, `_` and `-`, at most 64, beginning with a letter or digit",
            )
    return named


def _until(said: str | None) -> date | None:
    day = None if said is None else read_day(said)
    if said is not None and day is None:
        raise UsageError(f"--until {said!r}: is not a day such as 2027-03-31")
    return day


def _file(who: str) -> Path | None:
    """The path, where a word is one: a file that is there, or what looks like one."""
    path = Path(who)
    if paths.is_file(path):
        return path
    if "/" in who or who.lower().endswith(_KEY_FILES):
        raise FileProblem(f"{who}: there is no such file")
    return None


def _compare(confirmed: str | None, key: Key) -> None:
    if confirmed is None:
        return
    said = "".join(confirmed.split()).upper().removeprefix("0X")
    if said != key.fingerprint:
        raise RecipientError(
            f"--fingerprint {confirmed}: the key of {key.user_id} has another one: {grouped(key.fingerprint)}",
            "ask its owner; a key with another fingerprint is somebody else's, whatever name is on it",
        )


def _every_list(world: World) -> list[TargetList]:
    try:
        return every_list(world.recipients_request, world.root, world.trees, world.files)
    except RecipientError:
        return []  # the first list of a new tree


def _request(roles: tuple[str, ...], at: tuple[Path, ...], until: date | None, world: World) -> OnboardRequest:
    for folder in at:
        if not paths.is_folder(folder):
            raise FileProblem(f"{folder}: there is no such folder")
    folders: list[Path | None] = [paths.real(folder) for folder in at]
    if not roles and not at:
        folders = [None]
    working = paths.working_folder()
    places = tuple(find_place(world.recipients_request, folder, working, world.files) for folder in folders)
    roster = world.tree_settings.roster
    return OnboardRequest(roles, places, world.recipients_request, world.root, roster, until, world.default_method)


def _newcomer_ports(world: World) -> NewcomerPorts:
    """The world of a newcomer's key, with a throwaway keyring to look at a key before it is imported."""

    def listed(certificate: bytes) -> Key:
        with homedir.throwaway(world.environ) as home:
            ring = GnupgKeyring(Session(home, world.environ))
            ring.import_keys(certificate)
            return ring.keys()[0]

    def confirmed(_: ToSign) -> bool:
        return True  # asked before anything was done

    export = ExportPorts(world.files, world.bounded, world.certificates)
    stored = world.near_root / KEYS
    signing = SigningPorts(world.keyring, Certifier(world), world.tree, stored, export, confirmed, world.messages)
    return NewcomerPorts(signing, world.bounded, world.root, world.now, listed, ever_stored(world.tree, None))


def _confirm(newcomer: Newcomer, fingerprint: str | None, output_format: str, world: World) -> None:
    """Ask whether the fingerprint is the owner's; -y is no answer to that."""
    if newcomer.is_certified or fingerprint is not None:
        return
    key = newcomer.key
    _show(key_to_sign_as_text(key, (), 0), output_format, world)
    try:
        is_right = terminal.ask(f"Does {key.user_id} confirm the fingerprint {grouped(key.fingerprint)}?")
    except QuestionError as error:
        raise QuestionError(error.sentence, "compare it with its owner, then name it: --fingerprint FPR") from None
    if not is_right:
        raise RecipientError(f"{key.fingerprint} ({key.user_id}): nothing was changed, as you said")
