"""Files that wait for the signature of an approver: how many, the command that signs them, and who may."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from eyamlgpg.cli.world import World
from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.model.approval import Approval
from eyamlgpg.model.keys import Fingerprint
from eyamlgpg.operations.approvals.signers import names_of
from eyamlgpg.operations.approvals.targets import targets
from eyamlgpg.operations.paths import short_path
from eyamlgpg.render.words import counted
from eyamlgpg.rules.rule import argument

MOST_NAMED = 4
"""Files in a command that somebody may copy."""


def awaited(bad: Sequence[Approval], total: int, approvers: Collection[Fingerprint], world: World) -> Iterator[str]:
    """What is to be done about files that no approver signed as they are."""
    names = [argument(short_path(world.root / one.path, world.working)) for one in bad]
    command = " ".join(["eyamlgpg recipients sign", *(names if len(names) <= MOST_NAMED else [])])
    yield f"{counted(len(bad), 'file')} of {total} not approved; an approver looks and signs: {command}"
    yield f"approvers: {names_of(approvers, world.keyring.keys())}"


def awaited_in_tree(root: Path, world: World) -> Iterator[str]:
    """The same of a whole tree; nothing where nobody must sign, or where all is signed."""
    try:
        standing = world.approvals.of_tree(root)
    except EyamlgpgError as error:
        yield f"signatures of lists were not looked at: {error.sentence}"
        return
    if standing is None:
        return
    chosen = targets((), root, world.trees, world.files)
    judged = [standing.of(one.relative_to(root).as_posix()) for one in chosen]
    bad = [one for one in judged if not one.is_good]
    if bad:
        yield from (f"{one.path}: {one.problem}" for one in bad[:MOST_NAMED])
        yield from awaited(bad, len(judged), standing.terms.approvers, world)
