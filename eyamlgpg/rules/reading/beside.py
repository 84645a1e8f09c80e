"""Names that stand beside their values: `{name: DB_PASSWORD, value: …}`, as lists of variables have them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from eyamlgpg.detectors.names import NAMING, VALUES
from eyamlgpg.formats.yaml.structure import Located, Structure

_IDENTIFIER = re.compile(r"[\w.:/-]{1,200}")

_Parent = tuple[int, tuple[str | int, ...]]
"""A document and a path in it."""


@dataclass(frozen=True, slots=True)
class Beside:
    """The names in the entries of a file, by the path of the entry."""

    names: Mapping[_Parent, tuple[str, ...]]

    def of(self, node: Located) -> tuple[str, ...]:
        """The names beside a node that is called `value` or alike; none of any other."""
        if not self.names or node.path is None or not node.path.segments or node.path.segments[-1] not in VALUES:
            return ()
        return self.names.get((node.document, node.path.segments[:-1]), ())


def names_beside(structure: Structure) -> Beside:
    """The names of a file's entries, in one pass; a name that is a sentence names no setting.

    Of two entries with one key the last counts, as for Puppet.
    """
    names: dict[_Parent, dict[str | int, str]] = {}
    for scalar in structure.scalars:
        if scalar.is_key or scalar.path is None or not scalar.path.segments:
            continue
        if scalar.path.segments[-1] in NAMING and _IDENTIFIER.fullmatch(scalar.value):
            parent = scalar.document, scalar.path.segments[:-1]
            names.setdefault(parent, {})[scalar.path.segments[-1]] = scalar.value
    return Beside({parent: tuple(dict.fromkeys(found.values())) for parent, found in names.items()})
