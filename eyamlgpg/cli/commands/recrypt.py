"""`eyamlgpg recrypt`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from eyamlgpg.cli import screen, slow_keys
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import PLACE, format_option, gnupg_options, method_option, pkcs7_options, recipients_options
from eyamlgpg.cli.pkcs7_opener import Pkcs7Opener
from eyamlgpg.cli.progress import progress_bar
from eyamlgpg.cli.sources import refuse_stdin
from eyamlgpg.cli.teaching import TeachingCommand
from eyamlgpg.cli.world import World, open_world
from eyamlgpg.errors import UsageError, raise_all
from eyamlgpg.gpg.recrypting.recrypter import Effort, GnupgRecrypter, Opener
from eyamlgpg.host.signals import Signalled
from eyamlgpg.operations.readers.recrypt import Progress, Recryption, recrypt
from eyamlgpg.operations.readers.recrypt_plan import Plan, RecryptRequest, make_plan
from eyamlgpg.operations.tree.selection import select_files
from eyamlgpg.render.recrypt import plan_as_json, plan_as_text, recryption_as_json, recryption_in_short
from eyamlgpg.render.shades import Shades, shaded
from eyamlgpg.render.words import counted

MOST_JOBS = 12
"""What `--jobs` ever took."""

DUE = 1
"""The exit status of `--check` where there is work to do."""


@click.command("recrypt", cls=TeachingCommand)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=PLACE)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if any value is due.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be done.")
@click.option("--all", "every", is_flag=True, help="Also rewrite values that are in line with their recipients.")
@click.option("--fresh", is_flag=True, help="Make a new message even where readers could be added to the old one.")
@click.option(
    "--from",
    "from_method",
    type=click.Choice(["pkcs7"], case_sensitive=False),
    default=None,
    help="Move the values of this method to GPG instead, each new one opened and compared, and touch no others.",
)
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(1, MOST_JOBS),
    default=None,
    help="Accepted for compatibility; has no effect, since one process does it all.",
)
@click.option("--verify", is_flag=True, help="Open each new value again and compare, before its file is written.")
@click.option(
    "-d",
    "--change-encryption",
    type=click.Choice(["gpg"], case_sensitive=False),
    default="gpg",
    help="Accepted for compatibility with hiera-eyaml; has no effect.",
)
@format_option("text", "json")
@recipients_options
@method_option
@pkcs7_options
@gnupg_options
def command(paths: tuple[Path, ...], output_format: str, from_method: str | None, **options: Any) -> int:
    """Re-encrypt values to the recipients that now govern them.

    PATH is a file or a folder, by default the working directory. Only values that are not encrypted to exactly the
    wanted recipients are rewritten. A value that only lacks readers gets them added to its header, and its encrypted
    data stays as it is; --fresh and --all make a new message instead. A value that you cannot decrypt is reported and
    left; the others are done, and the exit status is 4. The next run continues one that was interrupted.

    --from pkcs7 moves the values of hiera-eyaml's default method to GPG. It needs their private key, and at least one
    PATH.

    $ eyamlgpg recrypt --dry-run hieradata
    $ eyamlgpg recrypt --from pkcs7 hieradata/common.eyaml
    """
    if options["check"] and options["dry_run"]:
        raise UsageError("--check and --dry-run do not go together: both write nothing, --check exits with 1")
    moves = from_method is not None
    if moves and (options["every"] or options["fresh"]):
        raise UsageError("--from pkcs7 does not go with --all or --fresh: it makes each value anew, and only once")
    if moves and not paths:
        raise UsageError("--from pkcs7 needs a PATH to work on", "eyamlgpg recrypt --from pkcs7 hieradata")
    refuse_stdin(paths)
    world = open_world(options)
    request = RecryptRequest(
        every=options["every"], fresh=options["fresh"], default=world.default_method, moves_pkcs7=moves
    )
    where = paths or (Path(),)
    if options["check"] or options["dry_run"]:
        plan = plan_of(world, where, request)
        if output_format == "json":
            answer(plan_as_json(plan))
        else:
            answer(shaded(plan_as_text(plan, moves=moves), screen.paper(), Shades.DUE))
        raise_all(plan.errors)
        return DUE if plan.due and options["check"] else 0
    effort = Effort(verify=options["verify"] or moves)
    with world.trees.locked([path for path in where if world.files.exists(path)]):
        recryption = carry_out(world, plan_of(world, where, request), request, effort)
    if output_format == "json":
        answer(recryption_as_json(recryption))
    raise_all(recryption.errors)
    return 0


def plan_of(world: World, paths: Sequence[Path], request: RecryptRequest) -> Plan:
    """What is due at and below the paths; its warnings are shown."""
    selection = select_files(paths, world.trees, world.files)
    world.warn_of_links(*paths, *selection.linked)
    plan = make_plan(selection, request, world.approved_governance, world.files)
    world.messages.warn(*plan.warnings)
    return plan


def carry_out(world: World, plan: Plan, request: RecryptRequest, effort: Effort) -> Recryption:
    """Do what a plan says and say so; the caller holds the lock of the tree and sees to the errors."""
    opener: Opener = world.decrypter
    if request.moves_pkcs7 and plan.due:
        world.pkcs7.require_private_key()
        opener = Pkcs7Opener(world.pkcs7, world.decrypter)
    recrypter = GnupgRecrypter(world.keyring, opener, world.encrypter, effort)
    last = Progress(0)
    tell_if_slow = slow_keys.watch_for(world, plan.due)

    def watch(progress: Progress) -> None:
        nonlocal last
        last = progress
        show(progress.values)
        tell_if_slow(progress.values)

    try:
        with progress_bar(world, "values", plan.due) as show:
            recryption = recrypt(plan, request, world.files, recrypter, watch)
    except Signalled:
        done = "moved from PKCS7 to GPG" if request.moves_pkcs7 else "re-encrypted"
        world.messages.say(
            f"{last.written:,} of {counted(plan.due, 'value')} {done}, {last.files:,} of "
            f"{counted(len(plan.files), 'file')} done, each file is whole; run it again for the rest"
        )
        raise
    for file in recryption.files:
        world.messages.note(f"{file.name}: {counted(file.rewritten, 'value')} re-encrypted")
    world.messages.say(recryption_in_short(recryption, moves=request.moves_pkcs7))
    return recryption
