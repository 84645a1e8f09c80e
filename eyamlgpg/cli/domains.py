"""What the recipients files of the tree around the working directory govern."""

from eyamlgpg.cli.world import World
from eyamlgpg.errors import raise_all
from eyamlgpg.formats.recipients_file import RECIPIENTS_FILE
from eyamlgpg.host.named import find_named
from eyamlgpg.operations.governed import Domain, domains
from eyamlgpg.operations.selection import select


def domains_of(world: World) -> tuple[Domain, ...]:
    """Each recipients file with the values that it decides about; raises what cannot be read."""
    selection = select([world.root], world.trees, world.files)
    world.messages.warn(*selection.warnings)
    raise_all(selection.errors)
    paths = [*find_named(world.root, RECIPIENTS_FILE), *(file.path for file in selection.files)]
    return domains(world.root, world.near_root, paths, world.files)
