"""`eyamlgpg recipients`: the group, and what only looks."""

from pathlib import Path
from typing import Any

import click

from eyamlgpg.cli import screen
from eyamlgpg.cli.commands.recipients_change import add, remove, replace
from eyamlgpg.cli.commands.recipients_pin import pin
from eyamlgpg.cli.commands.recipients_sign import sign, verify
from eyamlgpg.cli.commands.recipients_sync import sync
from eyamlgpg.cli.extents import lists_at, tier_rules_broken_by
from eyamlgpg.cli.groups import Commands
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import PLACE, format_option, gnupg_options, judging_recipients_options, judging_trust_option
from eyamlgpg.cli.sources import folder_around, require_there
from eyamlgpg.cli.world import open_world
from eyamlgpg.errors import raise_all, worst
from eyamlgpg.model.recipients import Refused
from eyamlgpg.operations.recipients.lint import lint
from eyamlgpg.operations.tree.source import find_source
from eyamlgpg.render.findings.text import findings_as_json, findings_as_text
from eyamlgpg.render.keys import recipients_as_json, recipients_as_text
from eyamlgpg.render.shades import Shades, shaded
from eyamlgpg.render.words import counted
from eyamlgpg.rules.recipients import overruled


@click.group("recipients", cls=Commands)
def command() -> None:
    """Who may read: the recipients files and their keys."""


@command.command("list")
@click.argument("path", metavar="[PATH]", default=".", type=PLACE)
@format_option("text", "json")
@judging_recipients_options
@gnupg_options
def list_(path: Path, output_format: str, **options: Any) -> int:
    """Show which recipients apply to PATH, each with its key.

    PATH is a file or a folder, by default the working directory. The exit status is 3 where one cannot be used.

    $ eyamlgpg recipients list hieradata/common.eyaml
    """
    world = open_world(options)
    require_there(path)
    world.warn_of_overruling(folder_around(path))
    source = find_source(world.recipients_request, folder_around(path), world.files)
    found = world.resolver.resolve(source.recipients)
    world.messages.warn(*source.warnings)
    if output_format == "json":
        answer(recipients_as_json(str(path), source, found))
    else:
        answer(shaded(recipients_as_text(str(path), source, found), screen.paper(), Shades.READERS))
    return worst(resolution.error.status for resolution in found if isinstance(resolution, Refused))


command.add_command(add)
command.add_command(remove)
command.add_command(replace)
command.add_command(pin)
command.add_command(sync)
command.add_command(sign)
command.add_command(verify)


@command.command("lint")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=PLACE)
@format_option("text", "json")
@judging_trust_option
@gnupg_options
def lint_(paths: tuple[Path, ...], output_format: str, **options: Any) -> int:
    """Report every doubtful line of recipients files. The exit status is 1 where there is one.

    Reads, for a folder (by default the working directory), the recipients file that governs it and all below it; for a
    file, the recipients file that governs it, or the file itself if it is one.

    Doubtful are recipients who cannot be encrypted to or will not be for long (unknown, ambiguous, expired, expiring
    within 60 days, revoked, not certified), who are not named by a full fingerprint, or stand there twice; lines that
    hiera-eyaml-gpg reads otherwise; and a file that names nobody, a single reader, or not you. Where the tree has
    tier rules in .eyamlgpg/policy.yaml, so is a file that breaks one; and so is a .eyaml/config.yaml in the working
    directory that overrules them all.

    $ eyamlgpg recipients lint
    """
    world = open_world(options)
    files = list(dict.fromkeys(file for path in paths or (Path(),) for file in lists_at(path, world)))
    for file in files:
        world.warn_of_overruling(file.parent)
    result = lint(files, world.governance, world.tree_settings.roster)
    findings = (*overruled.find(world.settings.overruling), *result.findings, *tier_rules_broken_by(files, world))
    if output_format == "json":
        answer(findings_as_json(findings))
    else:
        answer(shaded(findings_as_text(findings), screen.paper(), Shades.FINDINGS))
    raise_all(result.errors)
    where = counted(len(files), "recipients file")
    world.messages.say(f"{counted(len(findings), 'finding')} in {where}")
    return 1 if findings else 0
