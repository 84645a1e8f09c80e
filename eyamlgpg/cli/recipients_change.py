"""`eyamlgpg recipients add`, `remove` and `pin`: plan, ask, write, then re-encrypt what the file governs."""

import shlex
from collections.abc import Mapping, Sequence
from difflib import unified_diff
from pathlib import Path
from typing import Any

import click

from eyamlgpg.cli.complete import complete_recipient
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import always_trust_option, gnupg_options, yes_option
from eyamlgpg.cli.reencrypt import reencrypt
from eyamlgpg.cli.world import World, folder_around, open_world
from eyamlgpg.errors import EyamlgpgError, FileProblem, RecipientError, UsageError, raise_all
from eyamlgpg.formats.recipients_file import RECIPIENTS_FILE
from eyamlgpg.formats.text import decode
from eyamlgpg.host.named import find_named, tree_root
from eyamlgpg.model.recipients import Resolved
from eyamlgpg.operations.add_recipients import name_of, plan_add
from eyamlgpg.operations.paths import shown
from eyamlgpg.operations.pin_recipients import plan_pin
from eyamlgpg.operations.recipients_change import Change, ChangeRequest, expiry_note, write
from eyamlgpg.operations.recipients_place import Place, find_place, standing
from eyamlgpg.operations.remove_recipients import plan_remove, still_listed
from eyamlgpg.render.text import escaped

at_option = click.option(
    "--at",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
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
    usable, those who stand there included, before anything is written. With --at a folder that follows the file of a
    folder above gets one of its own, which begins as a copy of that.
    """
    world = open_world(options)
    place = find_place(world.recipients_request, _folder(at), Path.cwd(), world.files)
    request = ChangeRequest(ids, world.recipients_request, reencrypt=not options["no_recrypt"])
    return _carry_out([plan_add(request, place, world.keyring)], world, options)


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
    everywhere = places = _every_place(world)
    if not options["everywhere"]:
        places = [find_place(request.recipients, _folder(at), Path.cwd(), world.files)]
    changes = plan_remove(request, places, world.keyring)
    changed = {change.place.name for change in changes}
    others = still_listed(request, [place for place in everywhere if place.name not in changed], world.keyring)
    if others:
        world.messages.warn(f"they stay listed in {', '.join(others)}: --everywhere takes them out of all")
    return _carry_out(changes, world, options)


@click.command("pin")
@click.argument("path", metavar="[PATH]", default=".", type=click.Path(path_type=Path))
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
    change = plan_pin(world.recipients_request, place, world.keyring)
    if options["dry_run"]:
        answer(_difference(change))
        return 0
    write([change], world.files)
    for resolved in change.added:
        world.messages.say(f"{resolved.recipient.where}: {resolved.recipient.name} is {_who(resolved, world)}")
    if not change.added:
        world.messages.say(f"{place.name}: every recipient is pinned already")
    return 0


def _folder(at: Path | None) -> Path | None:
    if at is not None and not at.is_dir():
        raise FileProblem(f"{at}: there is no such folder")
    return None if at is None else at.resolve()


def _every_place(world: World) -> list[Place]:
    root, working = tree_root(Path.cwd()), world.recipients_request.working
    return [standing(path, path.parent, working, world.files) for path in find_named(root, RECIPIENTS_FILE)]


def _carry_out(changes: Sequence[Change], world: World, options: Mapping[str, Any]) -> int:
    """Ask what must be asked, write the recipients files, then re-encrypt; the exit status."""
    for change in changes:
        world.messages.warn(*change.warnings)
    if options["dry_run"]:
        answer("".join(_difference(change) for change in changes))
        return 0
    for question in (question for change in changes for question in change.questions):
        if not world.ask(question):
            raise RecipientError("nothing was changed")
    write(changes, world.files)
    for change in changes:
        _tell(change, world)
    folders = [change.place.folder for change in changes if change.place.folder is not None]
    if options["no_recrypt"] or len(folders) < len(changes):
        world.messages.say(f"the values are as they were; bring them in line with: {_by_hand(folders, world)}")
        return 0
    try:
        return reencrypt(folders, world)
    except EyamlgpgError as error:
        again = "the recipients are changed, some values are not"
        raise_all([error, EyamlgpgError(again, f"bring the rest in line with: {_by_hand(folders, world)}")])
        raise


def _by_hand(folders: Sequence[Path], world: World) -> str:
    paths = [shown(folder, world.recipients_request.working) for folder in folders]
    return f"eyamlgpg recrypt {shlex.join(paths) or 'PATH'}"


def _tell(change: Change, world: World) -> None:
    name = change.place.name
    if change.place.path.is_symlink():
        world.messages.warn(f"{name}: is a link to {change.place.path.resolve()}, which other folders may use, too")
    for resolved in change.added:
        world.messages.say(f"{name}: added {_who(resolved, world)}")
    for line in change.removed:
        world.messages.say(f"{name}: removed {line.person}, {line.entry.recipient.name}")
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
