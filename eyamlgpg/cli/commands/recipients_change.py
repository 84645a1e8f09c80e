"""`eyamlgpg recipients add`, `remove` and `pin`: plan, ask, write, then re-encrypt what the file governs."""

import shlex
from collections.abc import Mapping, Sequence
from difflib import unified_diff
from pathlib import Path
from typing import Any

import click

from eyamlgpg.cli.completion.offers import complete_recipient
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import NAMED, NamedPath, always_trust_option, gnupg_options, yes_option
from eyamlgpg.cli.world import World, folder_around, open_world
from eyamlgpg.errors import EyamlgpgError, FileProblem, RecipientError, Several, UsageError, raise_all
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.formats.text import decode
from eyamlgpg.host import paths
from eyamlgpg.host.named import find_named, tree_root
from eyamlgpg.model.recipients import Resolved
from eyamlgpg.operations.keys.sign import refuse_outdated
from eyamlgpg.operations.recipients.add import name_of, plan_add
from eyamlgpg.operations.recipients.change import Change, ChangeRequest, expiry_note, write
from eyamlgpg.operations.recipients.pin import plan_pin
from eyamlgpg.operations.recipients.remove import plan_remove, still_listed
from eyamlgpg.operations.recipients.target import Place, find_place, refuse_overruled, standing
from eyamlgpg.render.words import escaped

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


@click.command("add")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@at_option
@no_recrypt_option
@dry_run_option
@yes_option
@always_trust_option
@gnupg_options
def add(ids: tuple[str, ...], at: Path | None, **options: Any) -> int:
    """Let people read: add them to a recipients file, then re-encrypt what it governs.

    ID is a fingerprint, a key ID or an address; the file gets the full fingerprint under the name. Everybody must be
    usable, those who stand there included, before anything is written; a newcomer's key must not be newer in
    .eyamlgpg/keys than on the keyring. With --at a folder that follows the file of a
    folder above gets one of its own, which begins as a copy of that.
    """
    world = open_world(options)
    world.warn_of_links(*(() if at is None else (at,)))
    place = find_place(world.recipients_request, _folder(at), paths.working_folder(), world.files)
    request = ChangeRequest(ids, world.recipients_request, reencrypt=not options["no_recrypt"])
    change = plan_add(request, place, world.keyring)
    for resolved in change.added:
        refuse_outdated(resolved.key, world.near_root, world.bounded, world.certificates)
    return _carry_out([change], world, options)


@click.command("remove")
@click.argument("ids", metavar="ID...", nargs=-1, required=True, shell_complete=complete_recipient)
@at_option
@click.option("--everywhere", is_flag=True, help="Every recipients file of the tree in which one of them stands.")
@no_recrypt_option
@dry_run_option
@yes_option
@always_trust_option
@gnupg_options
def remove(ids: tuple[str, ...], at: Path | None, **options: Any) -> int:
    """Let people read no more: take them out of a recipients file, then re-encrypt what it governs.

    ID is a fingerprint, a key ID, an address, a name, or what stands in the file. The last recipient cannot be
    removed. What they could read until now they may have kept, and git keeps it, too: change those secrets.
    """
    if at is not None and options["everywhere"]:
        raise UsageError("--at and --everywhere do not go together: give one of them")
    world = open_world(options)
    request = ChangeRequest(ids, world.recipients_request, reencrypt=not options["no_recrypt"])
    if options["everywhere"]:
        return _carry_out(plan_remove(request, _every_place(world), world.keyring), world, options)
    world.warn_of_links(*(() if at is None else (at,)))
    place = find_place(request.recipients, _folder(at), paths.working_folder(), world.files)
    changes = plan_remove(request, [place], world.keyring)
    _warn_of_others(request, place, world)
    return _carry_out(changes, world, options)


@click.command("pin")
@click.argument("path", metavar="[PATH]", default=".", type=NAMED)
@dry_run_option
@always_trust_option
@gnupg_options
def pin(path: Path, **options: Any) -> int:
    """Write every recipient as the full fingerprint that it means today, under their name.

    Changed is the recipients file that governs PATH, by default the working directory. Who can read stays the same,
    so no value is touched; from then on nobody else's key can take the place of one.
    """
    world = open_world(options)
    place = find_place(world.recipients_request, None, folder_around(path), world.files)
    if place.content is None:
        raise RecipientError(f"{path}: there is no {RECIPIENTS_FILE} in it or above it")
    with world.files.turn(place.path):
        return _pin(path, world, options)


def _pin(path: Path, world: World, options: Mapping[str, Any]) -> int:
    place = find_place(world.recipients_request, None, folder_around(path), world.files)
    change = plan_pin(world.recipients_request, place, world.keyring)
    _refuse_links_out([change])
    if options["dry_run"]:
        answer(_difference(change))
        return 0
    write([change], world.files)
    for resolved in change.added:
        world.messages.say(f"{resolved.recipient.where}: {resolved.recipient.shown} is {_who(resolved, world)}")
    if not change.added:
        world.messages.say(f"{place.name}: every recipient is pinned already")
    return 0


def _folder(at: Path | None) -> Path | None:
    if at is not None and not paths.is_folder(at):
        raise FileProblem(f"{at}: there is no such folder")
    return None if at is None else paths.real(at)


def _every_place(world: World) -> list[Place]:
    """Every recipients file of the tree around the working directory; one under several names counts once."""
    refuse_overruled(world.recipients_request)
    root, working = tree_root(paths.working_folder()), world.recipients_request.working
    found = find_named(root, RECIPIENTS_FILE)
    if not found:
        raise RecipientError(f"{root}: there is no {RECIPIENTS_FILE} in it or below it")
    each_once: dict[Path, Path] = {}
    for path in found:
        target = paths.real(path)
        if target not in each_once or not path.is_symlink():
            each_once[target] = path
    return [standing(path, path.parent, working, world.files) for path in each_once.values()]


def _warn_of_others(request: ChangeRequest, place: Place, world: World) -> None:
    """Say in which other recipients files of the tree somebody who is removed stands, too."""
    if place.folder is None:
        return  # the configuration names one file for all
    try:
        others = [other for other in _every_place(world) if other.path.resolve() != place.path.resolve()]
    except EyamlgpgError as error:
        world.messages.warn(f"whether they are listed elsewhere, too, is not known: {error.sentence}")
        return
    names = still_listed(request, others, world.keyring)
    if names:
        world.messages.warn(f"they stay listed in {', '.join(names)}: --everywhere takes them out of all")


def _carry_out(changes: Sequence[Change], world: World, options: Mapping[str, Any]) -> int:
    """Ask what must be asked, write the recipients files, then re-encrypt; the exit status."""
    from eyamlgpg.cli.reencrypt import governed_folders, lock, reencrypt

    _refuse_links_out(changes)
    folders = governed_folders(changes, world)
    reencrypts = not options["no_recrypt"] and all(change.place.folder is not None for change in changes)
    if reencrypts:
        world.require_gpg()
    for change in changes:
        world.messages.warn(*change.warnings)
    if options["dry_run"]:
        return _foretell(changes, world, reencrypts=reencrypts)
    for question in (question for change in changes for question in change.questions):
        if not world.ask(question):
            raise RecipientError("nothing was changed")
    by_hand = f"eyamlgpg recrypt {shlex.join(map(str, folders)) or 'PATH'}"
    with lock(changes, world):
        write(changes, world.files, by_hand)
        for change in changes:
            _tell(change, world)
        if not reencrypts:
            world.messages.say(f"the values are as they were; bring them in line with: {by_hand}")
            return 0
        try:
            reencrypt(changes, world)
        except EyamlgpgError as error:
            again = EyamlgpgError("the recipients are changed, some values are not", f"for the rest: {by_hand}")
            again.status = error.status
            raise Several([error, again]) from None
    return 0


def _refuse_links_out(changes: Sequence[Change]) -> None:
    """Raise for a recipients file that is a link to one of another tree, which is not this tree's to change."""
    errors = []
    for place in (change.place for change in changes):
        real = place.path.resolve()
        roots = [] if place.folder is None else [tree_root(place.folder), tree_root(Path.cwd())]
        if roots and not any(real.is_relative_to(root) for root in roots):
            hint = f"change it in its own tree, from the folder {real.parent}"
            errors.append(FileProblem(f"{place.name}: is a link out of the tree, to {real}; nothing was changed", hint))
    raise_all(errors)


def _foretell(changes: Sequence[Change], world: World, *, reencrypts: bool) -> int:
    """Print the change of each file, and which values would be due."""
    from eyamlgpg.cli.reencrypt import foresee
    from eyamlgpg.render.recrypt import plan_as_text

    answer("".join(_difference(change) for change in changes))
    if reencrypts:
        plan = foresee(changes, world)
        answer(plan_as_text(plan))
        raise_all(plan.errors)
    return 0


def _tell(change: Change, world: World) -> None:
    name = change.place.name
    if change.place.path.is_symlink():
        world.messages.warn(f"{name}: is a link to {paths.real(change.place.path)}, which other folders may use, too")
    for resolved in change.added:
        world.messages.say(f"{name}: added {_who(resolved, world)}")
    for line in change.removed:
        world.messages.say(f"{name}: removed {line.person}, {line.entry.recipient.shown}")
    if change.removed:
        world.messages.say(
            "what they could read until now stays readable to them in git's history and in copies: change those secrets"
        )


def _who(resolved: Resolved, world: World) -> str:
    return f"{name_of(resolved)}, {resolved.key.fingerprint}{expiry_note(resolved, world.now)}"


def _difference(change: Change) -> str:
    """The change as `diff -u` shows it."""
    old = [] if change.place.content is None else decode(change.place.content).splitlines(keepends=True)
    new = change.text.splitlines(keepends=True)
    origin = change.place.name if change.place.content is not None else "/dev/null"
    lines = unified_diff(old, new, origin, change.place.name)
    return "".join(escaped(line.rstrip("\r\n")) + "\n" for line in lines)
