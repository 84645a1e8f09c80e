"""Nodes of a YAML file as Ruby takes them: `:name` is a symbol, an alias is its node, `<<` brings entries in."""

from collections.abc import Iterator
from dataclasses import dataclass

from eyamlgpg.formats.yaml.structure import MERGE_KEY, Mapping, Node, Scalar, Sequence, Structure


@dataclass(frozen=True, slots=True)
class Field:
    """An entry of a mapping: the line of its key, and its value with aliases resolved."""

    line: int
    node: Mapping | Sequence | Scalar


class RubyYaml:
    """Reads the nodes of one structure."""

    def __init__(self, structure: Structure) -> None:
        self._structure = structure

    def fields(self, node: Node | None) -> dict[str, Field]:
        """The entries of a mapping by their names without the colon of a symbol; none of anything else."""
        if node is None:
            return {}
        found = self._structure.target(node)
        if not isinstance(found, Mapping):
            return {}
        merged: dict[str, Field] = {}
        own: dict[str, Field] = {}
        for key, value in found.entries:
            name = self._structure.target(key)
            if not isinstance(name, Scalar):
                continue
            if name.value == MERGE_KEY:
                merged |= {inner: one for inner, one in self._merged(value) if inner not in merged}
            else:
                own[name.value.removeprefix(":")] = Field(key.line, self._structure.target(value))
        return merged | own

    def _merged(self, node: Node) -> Iterator[tuple[str, Field]]:
        """One level of merges, as hiera.yaml files use them."""
        target = self._structure.target(node)
        for one in target.nodes if isinstance(target, Sequence) else (target,):
            mapping = self._structure.target(one)
            if isinstance(mapping, Mapping):
                for key, value in mapping.entries:
                    name = self._structure.target(key)
                    if isinstance(name, Scalar) and name.value != MERGE_KEY:
                        yield name.value.removeprefix(":"), Field(key.line, self._structure.target(value))

    def items(self, node: Node | None) -> tuple[Mapping | Sequence | Scalar, ...]:
        """The items of a list, or one that stands alone; none of an empty value."""
        if node is None:
            return ()
        found = self._structure.target(node)
        if isinstance(found, Sequence):
            return tuple(map(self._structure.target, found.nodes))
        return () if isinstance(found, Scalar) and not found.value and not found.style else (found,)

    def text(self, node: Node | None) -> str | None:
        """A text that is not empty; None for anything else."""
        found = None if node is None else self._structure.target(node)
        return found.value if isinstance(found, Scalar) and found.value else None

    def texts(self, node: Node | None) -> tuple[tuple[str, int], ...]:
        """One text or several, each with its line."""
        return tuple((item.value, item.line) for item in self.items(node) if isinstance(item, Scalar) and item.value)
