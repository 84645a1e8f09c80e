"""`eyamlgpg check`."""

import os
import shlex
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from eyamlgpg.api.check import CheckRequest, TreeCheck
from eyamlgpg.api.checked_tree import opened
from eyamlgpg.cli.commands.check_formats import rendered
from eyamlgpg.cli.commands.check_in_hook import refuse, refusing
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import NAMED, PLACE, format_option, gnupg_options, judging_trust_option, yes_option
from eyamlgpg.cli.overruled import not_by_check
from eyamlgpg.cli.teaching import TeachingCommand
from eyamlgpg.cli.world import World, open_world
from eyamlgpg.errors import EyamlgpgError, FileProblem, UsageError, raise_all
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.formats.settings.baseline import BASELINE_FILE
from eyamlgpg.host.paths import is_folder, working_folder
from eyamlgpg.model.limits import BASELINE
from eyamlgpg.operations.check.approvals import may_be_accepted
from eyamlgpg.operations.check.baseline import Standing, UpdatePorts, UpdateRequest, update
from eyamlgpg.render.check import changes, new_exceptions, summary
from eyamlgpg.render.words import counted
from eyamlgpg.repo import links

if TYPE_CHECKING:
    from eyamlgpg.trees.index import IndexTree
    from eyamlgpg.trees.working import WorkingTree


@click.command("check", cls=TeachingCommand)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=PLACE)
@click.option("--staged", is_flag=True, help="Look at what the next commit holds, as staged, and nothing else.")
@format_option("text", "json", "sarif", "github", "gitlab", "junit")
@click.option(
    "--keyring",
    "keyring",
    type=click.Choice(["gnupg", "repo"]),
    default="gnupg",
    show_default=True,
    help="The keys to judge readers by: the GnuPG home's, or only those of .eyamlgpg/keys.",
)
@click.option(
    "--baseline",
    "baseline_file",
    metavar="FILE",
    type=NAMED,
    help=f"The accepted findings. [default: {BASELINE_FILE}]",
)
@click.option(
    "--gpg-recipients-file",
    metavar="FILE",
    type=NAMED,
    help="The recipients file of what no hiera-eyaml-gpg.recipients governs; a config file may name it, too.",
)
@click.option(
    "--approved-in",
    metavar="REV",
    help="The commit whose approvers count. [default: origin's default branch, else main or master]",
)
@click.option("--update-baseline", is_flag=True, help="Accept all findings, and take out stale entries.")
@click.option(
    "--fix", is_flag=True, help="Encrypt each value in clear text where it stands, after a question, and check again."
)
@yes_option
@judging_trust_option
@gnupg_options
def command(paths: tuple[Path, ...], output_format: str, **options: Any) -> int:
    """Find clear-text secrets, unreadable values and wrong readers. No private key is needed.

    PATH is a file or a folder, by default the whole tree: every *.eyaml, every *.yaml and *.yml that holds ENC[ or
    stands under a recipients file, and the recipients files. The exit status is 1 for errors, and for warnings where
    the policy says `fail_on: warning`. With --keyring repo, validity is not judged: a key in .eyamlgpg/keys counts as
    approved.

    $ eyamlgpg check --staged                  # what the next commit holds
    $ eyamlgpg check --fix hieradata           # encrypt what stands in clear text
    """
    if options["baseline_file"] == Path("-"):
        raise UsageError("--baseline names a file, and - is none")
    if options["update_baseline"] and options["staged"]:
        raise UsageError("--update-baseline and --staged do not go together: a baseline is made of whole files")
    if options["fix"]:
        from eyamlgpg.cli.commands.check_fix import require_fixable

        require_fixable(options)
    with refusing(os.environ, staged=options["staged"]):
        return _command(paths, output_format, options)


def _command(paths: tuple[Path, ...], output_format: str, options: Mapping[str, Any]) -> int:
    world = open_world(options)
    errors = _fixed(paths, options, world) if options["fix"] else []
    with opened(paths, staged=options["staged"], run=world) as tree, ExitStack() as stack:
        check = TreeCheck(tree, _request(options), world, stack)
        if options["update_baseline"]:
            return _update(check, world)
        checked = check.report(check.accepted())
        setting = world.settings.users_overruling
        if setting and any(path.endswith(RECIPIENTS_FILE) for path in (*tree.files(), *tree.links())):
            world.messages.warn(not_by_check(setting))
    answer(rendered(checked, output_format, check.policy))
    world.messages.warn(*checked.warnings)
    for line in (*changes(checked), *checked.approvers_changed, *new_exceptions(checked)):
        world.messages.say(line)
    world.messages.say(summary(checked))
    if (checked.findings or checked.warnings) and tree.root != working_folder():
        world.messages.say(f"paths are told from {tree.root}")
    if checked.findings and output_format == "text":
        world.messages.say("`eyamlgpg explain RULE` tells more")
    raise_all([*errors, *checked.errors])
    failing = [finding for finding in checked.findings if check.policy.fails(finding.severity)]
    return refuse(failing, world.environ, staged=options["staged"])


def _fixed(paths: tuple[Path, ...], options: Mapping[str, Any], world: World) -> list[EyamlgpgError]:
    """Encrypt what is found in clear text; what is wrong with files that could not be changed."""
    from eyamlgpg.cli.commands.check_fix import Fixing

    with opened(paths, staged=False, run=world) as tree, ExitStack() as stack:
        check = TreeCheck(tree, _request(options), world, stack)
        return Fixing(tree.root, world).run(check.report(check.accepted()).findings)


def _request(options: Mapping[str, Any]) -> CheckRequest:
    return CheckRequest(
        by_stored_keys=options["keyring"] == "repo",
        approved_in=options["approved_in"],
        baseline=options["baseline_file"],
    )


def _update(check: TreeCheck, world: World) -> int:
    # Looked at before the entries are: what somebody writes from here on is not overwritten.
    before = _baseline_before(check.tree, check.request.baseline, world)
    entries = check.accepted(must_exist=False).entries
    checked = check.report(check.nothing_accepted())
    raise_all(checked.errors)
    ports = UpdatePorts(check.tree, world.files, world.bounded)
    findings = list(filter(may_be_accepted, checked.findings))
    request = UpdateRequest(findings, entries, checked.looked_into, before, world.now.date())
    accepted = update(request, ports)
    reasons = "; give each one its reason" if accepted else ""
    count = counted(sum(one.count for one in accepted), "finding")
    world.messages.say(f"{before.path}: accepts {count}{reasons}")
    return 0


def _baseline_before(tree: "IndexTree | WorkingTree", named: Path | None, world: World) -> Standing:
    """Where the baseline is written, and its content, None where it is to be made."""
    # A name is of the user's working directory; our own place must not be led out of the tree by a link.
    path = links.real(tree.root, BASELINE_FILE) if named is None else named.absolute()
    if named is not None and not is_folder(named.absolute().parent):
        raise FileProblem(f"{named}: there is no folder {named.parent}", f"mkdir -p {shlex.quote(str(named.parent))}")
    content = world.files.read(path, limit=BASELINE) if world.files.exists(path) else None
    return Standing(path, content, is_own=named is None)
