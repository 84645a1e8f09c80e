"""`eyamlgpg hiera`: a hiera.yaml that decrypts, written or checked."""

import posixpath
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from eyamlgpg.cli import screen
from eyamlgpg.cli.completion.offers import complete_person
from eyamlgpg.cli.groups import Commands
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import NAMED, PLACE, format_option, gnupg_options
from eyamlgpg.cli.world import World, open_world
from eyamlgpg.errors import FileProblem, UsageError
from eyamlgpg.formats.puppet.new_hiera import NewHiera, written
from eyamlgpg.host import paths
from eyamlgpg.model.diagnosis import State
from eyamlgpg.operations.puppet import init
from eyamlgpg.operations.puppet.check import HieraPorts, check_hiera
from eyamlgpg.operations.puppet.encrypted_places import encrypted_places
from eyamlgpg.operations.puppet.masters import masters_of
from eyamlgpg.operations.puppet.request import HieraRequest, is_aside
from eyamlgpg.operations.tree.settings import TreeSettings
from eyamlgpg.render.hiera import hiera_as_json, hiera_as_text, hiera_summary
from eyamlgpg.render.words import counted
from eyamlgpg.repo.git import find_repository
from eyamlgpg.trees.working import WorkingTree

HIERA_YAML = "hiera.yaml"
FOUND = 1
"""The exit status where Puppet would not decrypt something."""


@click.group("hiera", cls=Commands)
def command() -> None:
    """The hiera.yaml by which Puppet decrypts."""


@command.command("init")
@click.argument("folder", metavar="[DIR]", required=False, type=PLACE)
@click.option(
    "--version",
    type=click.Choice(["5", "3"]),
    default="5",
    show_default=True,
    help="The version of hiera.yaml. Version 3 is for the global file of older sites.",
)
@click.option(
    "--homedir",
    metavar="DIR",
    default=init.HOME,
    show_default=True,
    help="The GnuPG home of the puppetmaster's key, on the master.",
)
@click.option(
    "--datadir", metavar="DIR", help="The folder of the data. [default: data, hieradata or hiera, which is there]"
)
@click.option("--dry-run", is_flag=True, help="Print what would be written, write nothing.")
@gnupg_options
def init_(
    folder: Path | None, version: str, homedir: str, datadir: str | None, *, dry_run: bool, **options: Any
) -> int:
    """Write a hiera.yaml whose levels decrypt values of GPG.

    DIR is the folder to write it in, by default the root of the tree. The levels are those that the folders and files
    of the data suggest. An existing hiera.yaml is never overwritten.

    $ eyamlgpg hiera init --dry-run
    """
    _refuse_home(homedir)
    world = open_world(options)
    tree = _tree(world, folder or Path())
    root = tree.root if folder is None else paths.real(folder)
    if not paths.is_folder(root):
        raise FileProblem(f"{folder}: there is no such folder")
    inside = root.relative_to(tree.root).as_posix()
    prefix = "" if inside == "." else f"{inside}/"
    places = [place.removeprefix(prefix) for place in tree.files() if place.startswith(prefix) and not is_aside(place)]
    where = posixpath.normpath(datadir or init.datadir_of(places) or "data")
    new = init.new_hiera(
        places, where, homedir, encrypted_places(places, where, lambda place: tree.read(prefix + place))
    )
    text = written(new, int(version))
    target = root / HIERA_YAML
    exists = world.files.exists(target)
    levels = counted(len(new.levels), "level")
    if dry_run:
        answer(text)
        _advise(world, new, places, version)
        if exists:
            world.messages.warn(f"{target}: is there already, and is never overwritten")
        return 0
    if exists:
        raise FileProblem(
            f"{target}: is there already, and is not overwritten",
            "eyamlgpg hiera check says what is wrong with it",
            "eyamlgpg hiera init --dry-run prints what a new one would say",
        )
    with world.trees.locked([root]):
        world.files.replace(target, text.encode(), expected=None)
    world.messages.say(f"{target}: written, version {version}, {levels} over {where}; the key's home is {homedir}")
    _advise(world, new, places, version)
    world.messages.say("`eyamlgpg hiera check` says whether every value is read")
    return 0


def _advise(world: World, new: NewHiera, places: Sequence[str], version: str) -> None:
    guessed = init.guessed(new)
    if guessed:
        world.messages.say(f"look at {', '.join(f'%{{{fact}}}' for fact in guessed)}: guessed from names of folders")
    left = init.left_out(new, places)
    if left:
        more = f" and {len(left) - 1} more" if len(left) > 1 else ""
        world.messages.warn(f"no level reads {left[0]}{more}: add levels for them")
    if version == "3":
        world.messages.say(
            "Puppet reads version 3 as the global /etc/puppetlabs/puppet/hiera.yaml alone; move it there"
        )


def _refuse_home(home: str) -> None:
    if not posixpath.isabs(home) or not home.isprintable():
        raise UsageError(f"--homedir {home}: is not an absolute path", "Puppet takes it as it stands, on the master")


@command.command("check")
@click.argument("places", metavar="[PATH]...", nargs=-1, type=PLACE)
@click.option(
    "--master",
    "masters",
    metavar="ID",
    multiple=True,
    shell_complete=complete_person,
    help="A puppetmaster: its name in the policy, or its key. [default: those of the policy]",
)
@click.option("--homedir", metavar="DIR", type=NAMED, help="Look into this GnuPG home instead of gpg_gnupghome.")
@click.option("--user", metavar="NAME", default="puppet", show_default=True, help="The user that Puppet runs as.")
@click.option("--on-master", is_flag=True, help="This machine is a master: a home that is not here is missing.")
@format_option("text", "json")
@gnupg_options
def check(
    places: tuple[Path, ...],
    masters: tuple[str, ...],
    homedir: Path | None,
    user: str,
    output_format: str,
    *,
    on_master: bool,
    **options: Any,
) -> int:
    """Say which values Puppet would not decrypt, and why.

    PATH is a hiera.yaml, or a folder for all hiera.yaml files in it, modules included; by default the whole tree.
    Neither Puppet nor a secret key is needed. What only a node knows, such as %{trusted.certname}, is reported as
    unknown, and every file that it may name is looked at. The exit status is 1 for a problem.

    $ eyamlgpg hiera check --master puppetmaster-prod
    """
    world = open_world(options)
    tree = _tree(world, *places)
    configs, within = _asked(tree, places)
    known, unknown = masters_of(masters, TreeSettings(tree).policy, _keys(world, tree))
    home = None if homedir is None else homedir.absolute()
    request = HieraRequest(configs, within, known, unknown, user, home, on_master)
    report = check_hiera(request, _ports(world, tree, user))
    if output_format == "json":
        answer(hiera_as_json(report))
    else:
        answer(hiera_as_text(report, paper=screen.paper()))
    world.messages.say(hiera_summary(report))
    return FOUND if any(one.state is State.PROBLEM for one in report.every()) else 0


def _ports(world: World, tree: WorkingTree, user: str) -> HieraPorts:
    from eyamlgpg.cli.hiera_ports import DiskElsewhere, DiskHomes, WorldLists

    return HieraPorts(tree, DiskElsewhere(world), DiskHomes(user, world.environ), WorldLists(world))


def _keys(world: World, tree: WorkingTree) -> Any:
    from eyamlgpg.cli.hiera_ports import keys_at_hand

    return keys_at_hand(world, tree)


def _tree(world: World, *places: Path) -> WorkingTree:
    """The one tree that all places stand in."""
    for place in places:
        if not world.files.exists(place):
            raise FileProblem(f"{place}: there is no such file or folder")
    roots = dict.fromkeys(world.trees.root(place) for place in places or (paths.working_folder(),))
    if len(roots) > 1:
        raise UsageError(f"{places[0]} and {places[-1]} stand in different trees", "check them one after the other")
    root = next(iter(roots))
    tree = WorkingTree(root, find_repository(root, world.environ))
    click.get_current_context().call_on_close(tree.close)
    return tree


def _asked(tree: WorkingTree, places: tuple[Path, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The hiera.yaml files, and the folders whose files some level is to read, both from the root."""
    configs: list[str] = []
    within: list[str] = []
    for place in places or (tree.root,):
        real = paths.real(place)
        inside = real.relative_to(tree.root).as_posix()
        if not paths.is_folder(real):
            configs.append(inside)
            continue
        every = sorted(tree.files(), key=lambda file: (file.count("/"), file))
        found = [
            file
            for file in every
            if posixpath.basename(file) == HIERA_YAML and (inside == "." or file.startswith(f"{inside}/"))
        ]
        # What the tests of modules are told by is no file of a server, unless somebody asks for it.
        configs += [file for file in found if not is_aside(file) or is_aside(f"{inside}/x")]
        within.append(inside)
        if not configs:
            raise FileProblem(f"{place}: there is no {HIERA_YAML} in it", "eyamlgpg hiera init writes one")
    return tuple(dict.fromkeys(configs)), tuple(within)
