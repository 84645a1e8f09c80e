"""What counts as Hiera data: by its own name, or by that of a link to it, since Puppet goes by the link's."""

from collections.abc import Mapping, Sequence

from eyamlgpg.formats.settings.baseline import BASELINE_FILE
from eyamlgpg.operations.tree.settings import PEOPLE, POLICY
from eyamlgpg.operations.tree_ports import Tree

ENDINGS = (".eyaml", ".yaml", ".yml")

OURS = ".eyamlgpg/"
"""What stands there is for us, and no Hiera data."""

SETTINGS = (POLICY.as_posix(), PEOPLE.as_posix(), BASELINE_FILE)
"""What is no Hiera data even where it is named, as the pre-commit framework names every file of a commit."""


def has_ending(path: str) -> bool:
    """Whether a name ends as that of a YAML file, in small letters or capitals."""
    return path.lower().endswith(ENDINGS)


def is_data(path: str) -> bool:
    """Whether a file or a link has a name of Hiera data, in a place for it."""
    return has_ending(path) and not path.startswith(OURS)


def data_links(tree: Tree) -> Mapping[str, Sequence[str]]:
    """The links with a name of Hiera data, by the file that they lead to, whatever that is called."""
    found: dict[str, list[str]] = {}
    for link, place in tree.links().items():
        if place is not None and is_data(link):
            found.setdefault(place, []).append(link)
    return found
