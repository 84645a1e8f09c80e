"""What the recipients files of the tree around the working directory govern."""

from collections.abc import Collection
from pathlib import Path

from eyamlgpg.cli.world import World
from eyamlgpg.errors import raise_all
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.host.named import find_named
from eyamlgpg.host.paths import real, working_folder
from eyamlgpg.model.findings import Finding
from eyamlgpg.operations.tier_rules import policy_findings, read_policy
from eyamlgpg.operations.tree.governed import Domain, domains
from eyamlgpg.operations.tree.selection import select


def domains_of(world: World) -> tuple[Domain, ...]:
    """Each recipients file with the values that it decides about; raises what cannot be read."""
    selection = select([world.root], world.trees, world.files)
    world.messages.warn(*selection.warnings)
    raise_all(selection.errors)
    paths = [*find_named(world.root, RECIPIENTS_FILE), *(file.path for file in selection.files)]
    return domains(world.root, real(working_folder()), paths, world.files)


def tier_rules_broken_by(files: Collection[Path], world: World) -> tuple[Finding, ...]:
    """What the policy of the tree has against these recipients files; nothing where there is no policy."""
    policy = read_policy(world.near_root, world.bounded)
    if policy is None:
        return ()
    known = domains_of(world)
    chosen = [domain for domain in known if domain.path in files]
    return policy_findings(
        policy, chosen, world.recipients_request, world.keyring, whole_tree=len(chosen) == len(known)
    )
