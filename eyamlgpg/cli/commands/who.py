"""`eyamlgpg who`."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from eyamlgpg.api.access import access_report
from eyamlgpg.cli import screen
from eyamlgpg.cli.completion.hiera_keys import complete_key_below
from eyamlgpg.cli.completion.offers import complete_person
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import PLACE, format_option, gnupg_options, judging_recipients_options, method_option
from eyamlgpg.cli.teaching import TeachingCommand
from eyamlgpg.cli.world import World, open_world
from eyamlgpg.errors import flattened, raise_all
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.model.keys import KeyId
from eyamlgpg.operations.paths import short_path
from eyamlgpg.operations.readers.access import AccessReport, AccessRequest
from eyamlgpg.operations.readers.key_ids import key_ids_of
from eyamlgpg.render.shades import Shades, shaded
from eyamlgpg.render.who import access_as_csv, access_as_json, access_as_text

FOUND = 1
"""The exit status of `--check` where a value is not in line."""


@click.command("who", cls=TeachingCommand)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=PLACE)
@click.option(
    "--person",
    metavar="ID",
    shell_complete=complete_person,
    help="Only values that this person can read, or should but cannot.",
)
@click.option(
    "--key",
    metavar="KEYPATH",
    shell_complete=complete_key_below,
    help="Only values at this Hiera key or inside of it.",
)
@click.option("--long", is_flag=True, help="List every value, as without a terminal.")
@click.option("--check", is_flag=True, help="Only values that differ from the recipients file; exit with 1 if any.")
@format_option("text", "json", "csv")
@judging_recipients_options
@method_option
@gnupg_options
def command(paths: tuple[Path, ...], person: str | None, key: str | None, output_format: str, **options: Any) -> int:
    """Tell who can read each value, from the ciphertext itself. No secret key is needed.

    PATH is a file or a folder, by default the working directory. ID is a fingerprint, a key ID, an address or a user
    ID. Readers whose key is not on the keyring, or who are hidden, are shown as such, with the name that .eyamlgpg/keys
    or its history has for the key. On a terminal, values with the same readers share a row of a table; --long and
    --check list each value, as without a terminal.
    The last line counts the values of the person and the key that are asked for; where there is none, the exit status
    is 3.

    $ eyamlgpg who hieradata
    $ eyamlgpg who --person bob@example.com --key profile::db::password
    """
    path = None if key is None else KeyPath.parse(key)
    check = options["check"]
    world = open_world(options)
    request = AccessRequest(
        default=world.default_method,
        person=None if person is None else key_ids_of(person, world.keyring, world.kept),
        person_name=person or "",
        key=path,
        only_drift=check,
    )
    paths = paths or (Path(),)
    report = access_report(world, paths, request)
    world.messages.warn(*report.warnings)
    if output_format == "json":
        answer(access_as_json(report, judged=check))
    elif output_format == "csv":
        answer(access_as_csv(report))
    else:
        answer(_as_text(report, paths, world, every=check or options["long"]))
    unmatched = () if report.unmatched is None else (report.unmatched,)
    raise_all([*report.errors, *(report.policy_errors if check else ()), *unmatched])
    if not check:
        world.messages.warn(*(error.sentence for error in flattened(report.policy_errors)))
    return FOUND if check and report.files else 0


def _as_text(report: AccessReport, paths: Sequence[Path], world: World, *, every: bool) -> Iterator[str]:
    """On a terminal the sets of readers, unless `every` value is asked for; else the list."""
    names = _names(report, paths, world)
    if every or screen.width() is None:
        working = world.recipients_request.working
        pieces = access_as_text(report, lambda path: short_path(path, working), names)
        paper = screen.paper()
        yield from (shaded(piece, paper, Shades.READERS) for piece in pieces)
        return
    from eyamlgpg.render.reader_sets import access_by_readers

    yield access_by_readers(report, screen.paper(), names)


def _names(report: AccessReport, paths: Sequence[Path], world: World) -> Mapping[KeyId, str]:
    """The names of unknown keys, by what the tree of the first path keeps of them."""
    unknown = tuple(report.unknown())
    if not unknown:
        return {}
    from eyamlgpg.cli.stored_keys import known_keys
    from eyamlgpg.operations.audit.known_keys import names_of
    from eyamlgpg.repo.git import find_repository
    from eyamlgpg.trees.working import WorkingTree

    root = world.trees.root(next(path for path in paths if world.files.exists(path)))
    tree = WorkingTree(root, find_repository(root, world.environ))
    try:
        return names_of(unknown, known_keys(tree, world))
    finally:
        tree.close()
