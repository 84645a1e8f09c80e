"""`eyamlgpg recipients sign` and `verify`."""

from pathlib import Path
from typing import Any

import click

from eyamlgpg.api.agreed import agreed
from eyamlgpg.cli import screen
from eyamlgpg.cli.awaited import awaited
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import NAMED, format_option, gnupg_options, yes_option
from eyamlgpg.cli.teaching import TeachingCommand
from eyamlgpg.cli.world import World, open_world
from eyamlgpg.errors import RecipientError
from eyamlgpg.operations.approvals.sign import SignPorts, SignRequest, plan_sign, write_signed
from eyamlgpg.operations.approvals.signers import name_of, names_of
from eyamlgpg.operations.approvals.targets import targets
from eyamlgpg.operations.tree.settings import POLICY
from eyamlgpg.render.approvals import approvals_as_json, approvals_as_text, to_sign_as_text
from eyamlgpg.render.shades import Shades, shaded
from eyamlgpg.render.words import counted

approved_in_option = click.option(
    "--approved-in",
    metavar="REV",
    help="The commit whose approvers count. [default: origin's default branch, else main or master]",
)


@click.command("sign", cls=TeachingCommand)
@click.argument("paths", metavar="[FILE]...", nargs=-1, type=NAMED)
@approved_in_option
@yes_option
@gnupg_options
def sign(paths: tuple[Path, ...], approved_in: str | None, **options: Any) -> int:
    """Approve recipients files, as one of the approvers in the policy.

    Shows what is new since the last commit of the default branch, asks, and writes a detached signature beside each
    FILE (FILE.sig), by gpg-agent. A signature is for the content and the path in the tree. FILE is a recipients file,
    .eyamlgpg/policy.yaml, .eyamlgpg/people.yaml or a folder; by default all of the tree that no approver has signed as
    it is. Signatures of other approvers that still count are kept.

    A change of the list of approvers, or its removal from the policy, must be signed by one of the earlier approvers.

    $ eyamlgpg recipients sign hieradata/hiera-eyaml-gpg.recipients
    """
    world = open_world(options)
    with agreed(world.root, approved_in, world.environ) as commit:
        request = SignRequest(targets(paths, world.root, world.trees, world.files), bool(paths))
        outside = SignPorts(
            world.approvals, world.files, world.root, world.keyring.keys(), world.now, commit, world.resolver
        )
        plan = plan_sign(request, outside)
        if not plan.files:
            world.messages.say("every file that must be signed is signed already; there was nothing to do")
            return 0
        answer(shaded(to_sign_as_text(plan), screen.paper(), Shades.DIFFERENCE))
        what = counted(len(plan.files), "file")
        if not world.ask(f"Approve {what} as {name_of(plan.signer, world.keyring.keys())}?"):
            raise RecipientError("nothing was signed, as you said")
        for name in write_signed(plan, outside, world.trees):
            world.messages.say(f"{name}.sig: signed by {plan.signer}")
    if plan.awaited:
        world.messages.warn(
            f"{POLICY.as_posix()}: names other approvers than on {plan.since}, of whom one must sign it as well: "
            f"{names_of(plan.awaited, world.keyring.keys())}"
        )
    if any(one.is_list for one in plan.files):
        world.messages.say("bring the values in line: eyamlgpg recrypt")
    return 0


@click.command("verify", cls=TeachingCommand)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=NAMED)
@format_option("text", "json")
@gnupg_options
def verify(paths: tuple[Path, ...], output_format: str, **options: Any) -> int:
    """Tell who approved which recipients file. The exit status is 1 if a file is not signed, or changed since.

    PATH is a recipients file, .eyamlgpg/policy.yaml, .eyamlgpg/people.yaml or a folder, by default the whole tree. The
    approvers are those of the policy in the tree; `eyamlgpg check` compares them with the default branch.

    $ eyamlgpg recipients verify --format json
    """
    world = open_world(options)
    chosen = targets(paths, world.root, world.trees, world.files)
    standing = world.approvals.of_tree(world.root)
    judged = [] if standing is None else [standing.of(one.relative_to(world.root).as_posix()) for one in chosen]
    keys = () if standing is None else world.keyring.keys()
    approvers = () if standing is None else tuple(standing.terms.approvers)
    answer((approvals_as_json if output_format == "json" else approvals_as_text)(judged, approvers, keys))
    if standing is None:
        _tell_of_none(world)
        return 0
    bad = [one for one in judged if not one.is_good]
    if bad:
        for sentence in awaited(bad, len(judged), approvers, world):
            world.messages.say(sentence)
    else:
        world.messages.say(f"{counted(len(judged), 'file')} approved")
    return 1 if bad else 0


def _tell_of_none(world: World) -> None:
    world.messages.say(
        f"{POLICY.as_posix()}: names no approvers, so nothing must be signed; to change that: "
        "`recipients: {signed_by: [FINGERPRINT]}`"
    )
