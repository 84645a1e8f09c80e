"""`eyamlgpg check`."""

import os
import shlex
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from eyamlgpg.cli.commands.check_approvers import approvers_of
from eyamlgpg.cli.commands.check_formats import rendered
from eyamlgpg.cli.commands.check_in_hook import refuse, refusing
from eyamlgpg.cli.commands.check_tree import opened
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import NAMED, PLACE, format_option, gnupg_options, judging_trust_option, yes_option
from eyamlgpg.cli.overruled import not_by_check
from eyamlgpg.cli.teaching import TeachingCommand
from eyamlgpg.cli.world import World, open_world
from eyamlgpg.detectors.names import NamePolicy
from eyamlgpg.errors import EyamlgpgError, FileProblem, UsageError, raise_all
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.formats.settings import baseline
from eyamlgpg.formats.settings.baseline import BASELINE_FILE, Accepted
from eyamlgpg.formats.text import decode
from eyamlgpg.gpg import homedir
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.session import Session
from eyamlgpg.host.paths import is_folder, real, working_folder
from eyamlgpg.model.keys import Fingerprint, Key
from eyamlgpg.model.limits import BASELINE
from eyamlgpg.model.people import Roster
from eyamlgpg.model.policy import Policy
from eyamlgpg.model.resolve import Resolver
from eyamlgpg.operations.check.approvals import Approvers, may_be_accepted
from eyamlgpg.operations.check.baseline import Baseline, Standing, UpdatePorts, UpdateRequest, update
from eyamlgpg.operations.check.check import Check
from eyamlgpg.operations.check.keys import repository_keys
from eyamlgpg.operations.check.report import CheckReport, Terms
from eyamlgpg.operations.tree.governance import Governance, TreeLists
from eyamlgpg.operations.tree.settings import POLICY, TreeSettings
from eyamlgpg.operations.tree.stored_keys import KEYS
from eyamlgpg.operations.tree_ports import Tree
from eyamlgpg.render.check import changes, new_exceptions, summary
from eyamlgpg.render.words import counted
from eyamlgpg.repo import links
from eyamlgpg.trees.index import IndexTree

if TYPE_CHECKING:
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
    help="By which keys readers are judged: the GnuPG home's, or those of .eyamlgpg/keys alone.",
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
@click.option("--update-baseline", is_flag=True, help="Accept all that is found, and take out what is stale.")
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
    the policy says `fail_on: warning`.
    With --keyring repo, validity is not judged: that a key is in .eyamlgpg/keys is its approval.

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
    with opened(paths, staged=options["staged"], world=world) as tree, ExitStack() as stack:
        settings = TreeSettings(tree)
        run = _run_by(tree, settings, options, world, stack)
        is_update = options["update_baseline"]
        # Looked at before the entries are: what somebody writes from here on is not overwritten.
        before = _baseline_before(tree, options["baseline_file"], world) if is_update else None
        named, entries = _baseline(settings, options["baseline_file"], world, must_exist=not is_update)
        source = BASELINE_FILE if named is None else str(named)
        if before is not None:
            checked = _run(tree, run, Baseline(source, (), tree.is_whole), world)
            raise_all(checked.errors)
            ports = UpdatePorts(tree, world.files, world.bounded)
            looked_into = checked.looked_into
            request = UpdateRequest(
                list(filter(may_be_accepted, checked.findings)), entries, looked_into, before, world.now.date()
            )
            accepted = update(request, ports)
            reasons = "; give each one its reason" if accepted else ""
            count = counted(sum(one.count for one in accepted), "finding")
            world.messages.say(f"{before.path}: accepts {count}{reasons}")
            return 0
        checked = _run(tree, run, Baseline(source, entries, tree.is_whole), world)
        setting = world.settings.users_overruling
        if setting and any(path.endswith(RECIPIENTS_FILE) for path in (*tree.files(), *tree.links())):
            world.messages.warn(not_by_check(setting))
    answer(rendered(checked, output_format, run.policy))
    world.messages.warn(*checked.warnings)
    for line in (*changes(checked), *checked.approvers_changed, *new_exceptions(checked)):
        world.messages.say(line)
    world.messages.say(summary(checked))
    if (checked.findings or checked.warnings) and tree.root != working_folder():
        world.messages.say(f"paths are told from {tree.root}")
    if checked.findings and output_format == "text":
        world.messages.say("`eyamlgpg explain RULE` tells more")
    raise_all([*errors, *checked.errors])
    failing = [finding for finding in checked.findings if run.policy.fails(finding.severity)]
    return refuse(failing, world.environ, staged=options["staged"])


def _fixed(paths: tuple[Path, ...], options: Mapping[str, Any], world: World) -> list[EyamlgpgError]:
    """Encrypt what is found in clear text; what is wrong with files that could not be changed."""
    from eyamlgpg.cli.commands.check_fix import Fixing

    with opened(paths, staged=False, world=world) as tree, ExitStack() as stack:
        settings = TreeSettings(tree)
        run = _run_by(tree, settings, options, world, stack)
        named, entries = _baseline(settings, options["baseline_file"], world, must_exist=True)
        source = BASELINE_FILE if named is None else str(named)
        checked = _run(tree, run, Baseline(source, entries, tree.is_whole), world)
        return Fixing(tree.root, world).run(checked.findings)


def _run(tree: "IndexTree | WorkingTree", run: "_Run", baseline: Baseline, world: World) -> CheckReport:
    lists = TreeLists(tree, world.files, _other_list(tree, world))
    governance = Governance(lists, run.resolver, run.puppetmasters)
    return Check(tree, governance, baseline, _terms(tree, run)).run()


def _other_list(tree: Tree, world: World) -> str | None:
    """The list that an option or a config file names: from the root of the tree, absolute where it stands outside."""
    file = world.settings.recipients_file
    if file is None:
        return None
    place, root = real(file), real(tree.root)
    return place.relative_to(root).as_posix() if place.is_relative_to(root) else str(place)


@dataclass(frozen=True)
class _Run:
    """By what a tree is judged."""

    resolver: Resolver
    policy: Policy
    roster: Roster
    approvers: Approvers | None

    @property
    def puppetmasters(self) -> frozenset[Fingerprint]:
        return frozenset(self.policy.puppetmasters.values())


def _run_by(
    tree: "IndexTree | WorkingTree", settings: TreeSettings, options: Mapping[str, Any], world: World, stack: ExitStack
) -> _Run:
    policy = settings.policy or Policy(POLICY.as_posix())
    approvers = approvers_of(tree, policy, options, world, stack)
    return _Run(_resolver(tree, options["keyring"], world, stack), policy, settings.roster, approvers)


def _resolver(tree: Tree, keyring: str, world: World, stack: ExitStack) -> Resolver:
    """By which keys readers are judged; the GnuPG home is asked for only where something is encrypted."""
    if keyring == "gnupg":
        return world.resolver

    def stored() -> Sequence[Key]:
        keys = repository_keys(tree)
        ring = GnupgKeyring(Session(stack.enter_context(homedir.throwaway(world.environ)), world.environ))
        ring.import_keys(b"".join(keys.contents))
        world.messages.warn(*keys.warnings)
        count = counted(len(keys.contents), "key")
        world.messages.say(f"readers are judged by the {count} of .eyamlgpg/keys alone; validity is not judged")
        return ring.keys()

    return Resolver(stored, world.now, always_trust=True, keys_in=KEYS.as_posix())


def _terms(tree: Tree, run: _Run) -> Terms:
    is_next = isinstance(tree, IndexTree)
    names = NamePolicy(run.policy.clear_text)
    return Terms(names, run.policy, is_next_commit=is_next, roster=run.roster, approvers=run.approvers)


def _baseline(
    settings: TreeSettings, named: Path | None, world: World, *, must_exist: bool
) -> tuple[Path | None, tuple[Accepted, ...]]:
    """The baseline that was named, and the entries; without a name it is the tree's, and need not be there."""
    if named is None:
        return None, settings.accepted
    if not world.files.exists(named):
        if must_exist:
            raise FileProblem(f"{named}: there is no such baseline", "make it: add --update-baseline")
        return named, ()
    return named, baseline.parse(decode(world.files.read(named, limit=BASELINE)), str(named))


def _baseline_before(tree: "IndexTree | WorkingTree", named: Path | None, world: World) -> Standing:
    """Where the baseline is written, and its content, None where it is to be made."""
    # A name is of the user's working directory; our own place must not be led out of the tree by a link.
    path = links.real(tree.root, BASELINE_FILE) if named is None else named.absolute()
    if named is not None and not is_folder(named.absolute().parent):
        raise FileProblem(f"{named}: there is no folder {named.parent}", f"mkdir -p {shlex.quote(str(named.parent))}")
    content = world.files.read(path) if world.files.exists(path) else None
    return Standing(path, content, is_own=named is None)
