"""How far the lists of the tree around the working directory reach."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from eyamlgpg.cli.sources import folder_around, require_there
from eyamlgpg.cli.world import World
from eyamlgpg.errors import FileProblem, raise_all
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.host.paths import is_file, is_folder, real
from eyamlgpg.model.findings import Finding
from eyamlgpg.operations.tree.extent import Extent, extents
from eyamlgpg.operations.tree.selection import select_files
from eyamlgpg.rules.tiers import GovernedFiles, tier_findings


def extents_of(world: World) -> tuple[Extent, ...]:
    """Each list with the values that it decides about; raises what cannot be read."""
    selection = select_files([world.root], world.trees, world.files)
    world.messages.warn(*selection.warnings)
    raise_all(selection.errors)
    lists = world.trees.named(world.root, RECIPIENTS_FILE)
    data = (file.path for file in selection.files)
    return extents(world.root, lists, data, world.list_governance, world.files)


def lists_at(path: Path, world: World) -> Sequence[Path]:
    """The list that governs a path, and for a folder all below it; FileProblem where there is none."""
    require_there(path)
    found = list(_governing(path, world))
    if is_folder(path):
        found += world.trees.named(real(path), RECIPIENTS_FILE)
    if not found:
        raise FileProblem(f"{path}: there is no {RECIPIENTS_FILE} in it, above it or below it")
    return found


def _governing(path: Path, world: World) -> Iterator[Path]:
    if is_file(path) and path.name.endswith(".recipients"):
        yield path.absolute()
        return
    governing = world.settings.recipients_file or world.files.nearest_upwards(folder_around(path), RECIPIENTS_FILE)
    if governing is not None:
        yield governing


def tier_rules_broken_by(files: Collection[Path], world: World) -> tuple[Finding, ...]:
    """What the policy of the tree has against these lists; nothing where there is no policy."""
    policy = world.tree_settings.policy
    if policy is None:
        return ()
    known = extents_of(world)
    chosen = [one for one in known if one.path in files]
    governed = [GovernedFiles(one.governed.source, one.place, one.governed.resolutions, one.files) for one in chosen]
    return tuple(tier_findings(policy, governed, whole_tree=len(chosen) == len(known)))
