"""`eyamlgpg git install`, `uninstall` and `status`."""

import os
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

import click

from eyamlgpg.cli.awaited import awaited_in_tree
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import format_option, yes_option
from eyamlgpg.cli.teaching import TeachingCommand
from eyamlgpg.cli.world import World, open_world
from eyamlgpg.errors import FileProblem
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.formats.text import decode
from eyamlgpg.host import handed_over, paths
from eyamlgpg.model.drivers import Drivers
from eyamlgpg.operations import drivers as lines
from eyamlgpg.operations.drivers import ATTRIBUTES, TreeNames
from eyamlgpg.render.drivers import advice, drivers_as_json, drivers_as_text
from eyamlgpg.render.words import counted
from eyamlgpg.repo import drivers as config
from eyamlgpg.repo.attribute_lines import deciding_lines
from eyamlgpg.repo.git import Git, require_repository


@click.command("install", cls=TeachingCommand)
@click.option(
    "--yaml/--no-yaml", default=None, help="Take .yaml and .yml files that hold values, too; by default asks."
)
@yes_option
def install(yaml: bool | None, yes: bool) -> int:  # noqa: FBT001 - click's flags
    """Let git show and merge values in this clone: in clear to those who can read them, and one by one.

    Writes lines into .gitattributes at the top of the repository, for everybody, and settings into the configuration
    of this clone, so everybody runs this command in their own clone. A line of your own is never overwritten, and
    takes precedence over these.

    $ eyamlgpg git install --yaml
    """
    world = open_world({"yes": yes})
    git = require_repository(paths.working_folder(), os.environ)
    _refuse_link(git.root)
    names = _names(world, git)
    wanted = [*lines.standard_lines(names)]
    more = lines.lines_for_yaml(names, lines.covered(names, lambda asked: config.attributes(git, asked)))
    if more and yaml is not False and (yaml or world.ask(_question([line.pattern for line in more]))):
        wanted += more
    config.install(git, sys.executable)
    if lines.write(git.root, wanted, world.files):
        world.messages.say(f"{git.root / ATTRIBUTES}: changed; commit it, so that everybody has it")
    found = _look(world, git, names)
    answer(drivers_as_text(found))
    return 0 if found.are_in_place else 1


@click.command("uninstall", cls=TeachingCommand)
def uninstall() -> int:
    """Take away what `git install` wrote.

    That is its lines of .gitattributes, and its settings of this clone.

    $ eyamlgpg git uninstall
    """
    world = open_world({})
    git = require_repository(paths.working_folder(), os.environ)
    _refuse_link(git.root)
    if lines.take_away(git.root, world.files):
        gone = world.files.remove_empty(git.root / ATTRIBUTES)
        world.messages.say(f"{git.root / ATTRIBUTES}: {'removed' if gone else 'changed'}; commit that")
    left = config.uninstall(git, sys.executable)
    for name in left:
        world.messages.warn(f"git's setting {name} is not what eyamlgpg wrote, and stays")
    answer(drivers_as_text(_look(world, git, _names(world, git))))
    return 1 if left else 0


@click.command("status", cls=TeachingCommand)
@format_option("text", "json")
def status(output_format: str) -> int:
    """Say whether git shows and merges values in this clone. The exit status is 1 if it does not.

    A fresh clone has the lines of .gitattributes but not the settings; `git install` writes them. Lists that wait for
    the signature of an approver, as after a merge, are named, too; they do not change the exit status.

    $ eyamlgpg git status
    """
    world = open_world({})
    git = require_repository(paths.working_folder(), os.environ)
    found = _look(world, git, _names(world, git))
    answer(drivers_as_json(found) if output_format == "json" else drivers_as_text(found))
    for sentence in (*advice(found), *awaited_in_tree(git.root, world)):
        world.messages.say(sentence)
    return 0 if found.are_in_place else 1


def _look(world: World, git: Git, names: TreeNames) -> Drivers:
    text = "" if (git.root / ATTRIBUTES).is_symlink() else lines.read_attributes(git.root, world.files)
    found = lines.look(names, text, lambda asked: config.attributes(git, asked), config.look(git, sys.executable))
    return lines.with_places(found, lambda attribute, files: _deciding(git, attribute, files))


def _deciding(git: Git, attribute: str, files: Collection[str]) -> Mapping[str, str]:
    with handed_over.in_folder() as folder:
        return deciding_lines(git, folder, attribute, files)


def _names(world: World, git: Git) -> TreeNames:
    """The files of the whole working tree, wherever in it somebody stands."""
    below = world.trees.below(git.root)
    places = [place for place, real in below.files if real == git.root / place] if below else []
    own = world.settings.recipients_file
    recipients = []
    if own is not None and own.name != RECIPIENTS_FILE and paths.real(own).is_relative_to(git.root):
        recipients.append(paths.real(own).relative_to(git.root).as_posix())
    return lines.names_of(places, lambda place: decode(world.files.read(git.root / place)), recipients)


def _question(patterns: list[str]) -> str:
    shown = ", ".join(patterns[:5]) + (f" and {len(patterns) - 5} more" if len(patterns) > 5 else "")
    return f"these .yaml files hold values: {shown}; add {counted(len(patterns), 'line')} for them?"


def _refuse_link(root: Path) -> None:
    path = root / ATTRIBUTES
    if path.is_symlink():
        raise FileProblem(f"{path}: is a link, which git does not read", "put a file in its place")
