"""`eyamlgpg keys`: the group, and what only looks at keys."""

import re
from datetime import timedelta
from typing import Any

import click

from eyamlgpg.cli import screen
from eyamlgpg.cli.commands import keys_exchange, keys_generate
from eyamlgpg.cli.completion.offers import complete_person
from eyamlgpg.cli.extents import extents_of
from eyamlgpg.cli.groups import Commands
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import format_option, gnupg_options
from eyamlgpg.cli.slow_keys import is_per_file
from eyamlgpg.cli.world import open_world
from eyamlgpg.errors import raise_all
from eyamlgpg.operations.keys.check import CheckPorts, CheckRequest, check
from eyamlgpg.operations.keys.select import select_keys
from eyamlgpg.operations.tree.stored_keys import read_all
from eyamlgpg.render import slow_keys as slow
from eyamlgpg.render.keys import keys_as_json, keys_as_text
from eyamlgpg.render.keys_check import check_as_json, check_as_text
from eyamlgpg.render.words import counted

_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


@click.group("keys", cls=Commands)
def command() -> None:
    """Keys: make, store, import, certify and check them."""


for _command in (keys_generate.generate_, keys_exchange.export_, keys_exchange.import_, keys_exchange.sign_):
    command.add_command(_command)


def _period(_ctx: click.Context, _param: click.Parameter, text: str) -> timedelta:
    """`60d`, `8w`, `6m`, `1y`; a number alone counts days."""
    found = re.fullmatch(r"([0-9]{1,5})([dwmy]?)", text)
    if found is None:
        raise click.BadParameter(f"{text!r} is no period, such as 60d, 8w, 6m or 1y.")
    return timedelta(days=int(found[1]) * _DAYS[found[2] or "d"])


@command.command("list")
@click.argument("ids", metavar="[ID]...", nargs=-1, shell_complete=complete_person)
@format_option("text", "json")
@gnupg_options
def list_(ids: tuple[str, ...], output_format: str, **options: Any) -> int:
    """List keys with validity and expiry. Lists all, or those that an ID names.

    ID is a fingerprint, a key ID, an address or a part of a user ID.

    $ eyamlgpg keys list bob@example.com
    """
    world = open_world(options)
    keys = select_keys(world.keyring, ids, world.kept)
    if output_format == "json":
        answer(keys_as_json(keys, now=world.now))
    elif keys:
        answer(keys_as_text(keys, now=world.now, paper=screen.paper()))
    else:
        world.messages.say(f"{world.homedir}: the keyring is empty")
        world.messages.say(
            "keys come from a repository by `eyamlgpg keys import --repo`, and from files by `keys import FILE`"
        )
    return 0


@command.command("check")
@click.option(
    "--within",
    callback=_period,
    metavar="PERIOD",
    default="60d",
    show_default=True,
    help="Report keys that expire within this time, as 60d, 8w, 6m or 1y.",
)
@format_option("text", "json")
@gnupg_options
def check_(within: timedelta, output_format: str, **options: Any) -> int:
    """Check the key of every recipient of this tree. The exit status is 1 if there is something to do.

    Reported are keys that are expired or soon will be, revoked, not certified, not on the keyring, under a name that is
    certified for another key, without encryption subkey, of a weak algorithm, signed by their owner with SHA-1, or
    newer in .eyamlgpg/keys than on this keyring, and your own key where it has no passphrase. With each comes the
    number of values that depend on it. Of your own key with a passphrase it is told what gpg-agent takes to hash it at
    each private-key operation.

    $ eyamlgpg keys check --within 90d
    """
    world = open_world(options)
    policy = world.tree_settings.policy
    stored = read_all(world.tree)
    world.messages.warn(*stored.warnings)
    request = CheckRequest(
        now=world.now,
        within=within,
        extents=extents_of(world),
        stored=stored,
        puppetmasters=frozenset(policy.puppetmasters.values()) if policy else frozenset(),
    )
    found = check(request, CheckPorts(world.keyring, world.certificates, world.secret_keys))
    if output_format == "json":
        answer(check_as_json(found, now=world.now, within_days=within.days))
    else:
        answer(check_as_text(found, now=world.now, paper=screen.paper()))
    findings = sum(len(one.findings) for one in found)
    world.messages.say(f"{counted(findings, 'finding')} about {counted(len(found), 'recipient')}")
    for one in found:
        if one.passphrase_seconds is not None and one.passphrase_seconds >= slow.SLOW:
            for line in slow.of_a_key(one.name, one.passphrase_seconds, one.values, is_per_file=is_per_file(world)):
                world.messages.say(line)
    raise_all(stored.errors)
    return 1 if findings else 0
